"""The clock of the machine jumps: whatever goes by time waits until the clocks agree, and the city is told."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from complaints.models import Message
from config import clocks
from config import worker as worker_module
from config.clock_guard import DIFFERS, JUMPED, TOLERANCE, Reading, disagreement, reckoned
from config.worker import JOBS, Job, Worker
from escalation.ladder.models import Hold
from tests import factories

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
FIRST = Reading(NOON, 100.0)


@pytest.mark.parametrize(
    ("wall", "database", "said"),
    [
        (timedelta(0), None, ""),
        (9 * MINUTE, None, ""),
        (-9 * MINUTE, None, ""),
        (11 * MINUTE, None, JUMPED),
        (-11 * MINUTE, None, JUMPED),
        (60 * DAY, None, JUMPED),
        (timedelta(0), 9 * MINUTE, ""),
        (timedelta(0), 11 * MINUTE, DIFFERS),
        (timedelta(0), -11 * MINUTE, DIFFERS),
        (60 * DAY, 60 * DAY, JUMPED),
    ],
)
def test_the_clocks_are_held_against_each_other(
    wall: timedelta, database: timedelta | None, said: str
) -> None:
    later = NOON + MINUTE
    reading = Reading(later + wall, 160.0, None if database is None else later + database)
    assert disagreement(FIRST, reading) == said


@given(st.floats(0, 1e9), st.floats(-1e8, 1e8))
def test_it_depends_on_how_far_they_went_apart_and_on_nothing_else(passed: float, jump: float) -> None:
    reading = Reading(NOON + passed * SECOND + jump * SECOND, 100.0 + passed)
    if abs(abs(jump) - TOLERANCE.total_seconds()) > 1:
        assert bool(disagreement(FIRST, reading)) == (abs(jump) > TOLERANCE.total_seconds())
    assert abs(reckoned(FIRST, reading) - (NOON + passed * SECOND)) < SECOND


def test_the_time_is_reckoned_from_the_database_where_there_is_one_elsewhere() -> None:
    reading = Reading(NOON + 60 * DAY, 160.0, NOON + 2 * MINUTE)
    assert reckoned(FIRST, reading) == NOON + 2 * MINUTE


class Machine:
    """Clocks that a test turns."""

    def __init__(self) -> None:
        self.wall, self.ticks = NOON, 0.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds * SECOND
        self.ticks += seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


def worker_on(machine: Machine, jobs: list[Job]) -> Worker:
    return Worker(jobs, clock=lambda: machine.wall, ticks=lambda: machine.ticks)


def noting(ran: list[datetime]) -> Callable[[datetime], int]:
    def run(now: datetime) -> int:
        ran.append(now)
        return 0

    return run


def health() -> Any:
    return Client().get("/health/").json()


@pytest.mark.django_db(transaction=True)
def test_a_worker_waits_while_its_clock_is_wrong_and_goes_on_when_it_is_right(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    factories.make_user(Role.ADMINISTRATOR, email="admin@tuntas.test", language="en")
    ran: list[datetime] = []
    by_time = Job("by time", 2, noting(ran))
    worker = worker_on(machine, [by_time, next(job for job in JOBS if job.name == "outbox")])
    worker.run_due(0)
    assert ran == [NOON]
    assert health() == {"ok": True}

    machine.passes(2)
    machine.wall += 60 * DAY
    with caplog.at_level(logging.INFO):
        worker.run_due(2)
        machine.passes(2)
        worker.run_due(4)
    assert ran == [NOON]
    assert caplog.text.count("the clocks disagree (clock_jumped)") == 1
    assert health() == {"ok": False, "reason": "clock_jumped"}
    (letter,) = mail.outbox  # once, and although mails wait
    assert letter.to == ["admin@tuntas.test"]
    message = Message.objects.get(template="held")
    assert message.sent_at == NOON + 2 * SECOND  # by the time that it really is

    machine.wall -= 60 * DAY
    machine.passes(2)
    with caplog.at_level(logging.INFO):
        worker.run_due(6)
    assert ran == [NOON, NOON + 6 * SECOND]
    assert "agree again" in caplog.text
    assert health() == {"ok": True}


@pytest.mark.django_db(transaction=True)
def test_other_mails_wait_while_the_clocks_disagree(machine: Machine) -> None:
    case = factories.file_complaint(email="ani@tuntas.test", now=NOON - DAY)
    worker = worker_on(machine, [next(job for job in JOBS if job.name == "outbox")])
    machine.wall -= DAY / 2
    worker.run_due(0)
    assert mail.outbox == []
    assert Message.objects.get(complaint=case).attempts == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_starts_anew_takes_the_mark_of_the_one_before_it_away(machine: Machine) -> None:
    jobs = [Job("any", 2, lambda now: 0)]
    worker = worker_on(machine, jobs)
    machine.wall += DAY
    worker.run_due(0)
    Hold.objects.create(code=JUMPED, place="another host", since=NOON)
    assert Hold.objects.count() == 2
    worker_on(machine, jobs).run_due(0)
    assert Hold.objects.get().place == "another host"


@pytest.mark.django_db(transaction=True)
def test_a_database_on_another_host_is_asked_for_its_time(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[datetime] = []
    worker = worker_on(machine, [Job("by time", 2, noting(ran))])
    monkeypatch.setattr(clocks, "database_now", lambda: NOON - DAY)
    worker.run_due(0)
    assert ran == []
    assert health() == {"ok": False, "reason": DIFFERS}
    assert Hold.objects.get().since == NOON - DAY
    monkeypatch.setattr(clocks, "database_now", lambda: machine.wall)
    worker.run_due(2)
    assert ran == [NOON]


@pytest.mark.django_db
def test_the_database_of_this_host_is_not_asked() -> None:
    assert clocks.database_now() is None


@pytest.mark.parametrize(
    ("host", "elsewhere"),
    [
        *((here, False) for here in ("", "/run/postgresql", "localhost", "127.0.0.1", "::1")),
        *((there, True) for there in ("db.example.go.id", "10.0.0.5")),
    ],
)
def test_which_database_is_on_another_host(host: str, elsewhere: bool) -> None:
    assert clocks.is_elsewhere(host) == elsewhere


def test_what_goes_on_meanwhile_is_only_what_was_asked_for() -> None:
    assert {job.name for job in JOBS if job.while_held is not None} == {"outbox", "what if"}


@pytest.mark.django_db(transaction=True)
def test_an_alarm_that_cannot_be_written_does_not_let_the_jobs_run(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: Any, **options: Any) -> None:
        raise OperationalError

    ran: list[datetime] = []
    worker = worker_on(machine, [Job("by time", 2, noting(ran))])
    monkeypatch.setattr(worker_module, "hold", away)
    machine.wall += DAY
    worker.run_due(0)
    assert ran == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("moment", "waiting"),
    [
        (
            NOON + 60 * DAY,
            {
                "sweep",
                "call-backs",
                "officers' months",
                "reports",
                "public statistics",
                "survey rounds",
                "after reports",
                "survey days",
                "file garbage",
                "old drafts",
                "old looks",
                "old documents",
                "old imports",
                "sessions",
            },
        ),
        (
            NOON - DAY,
            {
                "sweep",
                "heavy files",
                "home figures",
                "imports",
                "oversight sums",
                "service records",
                "deadlines",
                "closed agencies",
                "history",
                "audits",
                "call-backs",
                "officers' months",
                "reports",
                "signed reports",
                "signs",
                "statistics",
                "public statistics",
                "survey rounds",
                "survey days",
                "survey results",
                "after reports",
                "file garbage",
                "old drafts",
                "old looks",
                "old documents",
                "old imports",
                "sessions",
            },
        ),
        (NOON + DAY, set()),
    ],
)
def test_a_worker_that_starts_with_a_wrong_clock_neither_dates_nor_deletes(
    machine: Machine, moment: datetime, waiting: set[str]
) -> None:
    worker_on(machine, list(JOBS)).run_due(0)
    ran: list[str] = []

    def named(job: Job) -> Job:
        def run(now: datetime) -> int:
            ran.append(job.name)
            return 0

        return replace(job, run=run)

    machine.wall = moment
    worker_on(machine, [named(job) for job in JOBS]).run_due(0)
    assert {job.name for job in JOBS} - set(ran) == waiting
