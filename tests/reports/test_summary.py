"""The sentences of the first page: for none, one and few as for many."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from reports.figures.compute import compute
from reports.figures.periods import Period
from reports.figures.snapshot import Snapshot
from reports.figures.tables import Tables
from reports.pages.summary import summary

NOTHING = compute(
    Tables.of({}),
    Period(date(2026, 1, 1), date(2026, 3, 31)),
    datetime(2026, 4, 3, tzinfo=UTC),
    settings.CITY.tz,
)
SURVEY: dict[str, Any] = {"satisfaction_index": 88.125, "satisfaction_grade": "B"}


def said(language: str = "en", **figures: Any) -> dict[str, str]:
    with translation.override(language):
        return {
            each.key: each.text for each in summary(Snapshot({"figures": NOTHING | figures}), public=False)
        }


def test_of_few_the_two_numbers_are_said_once() -> None:
    found = said(
        met_target=5,
        late=2,
        on_time_share=71.4,
        met_target_extended=6,
        late_extended=1,
        on_time_share_extended=85.7,
    )
    assert found["on_time"] == "Of 7 cases whose promise is kept or past, 5 were answered in time."
    assert found["extended"] == "If more time that was given counts as promised, it is 6 of 7."
    many = said(met_target=1500, late=500, on_time_share=75.0)
    assert many["on_time"] == (
        "Of 2,000 cases whose promise is kept or past, 1,500 were answered in time: 75.0\xa0%."
    )


def test_what_citizens_said_stands_with_both_numbers_and_rounded_as_in_the_table() -> None:
    found = said(call_backs=[{"done": 15, "answered": 24}])
    assert found["done"].startswith(
        "Of citizens whose answered report was drawn by chance, 15 of 24 (62.5\xa0%) "
    )
    few = said(after_case=[{"by": "whole", "solved_yes": 15, "solved_no": 3}])
    assert few["solved"] == "Asked after their case had ended, citizens call it solved in 15 of 18 answers."


def test_what_nothing_came_of_yet_is_said_so_that_the_numbers_add_up() -> None:
    advice = dict.fromkeys(("complied", "partly", "not_complied", "withdrawn", "not_due"), 0)
    found = said(recommendations=[advice | {"basis": "issued", "count": 2, "to_judge": 1, "overdue": 1}])
    assert found["recommendations"].endswith("Complied with: 0, in part: 0, not: 0, not judged yet: 2.")
    parts = {"kept_in_time": 1, "kept_late": 0, "broken": 0, "overdue": 1, "reported": 1, "not_due": 2}
    found = said(promises=[parts | {"basis": "due", "count": 5}])
    assert found["promises"].endswith(
        ": 5. Kept in time: 1, kept late: 0, broken: 0, overdue: 1, not decided yet: 3."
    )


@pytest.mark.parametrize(
    ("figures", "key", "text"),
    [
        ({"received": 1}, "received", "1 case was received; in the period before it was 0."),
        ({}, "received", "0 cases were received; in the period before it was 0."),
        (
            {"met_target": 1, "late": 0, "on_time_share": 100.0},
            "on_time",
            "Of 1 case whose promise is kept or past, 1 was answered in time.",
        ),
        ({"answered": 1, "disputed": 1}, "disputed", "Answered: 1. Disputed by the citizen: 1."),
        (
            {"excluded": NOTHING["excluded"] | {"rejected": 1}},
            "left_out",
            "Open in time: 0 more. In no share: 1.",
        ),
    ],
)
def test_none_and_one_read_as_well(figures: dict[str, Any], key: str, text: str) -> None:
    assert said(**figures)[key] == text


def test_an_index_is_rounded_as_its_grade_is_and_has_no_ends_where_all_answered_alike() -> None:
    alike = said(**SURVEY, satisfaction_low=None, satisfaction_high=None)
    assert alike["satisfaction"] == "Citizens judge the services at 88.13 of 100 (grade B)."
    sure = said("id", **SURVEY, satisfaction_low=85.5, satisfaction_high=90.0)
    assert sure["satisfaction"] == "Warga menilai layanan 88,13 dari 100 (85,50 sampai 90,00; mutu B)."
