"""The demo city is the same for the same seed; what it is like, tests/test_demo_city_stands.py asks."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from pytest_django.fixtures import Settings

from complaints.models import Complaint
from config.demo.play import _Play
from config.management.commands.seed_demo import this_morning
from escalation.ladder.models import LadderState
from tests import factories

pytestmark = pytest.mark.django_db
MOMENT = "2026-11-20T06:00:00"


def begin_keys_anew() -> None:
    """A city is made in an empty installation, where keys begin at 1; PostgreSQL's do not go back by themselves,
    and the public numbers follow them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            sequences = connection.introspection.sequence_list()
            for statement in connection.ops.sequence_reset_by_name_sql(no_style(), sequences):
                cursor.execute(statement)


def seeded(seed: int, capsys: pytest.CaptureFixture[str], now: str = MOMENT) -> list[tuple[Any, ...]]:
    """What the city of this seed consists of; nothing of it stays. Which cases its audits draw, and so on whose
    histories a review stands, a signature decides that nobody can know before."""
    with transaction.atomic():
        begin_keys_anew()
        call_command("seed_demo", cases=4, seed=seed, now=now)
        capsys.readouterr()
        assert not LadderState.objects.exclude(ahead_until=None).exists()  # nothing in it is still to come
        fields = (
            "subject",
            "description",
            "state",
            "received_at",
            "due_at",
            "ended_at",
            "rating",
            "happened_on",
        )
        told = Count("events", filter=~Q(events__kind="audited"))
        city = list(
            Complaint.objects.order_by("pk").annotate(told=told).values_list(*fields, "agency__code", "told")
        )
        transaction.set_rollback(True)
    return city


@pytest.mark.slow
@pytest.mark.long
def test_the_same_seed_gives_the_same_city(capsys: pytest.CaptureFixture[str]) -> None:
    """However `--now` was typed: its days, on which things happened and nights were swept, are the city's."""
    first = seeded(7, capsys)
    assert len(first) == 4 + 5  # and a shared case with two parts, one asked three times, one referred
    assert seeded(7, capsys, now="2026-11-19T22:00:00+00:00") == first


def test_another_seed_gives_another_city(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    """Seen from when its reports come, before anything is played."""
    plans: list[list[datetime]] = []
    monkeypatch.setattr(
        _Play, "run", lambda play: plans.append(sorted(moment for moment, _order, _step in play.steps))
    )
    for number, seed in enumerate((7, 7, 8)):
        settings.LEDGER_DIR = tmp_path / str(number)
        seeded(seed, capsys)
    assert plans[0] == plans[1] != plans[2]


def test_a_city_with_cases_is_left_alone() -> None:
    factories.file_complaint()
    with pytest.raises(CommandError, match="cases already"):
        call_command("seed_demo", cases=5, seed=1)
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(("hour", "day"), [(3, 19), (6, 20), (23, 20)])
def test_a_city_is_played_up_to_a_six_in_the_morning_that_has_passed(
    hour: int, day: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people do in it next is no earlier than its last head."""
    now = datetime(2026, 11, 20, hour, tzinfo=settings.CITY.tz)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert this_morning() == datetime(2026, 11, day, 6, tzinfo=settings.CITY.tz)
