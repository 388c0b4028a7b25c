"""The public pages of the history: signed heads, the key, and the file that checks them. They set no cookie."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from complaints.clock.city_time import day_of
from complaints.history.untold import UNTOLD
from complaints.ledger.entries import is_daily, sentence_of
from complaints.ledger.proofs import as_file, consistency_between
from complaints.ledger.signing import published_keys
from complaints.ledger.standing import GAP, acknowledged
from complaints.ledger.tree import latest_head
from complaints.models import Head, Leaf, LedgerEntry
from complaints.paging import BadCursor, Cursor, Order, page_of

SHOWN, ENTRIES = 24, 100
IN_FILE = 1000  # heads in one answer of heads.txt: six weeks
NEWEST = Order("at", newest_first=True)
MOST_DIGITS = 18  # of a number of events
PLAIN = "text/plain; charset=utf-8"


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """What the history is, for citizens; its latest head and those before it; how to check it."""
    text = request.GET.get("page", "")
    try:
        cursor = Cursor.decode(text) if text else None
    except BadCursor:
        raise Http404 from None
    page = page_of(Head.objects.all(), NEWEST, cursor, SHOWN)
    latest = latest_head()
    entries, older = _entries(latest, request.GET.get("entries", ""))
    context = {
        "latest": latest,
        "is_sent": bool(settings.LEDGER_MAIL_TO),
        "keys": published_keys().split(),
        "entries": _lines(entries),
        "older_entries_url": f"?entries={older}#entries" if older else "",
        "newer_entries_url": "?#entries" if "entries" in request.GET else "",
        "has_gap": LedgerEntry.objects.filter(kind=GAP).exists(),
        "untold": list(UNTOLD),
        "rows": [_row(head, latest) for head in page.rows],
        "next_url": f"?page={page.next}" if page.next else "",
        "previous_url": f"?page={page.previous}" if page.previous else "",
    }
    return render(request, "complaints/public/ledger.html", context)


def _entries(latest: Head | None, below: str) -> tuple[list[LedgerEntry], int]:
    """The newest entries, or the next ones below a place, and where those before them go on; 0 for nowhere.

    What no signature covers yet is not shown: it may be what nobody is to know before (escalation/audits/drawing.py).
    """
    signed = Leaf.objects.filter(event=None, index__lt=latest.size if latest else 0)
    before = signed.order_by("-seq").values_list("seq", flat=True).first() or 0
    entries = LedgerEntry.objects.filter(seq__lte=before).order_by("-seq")
    if below:
        entries = entries.filter(seq__lt=_number(below))
    found = list(entries[: ENTRIES + 1])
    return found[:ENTRIES], found[ENTRIES - 1].seq if len(found) > ENTRIES else 0


def _lines(entries: list[LedgerEntry]) -> list[tuple[LedgerEntry, list[str], bool]]:
    """An entry, what it and those of the same minute say, and whether it stands for all of its kind on that day."""
    lines: list[tuple[LedgerEntry, list[str], bool]] = []
    said = set()
    for entry in entries:
        daily, sentence = is_daily(entry), sentence_of(entry)
        day = (entry.kind, day_of(entry.at))
        if lines and not daily and not lines[-1][2] and _minute(entry) == _minute(lines[-1][0]):
            lines[-1][1].append(sentence)
        elif not daily or day not in said:
            lines.append((entry, [sentence], daily))
        said.add(day)
    return lines


def _minute(entry: LedgerEntry) -> datetime:
    return entry.at.replace(second=0, microsecond=0)


def _row(head: Head, latest: Head | None) -> dict[str, Any]:
    """A line of the list; an older head leads to what ties it to the latest."""
    consistency_url = ""
    if latest and 0 < head.size < latest.size:
        path = reverse("complaints:ledger-consistency")
        consistency_url = f"{path}?first={head.size}&second={latest.size}"
    return {"head": head, "consistency_url": consistency_url}


@require_safe
def heads_file(request: HttpRequest) -> HttpResponse:
    """The newest heads, newest first; `?below=SIZE` goes on with those before that one."""
    heads = Head.objects.order_by("-size")
    below = request.GET.get("below", "")
    if below:
        heads = heads.filter(size__lt=_number(below))
    return HttpResponse("\n".join(heads.values_list("note", flat=True)[:IN_FILE]), content_type=PLAIN)


@require_safe
def gaps_file(request: HttpRequest) -> HttpResponse:
    """The signed notes of what was lost in restores, the newest first; empty where nothing was."""
    return HttpResponse("\n".join(note for note, _gap in acknowledged()), content_type=PLAIN)


@require_safe
def head(request: HttpRequest, size: int) -> HttpResponse:
    """One head, as it was signed."""
    return HttpResponse(get_object_or_404(Head, size=size).note, content_type=PLAIN)


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """That the history under one head begins with that under an older one."""
    try:
        content = consistency_between(_number(request.GET.get("first")), _number(request.GET.get("second")))
    except Head.DoesNotExist:
        raise Http404 from None
    except ValueError as error:
        raise BadRequest("first and second are the sizes of two heads, the older one first") from error
    return HttpResponse(as_file(content), content_type="application/json")


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The key in use, and on further lines those before it."""
    return HttpResponse(published_keys(), content_type=PLAIN)


@require_safe
def verify_script(request: HttpRequest) -> HttpResponse:
    """The one file that checks everything here without this site."""
    response = HttpResponse(verify_source(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="tuntas_verify.py"'
    return response


def verify_source() -> bytes:
    return (settings.BASE_DIR / "docs" / "verify" / "tuntas_verify.py").read_bytes()


def _number(text: str | None) -> int:
    """The size of a tree; 400 for anything else."""
    if not text or len(text) > MOST_DIGITS or not (text.isascii() and text.isdecimal()):
        raise BadRequest("not a number of events")
    return int(text)
