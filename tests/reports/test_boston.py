"""58,251 real requests through the import and the report: the figures of the city that published them."""

import gc
import json
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Agency
from complaints.models import Complaint, Message
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from tests.reports import boston_by_sql
from tests.shared import shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.long]


def test_the_published_figures_come_out_to_the_last_digit(capsys):
    path = shared_data("complaints", "boston_311_2011h2.csv.gz")
    expected = json.loads(shared_data("complaints", "boston_311_2011h2.expected.json").read_text("utf-8"))
    mapping = settings.BASE_DIR / "fixtures" / "mappings" / "boston_311.toml"
    gc.disable()  # nothing of it goes round in circles, and looking for them takes a tenth of the time
    call_command("import_complaints", path, mapping=mapping, json=True)
    gc.enable()
    said = json.loads(capsys.readouterr().out)
    assert said.pop("file").startswith("CSV, utf-8") and not said.pop("remarks")
    assert said == {
        "read": expected["rows"],
        "created": expected["rows"],
        "updated": 0,
        "duplicates": 0,
        "rejected": [],
    }
    assert not Message.objects.exists()
    assert not Agency.objects.filter(is_active=True).exists()
    assert not Complaint.objects.filter(next_action_at__isnull=False).exists()
    check(report("2011-07-01", "2011-12-31"), expected)
    check_against_sql(boston_by_sql.count(path))


def report(first, last):
    """What `build_report` says, without the paper."""
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    return freeze(period, None, actor=None, now=timezone.now()).figures


# Each with the one before it, which it counts too: every quarter and every month is in one of them.
REPORTS = (
    ("2011-10-01", "2011-12-31", "2011-Q4", "2011-Q3"),
    ("2011-08-01", "2011-08-31", "2011-08", "2011-07"),
    ("2011-10-01", "2011-10-31", "2011-10", "2011-09"),
    ("2011-12-01", "2011-12-31", "2011-12", "2011-11"),
)


def check_against_sql(counted):
    """Counts to the last one, times to the last digit that both have, for the city and each department."""
    for first, last, *names in REPORTS:
        figures = report(first, last)
        for name, said in zip(names, (figures, figures["previous"]), strict=True):
            own = counted.pop(name)
            departments = {
                row["agency"]: {code: row[code] for code in boston_by_sql.COUNTS} for row in said["by_agency"]
            }
            assert departments == own.pop("by_subject"), name
            assert {code: said[code] for code in own} == pytest.approx(own, rel=1e-9), name
    assert not counted


def check(figures, expected):
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
    agencies = {row["agency"]: row for row in figures["by_agency"]}
    for subject in expected["by_subject_with_target"]:
        row = agencies.pop(subject["subject"])
        assert (row["with_target"], row["met_target"]) == (subject["size"], subject["sum"])
        assert round(row["on_time_share"], 4) == subject["pct"]
    assert all(row["with_target"] == 0 and row["on_time_share"] is None for row in agencies.values())
    assert len(figures["by_category"]) == expected["quirks"]["types"]
    months = {row["from"][:7]: row["received"] for row in figures["by_step"]}
    assert months == expected["open_by_month"]
