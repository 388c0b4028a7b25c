"""Prints published minutes: found, not queued, by a worker; the text, who was there, who signed, and the signed head of
the history under which it stands."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils import translation

from complaints import leases
from complaints.clock.dates import moment_words
from complaints.files import keeping
from complaints.files.object_store import StoreAway
from complaints.ledger.tree import latest_head
from complaints.models import Head
from reports.figures.tables import iso
from reports.minutes.models import MinutesPaper, PaperState
from reports.pages.case_file import clip
from reports.pages.pdf import Page, make_pdf
from surveys.forums.meetings.models.minutes import Minutes, Objection
from surveys.forums.meetings.models.people import Group
from surveys.forums.meetings.text import changed_since_signing, digest_of, present

logger = logging.getLogger(__name__)
LANGUAGE = "id"  # of the official text
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 3
BACKOFF = timedelta(minutes=2)  # doubled at each attempt
AT_ONCE = 1  # mail and sweep wait for no more than one


class Altered(Exception):
    """The text is not what was signed: it is not printed as if it were."""


def print_minutes(now: datetime) -> int:
    """Prints what was published and has no paper yet; returns how many."""
    for row in Minutes.objects.public().filter(paper=None)[:50]:
        MinutesPaper.objects.get_or_create(minutes=row, defaults={"due_at": now})
    take_out_words(now)
    free = leases.free(now, LEASE)
    waiting = MinutesPaper.objects.filter(free, state=PaperState.WAITING, due_at__lte=now)
    return sum(
        _print_one(pk, now)
        for pk in list(waiting.order_by("due_at", "id").values_list("pk", flat=True)[:AT_ONCE])
    )


def take_out_words(now: datetime) -> int:
    """Words of an objection, or the name with it, that were taken out since the paper was printed: it is not handed out
    any more, and printed once more without them. How many."""
    objections = "minutes__objections"
    said = Count(objections, filter=~Q(**{f"{objections}__text": ""}))
    named = Count(objections, filter=~Q(**{f"{objections}__pseudonym": ""}))
    gone = Q(shown=None) & Q(pk__in=MinutesPaper.objects.filter(minutes__objections__text="").values("pk"))
    rows = MinutesPaper.objects.filter(state=PaperState.READY).annotate(stand=said + named)
    stale = rows.filter(gone | Q(shown__isnull=False) & ~Q(shown=F("stand")))
    return print_anew(MinutesPaper.objects.filter(pk__in=list(stale.values_list("pk", flat=True))), now)


def print_anew(papers: "QuerySet[MinutesPaper]", now: datetime) -> int:
    """Has the worker print them as if for the first time: what is signed is their text, not the file."""
    waits = {
        "state": PaperState.WAITING,
        "due_at": now,
        "attempts": 0,
        "leased_until": None,
        "last_error": "",
    }
    return papers.filter(state=PaperState.READY).update(**waits)


def shown_in(minutes: Minutes) -> int:
    """How many words and names of objections stand in its paper."""
    rows = minutes.objections.values_list("text", "pseudonym")
    return sum(bool(each) for row in rows for each in row)


def _print_one(pk: int, now: datetime) -> bool:
    """Claims the row, counting the attempt first: one that kills its process is given up in the end too."""
    free = leases.free(now, LEASE)
    rows = MinutesPaper.objects.filter(free, pk=pk, state=PaperState.WAITING)
    if not rows.update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    paper = MinutesPaper.objects.select_related("minutes__forum__agency").get(pk=pk)
    if paper.attempts > MAX_ATTEMPTS:
        _fail(paper, now, "gave up")
        return False
    shown = shown_in(paper.minutes)  # before it is printed: what is taken out meanwhile is seen next time
    try:
        content = minutes_pdf(paper.minutes, latest_head())
    except Exception as error:
        _fail(paper, now, type(error).__name__)
        logger.exception("minutes %d could not be printed", pk)
        return False
    mine = MinutesPaper.objects.filter(pk=pk, leased_until=paper.leased_until)
    try:
        digest = keeping.put_bytes(content, paper.stored)
    except StoreAway as error:
        logger.error("minutes %d wait: %s", pk, error)
        leases.give_back(mine, due_at=now + BACKOFF)
        return False
    done = {"sha256": digest, "size": len(content), "built_at": now, "last_error": "", "shown": shown}
    mine.update(state=PaperState.READY, leased_until=None, **done)
    return True


def _fail(paper: MinutesPaper, now: datetime, why: str) -> None:
    over = paper.attempts >= MAX_ATTEMPTS
    MinutesPaper.objects.filter(pk=paper.pk, leased_until=paper.leased_until).update(
        state=PaperState.FAILED if over else PaperState.WAITING,
        due_at=now + BACKOFF * 2 ** (paper.attempts - 1),
        leased_until=None,
        last_error=why[:200],
    )


def minutes_pdf(minutes: Minutes, head: Head | None) -> bytes:
    """The tagged PDF, naming this head of the history. Altered when the text is not what was signed; RenderFailed."""
    if changed_since_signing(minutes):
        raise Altered
    with translation.override(LANGUAGE):
        context = context_of(minutes, head)
    city = settings.CITY
    colours = {"primary": city.primary, "accent": city.accent, "ochre": city.ochre}
    identifier = sha256(f"{context['digest']}:{context['root']}".encode()).hexdigest()[:32]
    return make_pdf(Page("reports/minutes.html", context, LANGUAGE, colours, identifier))


def _clipped(row: Objection) -> dict[str, str]:
    said = {"text": clip(row.text), "answer": clip(row.answer)}
    shown = {name: f"{words} […]" if is_cut else words for name, (words, is_cut) in said.items()}
    return {"pseudonym": row.pseudonym, **shown}


def context_of(minutes: Minutes, head: Head | None) -> dict[str, Any]:
    """What is printed, with texts in the reader's language and moments in words."""
    version, counts = minutes.latest, present(minutes)
    assert version is not None
    forum = minutes.forum
    summary, is_cut = clip(version.summary)
    return {
        "language": translation.get_language(),
        "government": settings.CITY.government,
        "forum": forum,
        "held": moment_words(forum.starts_at),
        "until": moment_words(forum.ends_at, "H:i"),
        "agenda": [line for line in forum.agenda.split("\n") if line.strip()],
        "version": version,
        "summary": summary,
        "is_cut": is_cut,
        "agreements": version.agreements.select_related("agency", "service", "finding").order_by("position"),
        "present": [(group.label, counts.get(group.value, 0)) for group in Group],
        "total": sum(counts.values()),
        "objections": [_clipped(row) for row in minutes.objections.order_by("pk")],
        "signatures": [(row, moment_words(row.at)) for row in minutes.signatures.order_by("side")],
        "digest": digest_of(minutes, version),
        "published": moment_words(minutes.published_at) if minutes.published_at else "",
        "published_iso": iso(minutes.published_at) if minutes.published_at else "",
        "size": head.size if head else 0,
        "root": head.root_base64 if head else "",
    }
