"""The worker: one bad job does not keep the others from running, and it ends when it is told to."""

import logging
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from config.worker import JOBS, Job, Worker
from tests.shared import PATIENCE

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent


class Interrupt(BaseException):
    """What some libraries raise past `except Exception`."""


def raising(error):
    def run(now):
        raise error

    return run


def counting(calls, name, found=0):
    def run(now):
        calls.append((name, now))
        return found

    return run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [ValueError("secret-word"), RecursionError(), Interrupt("secret-word")])
def test_a_job_that_raises_is_logged_by_type_and_place_and_the_next_one_runs(caplog, error):
    calls: list[Any] = []
    jobs = [Job("bad", 2, raising(error)), Job("good", 2, counting(calls, "good"))]
    with caplog.at_level(logging.ERROR):
        Worker(jobs, clock=lambda: NOON).run_due(0)
    assert calls == [("good", NOON)]
    assert f"job bad failed ({type(error).__name__} at " in caplog.text
    assert "secret-word" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_it_can_still_be_interrupted_by_a_person():
    with pytest.raises(KeyboardInterrupt):
        Worker([Job("bad", 2, raising(KeyboardInterrupt()))]).run_due(0)


@pytest.mark.django_db(transaction=True)
def test_each_job_comes_round_in_its_own_time():
    calls: list[Any] = []
    jobs = [Job("often", 2, counting(calls, "often")), Job("seldom", 60, counting(calls, "seldom"))]
    worker = Worker(jobs, clock=lambda: NOON)
    for second in range(61):
        worker.run_due(second)
    names = [name for name, _ in calls]
    assert (names.count("often"), names.count("seldom")) == (31, 2)


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_is_tried_less_and_less_often_until_it_works_again():
    calls: list[int] = []
    broken = [True]

    def run(now):
        calls.append(len(calls))
        if broken[0]:
            raise OSError
        return 0

    worker = Worker([Job("mail", 2, run)], clock=lambda: NOON)
    tried = []
    for second in range(2000):
        before = len(calls)
        worker.run_due(second)
        if len(calls) > before:
            tried.append(second)
    assert tried[:5] == [0, 4, 12, 28, 60]
    assert max(b - a for a, b in pairwise(tried)) == 300
    broken[0] = False
    worker.run_due(5000)
    worker.run_due(5002)
    assert len(calls) == len(tried) + 2


def test_no_job_is_forgotten():
    assert {job.name for job in JOBS} >= {
        "outbox",
        "invitations",
        "sweep",
        "deadlines",
        "documents",
        "pictures",
        "file garbage",
        "sessions",
    }


def test_what_ends_with_a_period_is_counted_before_its_report():
    places = {job.name: place for place, job in enumerate(JOBS)}
    assert places["survey rounds"] < places["survey results"] < places["call-backs"] < places["reports"]


@pytest.mark.django_db(transaction=True)
def test_each_job_finds_nothing_to_do_in_a_new_installation():
    worker = Worker()
    assert [job.name for job in worker.jobs if not worker.run_job(job)] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_when_told_to(tmp_path, number):
    """A real process, told while it waits and while a job hangs."""
    script = tmp_path / "hanging.py"
    script.write_text(
        "import os, sys, threading\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import django; django.setup()\n"
        "from config.worker import Job, Worker\n"
        "def hang(now):\n"
        "    print('hanging', flush=True)\n"
        "    threading.Event().wait()\n"
        "worker = Worker([Job('hang', 1, hang)])\n"
        "worker.stop_on_signals()\n"
        "worker.run()\n"
    )
    environment = os.environ | {"DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "hanging\n"
            process.send_signal(number)
            assert process.wait(timeout=PATIENCE) == 0
        finally:
            process.kill()
