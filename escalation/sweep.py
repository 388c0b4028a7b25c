"""Does whatever has fallen due: cases first, then what agencies owe, then what people said.

A great backlog is swept by several processes at once; what one holds, the other skips.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import reduce
from multiprocessing import get_context
from operator import or_
from time import perf_counter
from typing import Any

from django.db import connection, connections
from django.db.models import BooleanField, Exists, ExpressionWrapper, Q, QuerySet

from complaints.database.kept_statements import values_of
from complaints.models import Complaint
from complaints.registry import Registry
from escalation.ladder.models import LadderState
from escalation.ladder.sweep import BATCH, Visited, sweep_cases
from escalation.promises.effect_figures import SHORTEST
from escalation.promises.sweep import sweep_obligations
from escalation.promises.sweep import waiting as waiting_obligations
from escalation.promises.telling import not_told, tell_effects
from escalation.voices.minutes import sweep_minutes
from escalation.voices.sweep import sweep_inputs
from escalation.voices.sweep import waiting as waiting_inputs
from surveys.forums.meetings.models.minutes import Minutes
from surveys.standards.services import follow as follow_standards

MOST_PROCESSES = 4
ROOMS = ("owed", "inputs", "minutes", "effects")


@dataclass(frozen=True)
class FurtherSweep:
    """What an app above has to be swept: does what is due, and returns how many rows that were."""

    code: str
    run: Callable[[datetime], int]


FURTHER_SWEEPS: Registry[FurtherSweep] = Registry()


@dataclass
class SweepResult(Visited):
    """What one sweep found and did; the keys of `manage.py sweep --json`."""

    recommendations: int = 0
    commitments: int = 0
    proposals: int = 0
    inputs: int = 0
    minutes: int = 0
    further: int = 0  # of apps above
    seconds: float = 0.0

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def run_sweep(now: datetime, *, batch: int = BATCH) -> SweepResult:
    """One sweep in this process."""
    started, result = perf_counter(), SweepResult()
    sweep_cases(now, result, batch=batch)
    follow_standards(None, now)
    work = _work(now)
    if "owed" in work:
        owed = sweep_obligations(now)
        result.recommendations, result.commitments = owed.recommendations, owed.commitments
        result.proposals = owed.proposals
    if "inputs" in work:
        result.inputs = sweep_inputs(now).inputs
    if "minutes" in work:
        result.minutes = sweep_minutes(now)
    result.further = sum(each.run(now) for each in FURTHER_SWEEPS)
    if "effects" in work:
        tell_effects(now)
    result.seconds = perf_counter() - started
    return result


def _work(now: datetime) -> set[str]:
    """The rooms that have something to look at: one question for all of them, since mostly none has."""
    moments, others = _moments(now), _moments(now + timedelta(days=400))
    found = values_of("work of the sweep", moments, others, _rooms)
    if not found:
        return set(ROOMS)
    return {name for name, is_there in zip(ROOMS, found[0], strict=True) if is_there}


def _moments(now: datetime) -> tuple[datetime, datetime]:
    """All by which the question of one sweep differs from that of another."""
    return now, now - timedelta(days=SHORTEST)


def _rooms(moments: tuple[datetime, datetime]) -> QuerySet[Any]:
    now, _earlier = moments
    looked_at: tuple[Iterable[QuerySet[Any]], ...] = (
        waiting_obligations(now),
        waiting_inputs(now),
        [Minutes.objects.needing_action(now)],
        [not_told(now)],
    )
    is_there = {
        name: ExpressionWrapper(reduce(or_, (Q(Exists(rows.order_by())) for rows in some)), BooleanField())
        for name, some in zip(ROOMS, looked_at, strict=True)
    }
    # The one row that is there once a sweep has been.
    return LadderState.objects.annotate(**is_there).order_by("pk").values_list(*ROOMS)[:1]


def sweep_all(now: datetime) -> SweepResult:
    """One sweep; on PostgreSQL, with more due than two batches, a process for each processor up to MOST_PROCESSES.

    Not for a process with threads: it forks. SQLite has one writer, so there it would only wait.
    """
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if processes == 1 or connection.vendor != "postgresql" or not _is_much(now):
        return run_sweep(now)
    started = perf_counter()
    connections.close_all()  # a connection cannot be shared with a child
    with ProcessPoolExecutor(processes - 1, mp_context=get_context("fork")) as pool:
        others = [pool.submit(run_sweep, now) for _ in range(processes - 1)]
        results = [run_sweep(now), *(other.result() for other in others)]
    total = SweepResult(
        **{name: sum(getattr(result, name) for result in results) for name in asdict(SweepResult())}
    )
    total.seconds = perf_counter() - started
    return total


def _is_much(now: datetime) -> bool:
    due = Complaint.objects.needing_action(now).values_list("pk", flat=True)
    return len(due[: 2 * BATCH]) == 2 * BATCH
