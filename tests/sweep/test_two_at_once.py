"""Sweeps that run at once, and one that is killed between batches, do everything exactly once."""

import json
import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from complaints.models import Complaint, Event
from complaints.models.complaint import Conflict
from complaints.services import handling
from complaints.services.change import NotPossible
from complaints.states import State
from escalation.holding import sweep_on
from escalation.ladder import sweep as sweep_module
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.ladder.visit import Visit
from escalation.sweep import SweepResult, run_sweep, sweep_all
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.shared import PATIENCE
from tests.soundness import what_is_broken
from tests.sweep.test_ends_by_itself import answer_due, shared_and_asked

LATE = FRIDAY + 60 * DAY
CASES = 24


@pytest.fixture
def due_cases(transactional_db: None) -> list[Complaint]:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    return [factories.in_progress(subject=f"Kasus {n}") for n in range(CASES)]


def sweep_when_all_are_ready(barrier: Barrier) -> SweepResult:
    try:
        barrier.wait(timeout=PATIENCE)
        return run_sweep(LATE, batch=3)
    finally:
        connection.close()


def waits_for_the_disk() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return bool(cursor.fetchone() == ("on",))


def everything_happened_once() -> None:
    assert Escalation.objects.count() == CASES
    assert Event.objects.filter(kind=LadderEvent.ESCALATED).count() == CASES
    assert not what_is_broken()
    assert run_sweep(LATE).due == 0


@pytest.mark.parametrize("sweeps", [2, 5])
def test_sweeps_at_once_escalate_each_case_exactly_once(due_cases: list[Complaint], sweeps: int) -> None:
    barrier = Barrier(sweeps)
    with ThreadPoolExecutor(sweeps) as pool:
        results = list(pool.map(sweep_when_all_are_ready, [barrier] * sweeps))
    assert sum(result.failed for result in results) == 0
    # What one left to another, the next one does.
    run_sweep(LATE)
    everything_happened_once()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_a_second_worker_does_what_the_first_does_not_hold(
    due_cases: list[Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    good_store, others = sweep_module._store, list[Future[SweepResult]]()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")

    def second() -> SweepResult:
        try:
            return sweep_on(LATE)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:

        def store(visits: list[Visit]) -> None:
            if not others:  # the first has worked its batch out, and holds it
                others.append(other.submit(second))
                others[0].result(timeout=PATIENCE)
            assert not waits_for_the_disk()
            good_store(visits)

        monkeypatch.setattr(sweep_module, "_store", store)
        first = run_sweep(LATE, batch=8)
    assert (first.due, others[0].result().due) == (8, CASES - 8)
    assert waits_for_the_disk()  # whatever else is written
    everything_happened_once()


class Killed(BaseException):
    """What a kill looks like from inside: nothing below catches it."""


@pytest.mark.parametrize("after", [1, 2, 5])
def test_a_sweep_killed_between_batches_loses_and_doubles_nothing(
    due_cases: list[Complaint], after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    good_store, stored = sweep_module._store, []

    def store(visits: list[Visit]) -> None:
        good_store(visits)
        stored.append(len(visits))
        if len(stored) == after:
            raise Killed  # written, not committed

    with monkeypatch.context() as patch:
        patch.setattr(sweep_module, "_store", store)
        with pytest.raises(Killed):
            run_sweep(LATE, batch=4)
    assert Escalation.objects.count() == 4 * (after - 1)
    run_sweep(LATE, batch=4)
    everything_happened_once()


SWEEP_ALL = """
import json, sys, django
django.setup()
from escalation import sweep
sweep.BATCH = 5
print(json.dumps(sweep.sweep_all(sweep.datetime.fromisoformat(sys.argv[1])).as_dict()))
"""


def test_a_great_backlog_is_shared_by_processes(due_cases: list[Complaint]) -> None:
    database = connection.settings_dict
    if connection.vendor != "postgresql":
        assert sweep_all(LATE).escalated == CASES  # one writer: no processes
        return everything_happened_once()
    connection.close()
    host, port = database["HOST"], database["PORT"] or 5432
    place = f"/{host}" if host.startswith("/") else f"{host}:{port}"  # a socket's folder, or an address
    url = f"postgres://{database['USER']}@{place}/{database['NAME']}"
    told = subprocess.check_output(
        [sys.executable, "-c", SWEEP_ALL, LATE.isoformat()],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        text=True,
    )
    result = json.loads(told)
    assert (result["due"], result["escalated"], result["failed"]) == (CASES, CASES, 0)
    return everything_happened_once()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_a_part_that_is_answered_while_its_whole_runs_out_waits_and_is_told(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, part = shared_and_asked()
    officer = factories.officer_of(part)
    handling.accept(part.pk, actor=officer, now=FRIDAY, handler=officer)
    run_sweep(answer_due(whole) - HOUR)  # what the part had missed by then: the next sweep does not hold it
    good_store, answers = sweep_module._store, list[Future[None]]()

    def answer() -> None:
        try:
            handling.resolve(part.pk, actor=officer, now=FRIDAY, answer="Sudah ditambal.")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:

        def store(visits: list[Visit]) -> None:
            if not answers:
                answers.append(other.submit(answer))
            good_store(visits)

        monkeypatch.setattr(sweep_module, "_store", store)
        result = run_sweep(answer_due(whole))
        with pytest.raises((NotPossible, Conflict)):
            answers[0].result(timeout=PATIENCE)
    whole.refresh_from_db()
    part.refresh_from_db()
    assert (result.failed, whole.state, part.state) == (0, State.LAPSED, State.WITHDRAWN)
    assert not what_is_broken()


@pytest.mark.parametrize("sweeps", [2, 4])
def test_a_part_due_with_its_whole_ends_once_however_many_sweep(transactional_db: None, sweeps: int) -> None:
    pairs = [shared_and_asked() for _ in range(3)]
    barrier = Barrier(sweeps)
    with ThreadPoolExecutor(sweeps) as pool:
        results = list(pool.map(sweep_when_all_are_ready, [barrier] * sweeps))
    run_sweep(LATE)
    assert sum(result.failed for result in results) == 0
    for whole, part in pairs:
        whole.refresh_from_db()
        part.refresh_from_db()
        assert (whole.state, part.state) == (State.LAPSED, State.WITHDRAWN)
    assert not what_is_broken()
