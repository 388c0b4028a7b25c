"""Periods are local days, both ends included, and compare with what lies just before."""

import itertools
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from reports.figures.periods import Period, last_month, last_quarter, last_year, steps
from reports.publication.periods import PeriodKind, code_of, stem_of

WITA = ZoneInfo("Asia/Makassar")


def days(first, last):
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def test_a_period_runs_from_local_midnight_to_the_midnight_after_its_last_day():
    start, end = days("2026-03-01", "2026-03-31").bounds(WITA)
    assert start == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert end == datetime(2026, 3, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (days("2026-03-01", "2026-03-31"), days("2026-02-01", "2026-02-28")),
        (days("2026-01-01", "2026-03-31"), days("2025-10-01", "2025-12-31")),
        (days("2024-01-01", "2024-12-31"), days("2023-01-01", "2023-12-31")),
        (days("2011-07-01", "2011-12-31"), days("2011-01-01", "2011-06-30")),
        (days("2026-03-02", "2026-03-08"), days("2026-02-23", "2026-03-01")),
        (days("2026-03-01", "2026-03-30"), days("2026-01-30", "2026-02-28")),
    ],
)
def test_whole_months_compare_with_whole_months_and_days_with_as_many_days(period, before):
    assert period.before() == before


def test_a_period_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="before it begins"):
        days("2026-03-02", "2026-03-01")


def test_the_named_periods_end_before_today():
    today = date(2026, 11, 22)
    assert last_month(today) == days("2026-10-01", "2026-10-31")
    assert last_quarter(today) == days("2026-07-01", "2026-09-30")
    assert last_year(today) == days("2025-01-01", "2025-12-31")
    assert last_month(date(2026, 1, 31)) == days("2025-12-01", "2025-12-31")
    assert last_quarter(date(2026, 1, 1)) == days("2025-10-01", "2025-12-31")


@pytest.mark.parametrize(
    ("period", "count"),
    [
        (days("2026-03-01", "2026-03-01"), 1),
        (days("2026-03-01", "2026-03-20"), 20),
        (days("2026-03-01", "2026-03-31"), 5),
        (days("2026-01-15", "2026-06-30"), 6),
    ],
)
def test_steps_cover_the_period_without_gap_or_overlap(period, count):
    cut = steps(period)
    assert len(cut) == count
    assert (cut[0].first, cut[-1].last) == (period.first, period.last)
    assert all((later.first - earlier.last).days == 1 for earlier, later in itertools.pairwise(cut))


def test_no_two_reports_share_an_address_whatever_agencies_are_called():
    cjk = "\N{CJK UNIFIED IDEOGRAPH-79D1}", "\N{CJK UNIFIED IDEOGRAPH-571F}"
    agencies = ["", "PUPR", "PU-PR", "PU_PR", *cjk, "Q3", "07", "H2", "V2", "pupr-v2", '=HYPERLINK("x")']
    codes = [
        code_of(stem_of(kind, date(2026, 7, 1), agency), version)
        for kind in PeriodKind
        for agency in agencies
        for version in (1, 2)
    ]
    assert len(set(codes)) == len(codes)
    assert {"2026-q3", "2026-q3-v2", "2026-q3-pupr", "2026-07-pu-pr"} <= set(codes)
    assert all(re.fullmatch(r"[-a-z0-9]{1,70}", code) for code in codes)
