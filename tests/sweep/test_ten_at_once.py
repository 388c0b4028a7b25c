"""Ten sweeps at once, round after round, escalate everything exactly once."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from complaints.models import Complaint, Event
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.sweep import SweepResult, run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.readers import staff_messages
from tests.shared import PATIENCE
from tests.soundness import what_is_broken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# SQLite lets one write at a time: more rounds show nothing more there.
SWEEPS, ROUNDS, CASES = 10, 30 if connection.vendor == "postgresql" else 10, 2
LATE = FRIDAY + 60 * DAY


def sweep_each_round(start: Barrier, end: Barrier) -> SweepResult:
    total = SweepResult()
    try:
        for _ in range(ROUNDS):
            start.wait(timeout=PATIENCE)
            result = run_sweep(LATE, batch=1)
            total.escalated += result.escalated
            total.failed += result.failed
            end.wait(timeout=PATIENCE)
    finally:
        connection.close()
    return total


@contextmanager
def ten_sweeps() -> Iterator[tuple[Barrier, Barrier, list[Future[SweepResult]]]]:
    start, end = Barrier(SWEEPS + 1), Barrier(SWEEPS + 1)
    with ThreadPoolExecutor(SWEEPS) as pool:
        running = [pool.submit(sweep_each_round, start, end) for _ in range(SWEEPS)]
        try:
            yield start, end, running
        except BaseException:
            start.abort()
            end.abort()
            raise


def test_ten_sweeps_at_once_round_after_round_escalate_everything_exactly_once() -> None:
    # A missed target and, of the second of each round's cases, a repetition of the unit.
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    repeated = EscalationRule.objects.create(
        trigger=Trigger.REPEATED, level=2, amount=CASES, within_days=30, valid_from=date(2018, 1, 1)
    )
    head = factories.make_user("agency_head")
    with ten_sweeps() as (start, end, running):
        for number in range(ROUNDS):
            category = factories.make_category(f"hal-{number}")
            for _ in range(CASES):
                factories.in_progress(category=category)
            start.wait(timeout=PATIENCE)
            end.wait(timeout=PATIENCE)
        results = [future.result() for future in running]
    expected = ROUNDS * (CASES + 1)
    assert sum(result.failed for result in results) == 0
    assert sum(result.escalated for result in results) == expected
    assert Escalation.objects.count() == expected
    assert Escalation.objects.filter(rule=repeated).count() == ROUNDS
    assert Event.objects.filter(kind=LadderEvent.ESCALATED).count() == expected
    assert staff_messages(template="escalation", user=head).count() == ROUNDS * CASES
    assert not Complaint.objects.exclude(sweep_error="").exists()
    assert not what_is_broken()
    assert run_sweep(LATE).due == 0
