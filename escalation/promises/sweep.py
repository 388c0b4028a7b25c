"""The sweep's part for what agencies owe: it reminds before the day, climbs after it, and reminds supervisors of
what waits for their judgement.

It reads one indexed column. Each row is one transaction, begun by a conditional update of the moment that was
read: two sweeps at once do it once, one that dies half-way has lost nothing, one that was not run for weeks goes
on from where it stood, a level at a time, so that nobody is passed over.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Seat
from complaints.ledger.recording import Recorder, recording
from escalation.days import PATIENCE, over_at
from escalation.ladder.models import Level
from escalation.promises import people
from escalation.promises.messages import PromiseMessage
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.obligation import Obligation, StepKind
from escalation.promises.models.proposal import Proposal
from escalation.promises.models.recommendation import Recommendation
from escalation.promises.services import obligations
from escalation.promises.services.commitments import people_of
from escalation.promises.services.proposals import not_looked_at, of_annulled_rounds, open_due

logger = logging.getLogger(__name__)
BATCH = 200
SET_ASIDE = timedelta(hours=1)
Owing = Callable[[Any, datetime], list[User]]  # who owes a row


@dataclass
class ObligationCounts:
    """How many of each fell due and were dealt with."""

    recommendations: int = 0
    commitments: int = 0
    proposals: int = 0


def waiting(now: datetime) -> list[Any]:
    """What it would look at, as rows that are there or not."""
    owed = (Recommendation, Commitment, Proposal)
    return [*(model.objects.needing_action(now) for model in owed), of_annulled_rounds(), not_looked_at()]


def sweep_obligations(now: datetime, *, batch: int = BATCH) -> ObligationCounts:
    """Visits everything owed whose `next_action_at` has come."""
    return ObligationCounts(
        recommendations=_sweep(
            Recommendation, PromiseMessage.RECOMMENDATION_DUE, people.agency_heads_of, now, batch
        ),
        commitments=_sweep(Commitment, PromiseMessage.COMMITMENT_DUE, people_of, now, batch),
        proposals=open_due(now)
        + _sweep(Proposal, PromiseMessage.PROPOSAL, people.agency_heads_of, now, batch),
    )


def _sweep(model: Any, template: PromiseMessage, owing: Owing, now: datetime, batch: int) -> int:
    done, due = 0, model.objects.needing_action(now)
    while due.exists():  # mostly nothing is: asked as cheaply as can be
        rows = list(due.select_related("agency")[:batch])
        taken = sum(_visit(row, template, owing, now) for row in rows)
        if not taken:
            break  # another sweep does what is left
        done += taken
    return done


def _visit(row: Any, template: PromiseMessage, owing: Owing, now: datetime) -> bool:
    """Does what has fallen due for one row; False when another sweep or a person was quicker."""
    try:
        with recording(actor=None, now=now) as record:
            return _act(record, row, template, owing, now)
    except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest
        logger.error("owed: row set aside (%s)", type(error).__name__)
        name = type(error).__name__[:200]
        with recording(actor=None, now=now) as record:
            type(row).objects.filter(pk=row.pk).update(next_action_at=now + SET_ASIDE, sweep_error=name)
            record.changed(row, "next_action_at")
        return True


def _act(record: Recorder, row: Any, template: PromiseMessage, owing: Owing, now: datetime) -> bool:
    if row.state == row.TO_JUDGE:
        if not _take(record, row, next_action_at=None):
            return False
        obligations.add_step(record, row, StepKind.WAITING, actor=None, now=now)
        obligations.tell(people.supervisors(row, now), template, row, "waiting", now=now)
    elif now < over_at(row.due_on):
        if not _take(record, row, next_action_at=over_at(row.due_on)):
            return False
        obligations.add_step(record, row, StepKind.REMINDED, actor=None, now=now)
        obligations.tell(owing(row, now), template, row, "reminder", now=now)
    else:
        level = min(row.level + 1, Level.OMBUDSMAN)
        if not _take(
            record, row, next_action_at=now + PATIENCE if level < Level.OMBUDSMAN else None, level=level
        ):
            return False
        told = _rung(row, level, owing, now)
        nobody: dict[str, Any] = {} if told else {"told": 0}
        obligations.add_step(record, row, StepKind.RAISED, actor=None, now=now, level=int(level), **nobody)
        obligations.tell(told, template, row, "overdue", now=now)
    return True


def _take(record: Recorder, row: Any, **values: Any) -> bool:
    """The conditional update that lets one of several sweeps, or a person, win."""
    as_read = type(row).objects.filter(pk=row.pk, state=row.state, next_action_at=row.next_action_at)
    if not as_read.update(sweep_error="", **values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    record.changed(row, *values)
    return True


def _rung(row: Obligation, level: int, owing: Owing, now: datetime) -> list[User]:
    """Who is told on this level: those who owe it; then the agency above and the inspectorate; the ombudsman."""
    if level <= Level.AGENCY_HEAD:
        return owing(row, now) or people.supervisors(row, now)
    if level == Level.INSPECTORATE:
        return [*people.agency_heads_above(row, now), *people.supervisors(row, now, Seat.INSPECTORATE)]
    return people.supervisors(row, now, Seat.OMBUDSMAN)
