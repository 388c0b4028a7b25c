"""The sweep's part for inputs: it reminds before the day, climbs after it, tells the top each week while one is late;
and it tells those who took part when the report that came of their words has ended.

It reads one indexed column. Each row is one transaction, begun by a conditional update of what was read: two sweeps
at once do it once, and one that dies half-way has lost nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from complaints.clock.calendars import calendar_for
from complaints.ledger.recording import recording
from complaints.mail.drafting import draft_message, store_messages
from complaints.roster import OMBUDSMAN, Roster
from escalation.voices.messages import InputMessage
from escalation.voices.people import Lies, place_of, roster_for
from surveys.forums.inputs.models import StepKind
from surveys.forums.inputs.services.steps import add_step
from surveys.forums.inputs.services.telling import tell_step
from surveys.forums.models import ForumInput, InputState

logger = logging.getLogger(__name__)
BATCH = 200
SET_ASIDE = timedelta(hours=1)
# From one level to the next, and on the last again and again.
WEEK = timedelta(days=7)


@dataclass
class InputCounts:
    """How many visits did something."""

    inputs: int = 0


def waiting(now: datetime) -> list[Any]:
    """What it would look at, as rows that are there or not."""
    return [ForumInput.objects.needing_action(now), ForumInput.objects.cases_ended()]


def sweep_inputs(now: datetime, *, batch: int = BATCH) -> InputCounts:
    """Visits every input whose `next_action_at` has come, oldest first, then tells of reports that ended."""
    counts, due = InputCounts(), ForumInput.objects.needing_action(now)
    while due.exists():
        rows = list(due.select_related("forum", "agency")[:batch])
        roster = roster_for([row.pk for row in rows], now)
        taken = sum(_visit(row, roster, now) for row in rows)
        counts.inputs += taken
        if not taken:
            break  # another sweep does what is left
    _tell_of_cases(now, batch)
    return counts


def _visit(row: ForumInput, roster: Roster, now: datetime) -> bool:
    """Does what has fallen due for one; False when another sweep or a person was quicker."""
    try:
        with transaction.atomic():
            return _act(row, roster, now)
    except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest
        logger.error("inputs: row set aside (%s)", type(error).__name__)
        name = type(error).__name__[:200]
        waiting = ForumInput.objects.waiting().filter(pk=row.pk)
        with recording(actor=None, now=now) as record:
            if waiting.update(next_action_at=now + SET_ASIDE, sweep_error=name):
                record.changed(row, "next_action_at")
                return True
        return False


def _act(row: ForumInput, roster: Roster, now: datetime) -> bool:
    assert row.due_at is not None
    lies, read = place_of(row), row.next_action_at
    if now < row.due_at:
        if not _take(row, next_action_at=row.due_at):
            return False
        add_step(StepKind.REMINDED, row=row, actor=None, now=now, changed=[(row, "next_action_at")])
        _tell(roster.workers(lies), row, "reminder", 0, read, now)
        return True
    what, level = ("still", OMBUDSMAN) if row.level >= OMBUDSMAN else ("overdue", row.level + 1)
    if not _take(row, next_action_at=now + WEEK, level=level):
        return False
    written = [(row, "next_action_at", "level")]
    add_step(StepKind.RAISED, row=row, actor=None, now=now, changed=written, level=level)
    _tell(roster.level(level, lies), row, what, level, read, now)
    _tell(_below(roster, lies, level), row, what, 0, read, now)
    return True


def _below(roster: Roster, lies: Lies, level: int) -> list[User]:
    """Those whose work it is hear it too, but who hears it on the level already."""
    above = roster.level(level, lies)
    return [user for user in roster.workers(lies) if user not in above]


def _take(row: ForumInput, **values: Any) -> bool:
    """The conditional update that lets one of several sweeps, or a person, win."""
    as_read = ForumInput.objects.filter(
        pk=row.pk, state=InputState.WAITING, next_action_at=row.next_action_at, level=row.level
    )
    return bool(as_read.update(sweep_error="", **values))


def _tell(
    users: list[User], row: ForumInput, what: str, level: int, read: datetime | None, now: datetime
) -> None:
    """A line in the digest of each, when the office opens. One for each visit, known by the moment it was due."""
    _calendar, hours = calendar_for(place_of(row).agency_id)
    data = {"number": row.number, "what": what, "level": level}
    cause = f"{row.number}:{what}:{level}:{read.isoformat() if read else ''}"
    at = hours.next_opening(now)
    store_messages(
        [
            draft_message(InputMessage.DUE, case=None, cause=cause, due_at=at, user=user, data=data)
            for user in users
        ]
    )


def _tell_of_cases(now: datetime, batch: int) -> None:
    keys: list[int] = []
    while rows := list(
        ForumInput.objects.cases_ended()
        .exclude(pk__in=keys)
        .select_related("complaint")
        .order_by("pk")[:batch]
    ):
        for row in rows:
            keys.append(row.pk)
            with transaction.atomic():
                still = ForumInput.objects.filter(pk=row.pk, case_told_at=row.case_told_at)
                if still.update(case_told_at=now) and row.complaint is not None:
                    case = row.complaint.number
                    told = [(row, "case_told_at")]
                    step = add_step(
                        StepKind.CASE_ENDED, row=row, actor=None, now=now, changed=told, case=case
                    )
                    tell_step(step, [row.pk], now)
