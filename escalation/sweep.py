"""Does whatever has fallen due: cases first, then what agencies owe, then what people said.

A great backlog is swept by several processes at once; what one holds, the other skips.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from multiprocessing import get_context
from time import perf_counter

from django.db import connection, connections
from django.db.models import Exists

from complaints.models import Complaint
from complaints.registry import Registry
from escalation.ladder.models import LadderState
from escalation.ladder.sweep import BATCH, Visited, sweep_cases
from escalation.promises.sweep import sweep_obligations
from escalation.promises.sweep import waiting as waiting_obligations
from escalation.promises.telling import not_told, tell_effects
from escalation.voices.minutes import sweep_minutes
from escalation.voices.sweep import sweep_inputs
from escalation.voices.sweep import waiting as waiting_inputs
from surveys.forums.meetings.models.minutes import Minutes
from surveys.standards.services import follow as follow_standards

MOST_PROCESSES = 4


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
    rooms = {
        "owed": waiting_obligations(now),
        "inputs": waiting_inputs(now),
        "minutes": [Minutes.objects.needing_action(now)],
        "effects": [not_told(now)],
    }
    asked = {
        f"{name}_{n}": Exists(rows.order_by()) for name, some in rooms.items() for n, rows in enumerate(some)
    }
    # The one row that is there once a sweep has been.
    found = LadderState.objects.annotate(**asked).values_list(*asked).first()
    if found is None:
        return set(rooms)
    return {name.partition("_")[0] for name, is_there in zip(asked, found, strict=True) if is_there}


def sweep_all(now: datetime) -> SweepResult:
    """One sweep; on PostgreSQL, with more due than two batches, a process for each processor up to MOST_PROCESSES.

    Not for a process with threads: it forks. SQLite has one writer, so there it would only wait.
    """
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if processes == 1 or connection.vendor != "postgresql" or not _is_much(now):
        return run_sweep(now)
    started = perf_counter()
    connections.close_all()  # a connection cannot be shared with a child
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        results = list(pool.map(run_sweep, [now] * processes))
    total = SweepResult(
        **{name: sum(getattr(result, name) for result in results) for name in asdict(SweepResult())}
    )
    total.seconds = perf_counter() - started
    return total


def _is_much(now: datetime) -> bool:
    due = Complaint.objects.needing_action(now).values_list("pk", flat=True)
    return len(due[: 2 * BATCH]) == 2 * BATCH
