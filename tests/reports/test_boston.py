"""58,251 real requests through the import and the report: the figures of the city that published them."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Agency
from complaints.models import Complaint, Message
from reports.figures.compute import compute
from reports.figures.periods import Period
from reports.figures.snapshot import Snapshot, freeze
from tests.shared import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.long]


def test_the_published_figures_come_out_to_the_last_digit(capsys):
    path = shared_data("complaints", "boston_311_2011h2.csv.gz")
    expected = json.loads(shared_data("complaints", "boston_311_2011h2.expected.json").read_text("utf-8"))
    mapping = settings.BASE_DIR / "fixtures" / "mappings" / "boston_311.toml"
    call_command("import_complaints", path, mapping=mapping, json=True)
    assert json.loads(capsys.readouterr().out) == {
        "read": expected["rows"],
        "created": expected["rows"],
        "duplicates": 0,
        "rejected": [],
    }
    assert not Message.objects.exists()
    assert not Agency.objects.filter(is_active=True).exists()
    assert not Complaint.objects.filter(next_action_at__isnull=False).exists()
    span = Period(*(date.fromisoformat(day) for day in ("2011-07-01", "2011-12-31")))
    snapshot = freeze(span, None, actor=None, now=timezone.now())
    check(snapshot.figures, expected)
    recounted = Snapshot.read(snapshot.content)
    check_main(compute(recounted.tables, span, recounted.built_at, settings.CITY.tz), expected)


def check_main(figures, expected):
    assert figures["received"] == expected["rows"]
    assert figures["ended"] == expected["status_counts"]["Closed"]
    assert figures["open"] == expected["status_counts"]["Open"]
    assert figures["with_target"] == expected["with_target"]
    assert figures["met_target"] == expected["met"]
    assert figures["late"] - expected["open_with_target"] == expected["closed_late"]
    assert figures["not_yet_due"] == 0
    share = expected["rate_recomputed_with_target_open_past_due_counted_late_pct"]
    assert round(figures["on_time_share"], 4) == share
    assert round(figures["on_time_share_ended"], 4) == expected["rate_recomputed_closed_with_target_only_pct"]
    hours = expected["hours_to_close"]
    for name in ("median", "p90", "mean"):
        assert round(figures[f"hours_to_end_{name}"], 4) == hours[name]
    assert sum(row["count"] for row in figures["hours_to_end_bands"]) == hours["n"]


def check(figures, expected):
    check_main(figures, expected)
    agencies = {row["agency"]: row for row in figures["by_agency"]}
    for subject in expected["by_subject_with_target"]:
        row = agencies.pop(subject["subject"])
        assert (row["with_target"], row["met_target"]) == (subject["size"], subject["sum"])
        assert round(row["on_time_share"], 4) == subject["pct"]
    assert all(row["with_target"] == 0 and row["on_time_share"] is None for row in agencies.values())
    assert len(figures["by_category"]) == expected["quirks"]["types"]
    months = {row["from"][:7]: row["received"] for row in figures["by_step"]}
    assert months == expected["open_by_month"]
