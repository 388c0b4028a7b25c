"""Carries out orders to work out deadlines anew: case by case, resumable, each case with its own event."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Agency, User
from complaints import leases
from complaints.clock.deadlines import Clockwork
from complaints.models import Clock, Complaint, DeadlineMove, Pause
from complaints.models.complaint import Complaints, Conflict
from complaints.services import system

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
BATCH = 200
PREVIEWED = 500
TRIES = 3  # a case that somebody else changes at the same moment is read again


def order_move(*, reason: str, agency: Agency | None, by: User | None, now: datetime) -> DeadlineMove:
    """Writes the order; the worker, or `move_deadlines`, carries it out."""
    return DeadlineMove.objects.create(reason=reason[:300], agency=agency, asked_by=by, asked_at=now)


def concerned(agency: Agency | None) -> Complaints:
    """Open cases whose clocks run by the calendar of `agency`; all of them without one."""
    cases = Complaint.objects.visible_to(None).open().filter(is_live=True)
    if agency is None:
        return cases
    clocks = Clock.objects.filter(complaint=OuterRef("pk"), stopped_at=None, calendar__agency=agency)
    return cases.filter(Q(agency=agency) | Exists(clocks))


def preview(agency: Agency | None, now: datetime) -> tuple[int, int, int]:
    """How many of the first PREVIEWED cases concerned would move: (moving, looked at, concerned). Writes nothing."""
    cases = concerned(agency)
    first = list(cases.order_by("pk")[:PREVIEWED])
    clocks: dict[int, list[Clock]] = defaultdict(list)
    pauses: dict[int, list[Pause]] = defaultdict(list)
    keys = [case.pk for case in first]
    for clock in Clock.objects.filter(complaint__in=keys, stopped_at=None).select_related("calendar"):
        clocks[clock.complaint_id].append(clock)
    for pause in Pause.objects.filter(complaint__in=keys):
        pauses[pause.complaint_id].append(pause)
    moving = sum(bool(Clockwork(case, clocks[case.pk], pauses[case.pk]).move(now)) for case in first)
    return moving, len(first), cases.count() if len(first) == PREVIEWED else len(first)


def work_moves(now: datetime, batch: int = BATCH) -> int:
    """One batch of the oldest unfinished order; returns how many cases it looked at."""
    free = leases.free(now, LEASE)
    move = DeadlineMove.objects.filter(free, finished_at=None).order_by("pk").first()
    if move is None:
        return 0
    claimed = DeadlineMove.objects.filter(free, pk=move.pk, finished_at=None, after=move.after)
    if not claimed.update(leased_until=now + LEASE):
        return 0
    keys = list(
        concerned(move.agency).filter(pk__gt=move.after).order_by("pk").values_list("pk", flat=True)[:batch]
    )
    for pk in keys:
        moved, failed = _move_one(pk, move, now)
        DeadlineMove.objects.filter(pk=move.pk).update(
            after=pk, seen=F("seen") + 1, moved=F("moved") + int(moved), failed=F("failed") + int(failed)
        )
    finished_at = now if len(keys) < batch else None
    DeadlineMove.objects.filter(pk=move.pk).update(leased_until=None, finished_at=finished_at)
    return len(keys)


def _move_one(pk: int, move: DeadlineMove, now: datetime) -> tuple[bool, bool]:
    """Whether the case's deadlines moved, and whether it had to be left as it is."""
    for _ in range(TRIES):
        try:
            return bool(system.move_deadlines(pk, by=move.asked_by, now=now, reason=move.reason)), False
        except Conflict:
            continue
        except Exception as error:  # noqa: BLE001 - one bad case must not stop the rest
            logger.error("deadlines of a case not moved (%s)", type(error).__name__)
            return False, True
    return False, True
