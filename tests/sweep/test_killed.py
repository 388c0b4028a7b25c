"""A sweep that is killed (SIGKILL) at each boundary of its batches loses and doubles nothing."""

import os
import signal
import subprocess
import sys
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.roles import Role
from complaints.models import Complaint, Event, Message
from escalation.ladder import sweep as sweep_module
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.ladder.rules import rules_in_force
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db(transaction=True)

LATE = FRIDAY + 60 * DAY
CASES, BATCH = 9, 3

# Runs a sweep and kills itself in the first batch: when it is written and not committed, or when it is committed.
RUNNER = """
import os, signal, sys, django
django.setup()
from datetime import datetime
from escalation.ladder import sweep as cases
from escalation.sweep import run_sweep
moment, batch, when = datetime.fromisoformat(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
name = {"before": "_store", "after": "_count"}[when]
good = getattr(cases, name)
def last(*arguments):
    good(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(cases, name, last)
run_sweep(moment, batch=batch)
"""


@pytest.fixture
def due_cases() -> None:
    for trigger, level, fields in (
        (Trigger.BREACH, 1, {}),
        (Trigger.OVERDUE, 2, {"amount": 5, "stage": "resolution"}),
        (Trigger.REPEATED, 3, {"amount": 4, "within_days": 30}),
    ):
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1), **fields)
    for role in (Role.AGENCY_HEAD, Role.SUPERVISOR):
        factories.make_user(role)
    for number in range(CASES):
        factories.in_progress(
            subject=f"Kasus {number}", category=factories.make_category(f"hal-{number % 2}")
        )


def picture() -> dict[str, list[object]]:
    """All that a sweep writes."""
    case = (
        "number",
        "state",
        "version",
        "last_event_hash",
        "next_action_at",
        "watch_at",
        "next_level",
        "sweep_error",
    )
    raised = ("complaint__number", "level", "trigger", "raised_at", "due_at", "state")
    mail = ("dedupe_key", "template", "user", "data", "due_at")
    return {
        "cases": list(Complaint.objects.order_by("pk").values_list(*case)),
        "escalations": sorted(Escalation.objects.values_list(*raised)),
        "events": list(
            Event.objects.order_by("complaint", "seq").values_list("complaint", "seq", "kind", "hash")
        ),
        "mails": sorted(Message.objects.values_list(*mail), key=str),
    }


def undisturbed() -> dict[str, list[object]]:
    """What one sweep in peace would leave; nothing of it stays."""
    with transaction.atomic():
        run_sweep(LATE, batch=BATCH)
        found = picture()
        transaction.set_rollback(True)
    return found


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor != "postgresql":
        return f"sqlite:///{database['NAME']}"
    host, port = database["HOST"], database["PORT"] or 5432
    place = f"/{host}" if host.startswith("/") else f"{host}:{port}"  # a socket's folder, or an address
    return f"postgres://{database['USER']}@{place}/{database['NAME']}"


def sweep_killed(when: str) -> int:
    """Minus the signal that ended it, or 0 where nothing was left to do."""
    connection.close()
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", RUNNER, LATE.isoformat(), str(BATCH), when]
    return subprocess.run(command, env=environment, check=False).returncode


def test_a_sweep_killed_at_every_boundary_ends_as_one_in_peace(due_cases: None) -> None:
    expected = undisturbed()
    assert not Escalation.objects.exists()
    sweep_module._renew_plans(LATE, rules_in_force(LATE.date()))  # a step of its own before the batches
    for batch in range(CASES // BATCH):
        before = picture()
        assert sweep_killed("before") == -signal.SIGKILL
        assert picture() == before, "what was not committed is not there"
        assert sweep_killed("after") == -signal.SIGKILL
        assert Complaint.objects.filter(next_action_at__lte=LATE).count() == CASES - (batch + 1) * BATCH
    assert sweep_killed("after") == 0, "nothing was left"
    found = picture()
    for part, rows in expected.items():
        assert found[part] == rows, part
    assert not what_is_broken()
