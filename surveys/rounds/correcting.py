"""A slip that was mistyped is typed again: the new answer counts in the place of the old one, which stays. That it
happened is on record, and how often stands beside every count (docs/decisions/0058-slips-corrected.md)."""

import re
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from complaints.ledger.entries import write_entry
from surveys.rounds.entries import RoundEntry
from surveys.rounds.models import Response, Round
from surveys.rounds.services import check_right
from surveys.rounds.storing import Given, Stored, store_instead


def slip_number(text: str) -> str:
    """One spelling of the number of a slip: a-007, A-7 and " A-7" are the same sheet of paper."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"\s+", " ", text.strip().upper()))


def answer_of(row: Round, slip: str) -> Response | None:
    """The one that counts."""
    here = Response.objects.counting().exclude(slip="").filter(round=row, slip=slip)
    found: Response | None = here.select_related("words").first()
    return found


def correct(row: Round, of: Response, given: Given, *, actor: Actor, now: datetime) -> Stored:
    """Round.DoesNotExist out of scope, NotAllowed without the right; NOT_LAST where somebody was quicker."""
    Round.objects.visible_to(actor).get(pk=row.pk)
    check_right(actor, row.agency)
    with transaction.atomic():
        stored = store_instead(row, given, of, now=now)
        if stored is Stored.NEW:
            write_entry(RoundEntry.CORRECTED, actor=actor, now=now, data={"round": row.code})
    return stored
