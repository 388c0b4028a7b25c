"""`/health/worker/` tells in time what stands still, and nothing else."""

import logging
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.roles import Role
from complaints.ledger.checkpoints import make_checkpoint
from complaints.mail.outbox import send_due
from complaints.models import Message
from config import clocks
from config.backup.naming import name_of
from config.logs import QuietFormatter
from config.watch import watched
from escalation.holding import hold, sweep_on
from escalation.ladder.models import HoldCode, LadderState
from reports.documents.models import Document
from tests import factories
from tests.factories import FRIDAY, HOUR

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def swept(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_DIR = tmp_path
    LadderState.objects.update_or_create(defaults={"fingerprint": ""})
    sweep_on(FRIDAY)


def asked(at: Any) -> tuple[int, dict[str, Any]]:
    with time_machine.travel(at, tick=False):
        answer = Client().get("/health/worker/")
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    return answer.status_code, answer.json()


def late(at: Any) -> set[str]:
    status, said = asked(at)
    found = {name for name, check in said["checks"].items() if not check["ok"]}
    assert (status, said["ok"]) == ((503, False) if found else (200, True))
    return found


def test_a_worker_in_time_is_well() -> None:
    status, said = asked(FRIDAY + MINUTE)
    assert (status, said["ok"]) == (200, True)
    assert said["checks"]["last_sweep"] == {"ok": True, "seconds": 60, "limit": 900}


def test_each_thing_that_stands_still_is_named_once_its_limit_is_over() -> None:
    assert late(FRIDAY + 15 * MINUTE) == set()
    assert late(FRIDAY + 16 * MINUTE) == {"last_sweep"}
    officer = factories.make_user("officer", factories.make_agency("PUPR"))
    case = factories.file_complaint(email="ani@warga.test", now=FRIDAY)
    assert Message.objects.filter(sent_at=None, dropped_at=None).exists()
    assert late(FRIDAY + 31 * MINUTE) == {"last_sweep", "oldest_mail"}
    Message.objects.update(sent_at=FRIDAY)
    fields = {"kind": Document.Kind.CASE_FILE, "complaint": case, "requested_by": officer}
    Document.objects.create(**fields, requested_at=FRIDAY, due_at=FRIDAY)
    assert late(FRIDAY + 31 * MINUTE) == {"last_sweep", "oldest_paper"}
    Document.objects.all().delete()
    assert late(FRIDAY + 121 * MINUTE) == {"last_sweep", "unsigned_history"}
    make_checkpoint(FRIDAY + 121 * MINUTE)
    sweep_on(FRIDAY + 121 * MINUTE)
    Message.objects.update(sent_at=FRIDAY)
    assert late(FRIDAY + 121 * MINUTE) == set()
    assert late(FRIDAY + 130 * MINUTE) == set()  # hours without an event need no head


def test_a_city_on_the_net_must_have_a_young_copy(settings: Settings, tmp_path: Path) -> None:
    assert late(FRIDAY) == set()
    settings.HTTPS = True
    assert late(FRIDAY) == {"last_backup"}
    (tmp_path / name_of("kupang", FRIDAY - 26 * HOUR)).mkdir()
    assert late(FRIDAY) == set()
    assert late(FRIDAY + MINUTE) == {"last_backup"}
    (tmp_path / name_of("kupang", FRIDAY + 9999 * HOUR)).mkdir()  # by a clock that ran ahead
    assert late(FRIDAY + MINUTE) == {"last_backup"}


def test_a_city_that_was_never_swept_is_late() -> None:
    LadderState.objects.update(swept_at=None)
    assert late(FRIDAY) == {"last_sweep"}


def test_the_database_of_another_host_has_another_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "database_now", lambda: FRIDAY + 2 * MINUTE)
    assert late(FRIDAY) == {"clock"}
    monkeypatch.setattr(clocks, "database_now", lambda: FRIDAY - 30 * timedelta(seconds=1))
    assert late(FRIDAY) == set()


def test_a_worker_that_waits_for_a_person_is_not_well() -> None:
    hold(HoldCode.CATCH_UP, FRIDAY)
    status, said = asked(FRIDAY)
    assert (status, said["ok"], said["reason"]) == (503, False, "catch_up")


def test_it_tells_strangers_ages_and_nothing_else() -> None:
    case = factories.file_complaint(email="ani@warga.test", now=FRIDAY)
    _status, said = asked(FRIDAY)
    assert set(said) == {"ok", "checks"} and case.number not in str(said)
    for check in said["checks"].values():
        assert set(check) == {"ok", "seconds", "limit"}
    assert {each.code for each in watched(FRIDAY)} == set(said["checks"])


def test_a_database_that_is_away_is_a_503(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from config import views

    def away(now: Any) -> Any:
        raise OperationalError

    monkeypatch.setattr(views, "watched", away)
    answer = Client().get("/health/worker/")
    assert (answer.status_code, answer.json()) == (503, {"ok": False})


def test_a_night_that_failed_is_told_to_each_administrator_once() -> None:
    first, second = (factories.make_user(Role.ADMINISTRATOR, email=f"{name}@kupang.example") for name in "ab")
    factories.make_user(Role.ADMINISTRATOR, is_active=False)
    factories.make_user(Role.VERIFIER)
    for _night in range(2):
        call_command("tell_failure")
    send_due(timezone.now())
    assert sorted(each.to[0] for each in mail.outbox) == [first.email, second.email]
    assert "journalctl -u 'tuntas-backup@*'" in mail.outbox[0].body
    unit = (Path(django_settings.BASE_DIR) / "docs/deploy/tuntas-backup@.service").read_text()
    assert "OnFailure=tuntas-failed@%i.service" in unit


@pytest.mark.parametrize("fails", ["backup", "verify_ledger", "check_integrity", ""])
def test_of_a_night_each_check_runs_and_none_that_failed_is_passed_over(fails: str, tmp_path: Path) -> None:
    unit = (Path(django_settings.BASE_DIR) / "docs/deploy/tuntas-backup@.service").read_text()
    (line,) = re.findall(r"^ExecStart=/bin/sh -c '(.*)'$", unit, re.MULTILINE)
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\necho "$2" >>{tmp_path}/called\n[ "$2" != "{fails}" ]\n')
    program.chmod(0o755)
    typed = line.replace("/opt/tuntas/.venv/bin/python", str(program)).replace("$$", "$")
    done = subprocess.run(["sh", "-c", typed], check=False)
    assert (done.returncode, (tmp_path / "called").read_text().split()) == (
        int(bool(fails)),
        ["backup", "verify_ledger", "check_integrity"],
    )


@pytest.mark.parametrize(("level", "mark"), [("WARNING", "<4>"), ("ERROR", "<3>"), ("INFO", "<6>")])
def test_the_journal_gets_a_priority(monkeypatch: pytest.MonkeyPatch, level: str, mark: str) -> None:
    record = logging.LogRecord("x", getattr(logging, level), "", 0, "words", (), None)
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    assert not QuietFormatter().format(record).startswith("<")
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    assert QuietFormatter().format(record).startswith(mark)
