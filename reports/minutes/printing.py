"""Prints published minutes: found, not queued, by a worker; the text, who was there, who signed, and the signed head of
the history under which it stands."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import translation

from complaints import leases
from complaints.clock.dates import moment_words
from complaints.files import keeping
from complaints.files.object_store import StoreAway
from complaints.ledger.tree import latest_head
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
    free = leases.free(now, LEASE)
    waiting = MinutesPaper.objects.filter(free, state=PaperState.WAITING, due_at__lte=now)
    return sum(
        _print_one(pk, now)
        for pk in list(waiting.order_by("due_at", "id").values_list("pk", flat=True)[:AT_ONCE])
    )


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
    try:
        content = minutes_pdf(paper.minutes, now)
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
    done = {"sha256": digest, "size": len(content), "built_at": now, "last_error": ""}
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


def minutes_pdf(minutes: Minutes, now: datetime) -> bytes:
    """The tagged PDF. Altered when the text is not what was signed; RenderFailed."""
    if changed_since_signing(minutes):
        raise Altered
    with translation.override(LANGUAGE):
        context = context_of(minutes)
    city = settings.CITY
    colours = {"primary": city.primary, "accent": city.accent, "ochre": city.ochre}
    identifier = sha256(f"{context['digest']}:{context['root']}".encode()).hexdigest()[:32]
    return make_pdf(Page("reports/minutes.html", context, LANGUAGE, colours, identifier))


def _clipped(row: Objection) -> dict[str, str]:
    said = {"text": clip(row.text), "answer": clip(row.answer)}
    shown = {name: f"{words} […]" if is_cut else words for name, (words, is_cut) in said.items()}
    return {"pseudonym": row.pseudonym, **shown}


def context_of(minutes: Minutes) -> dict[str, Any]:
    """What is printed, with texts in the reader's language and moments in words."""
    version, counts, head = minutes.latest, present(minutes), latest_head()
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
