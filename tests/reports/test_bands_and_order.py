"""Where the bands of a report begin, and which row of a table comes first."""

from datetime import date, timedelta

from django.conf import settings

from reports.figures.compute import compute
from reports.figures.periods import Period
from tests.factories import DAY, HOUR
from tests.reports.test_figures import BUILT, PERIOD, made_up, tables_of

SECOND = timedelta(seconds=1)


def figures_of(*cases):
    """Of cases that differ from one made-up case in what is given."""
    pattern = made_up(1, 1)[0]
    tables = tables_of([pattern | case for case in cases])
    return compute(tables, PERIOD, BUILT, settings.CITY.tz)


def waiting(age, **fields):
    return {"state": "in_progress", "received_at": BUILT - age, "ended_at": None} | fields


def ended_after(time, **fields):
    received = BUILT - 365 * DAY
    return {"state": "closed", "received_at": received, "ended_at": received + time} | fields


def counted(rows, unit):
    return {(row[f"from_{unit}"], row[f"below_{unit}"]): row["count"] for row in rows}


def test_open_cases_stand_in_the_band_of_their_whole_days():
    ages = [7 * DAY, 8 * DAY - SECOND, 8 * DAY, 14 * DAY, 15 * DAY, 30 * DAY, 31 * DAY, 61 * DAY, 181 * DAY]
    rows = figures_of(*[waiting(age) for age in [*ages, 365 * DAY, 366 * DAY, 1000 * DAY]])["open_by_age"]
    bands = [(0, 8), (8, 15), (15, 31), (31, 61), (61, 181), (181, 366), (366, None)]
    assert counted(rows, "days") == dict(zip(bands, [2, 2, 2, 1, 1, 2, 2], strict=True))


def test_ended_cases_stand_in_the_band_of_the_hours_they_took():
    bounds = [0, 24, 72, 168, 336, 720, 1440, 4320]
    cases = [ended_after(bound * HOUR) for bound in bounds]
    cases += [ended_after(bound * HOUR - SECOND) for bound in bounds[1:]]
    rows = figures_of(*cases)["hours_to_end_bands"]
    bands = list(zip(bounds, [*bounds[1:], None], strict=True))
    assert counted(rows, "hours") == dict(zip(bands, [2, 2, 2, 2, 2, 2, 2, 1], strict=True))


def test_a_waiting_case_is_late_in_its_band_once_its_target_has_passed():
    at_the_moment = waiting(9 * DAY, target_at=BUILT)
    missed = waiting(9 * DAY, target_at=BUILT - SECOND)
    rows = figures_of(at_the_moment, missed, waiting(9 * DAY, target_at=None))["open_by_age"]
    assert [(row["count"], row["late"]) for row in rows[:3]] == [(0, 0), (3, 1), (0, 0)]


def test_what_came_at_the_first_moment_of_a_month_counts_in_that_month():
    february, _end = Period(date(2026, 2, 1), date(2026, 2, 28)).bounds(settings.CITY.tz)
    rows = figures_of(waiting(BUILT - february), waiting(BUILT - february + SECOND))["by_step"]
    assert [row["received"] for row in rows] == [1, 1, 0]


def test_the_most_come_first_and_of_as_many_the_earlier_code():
    agencies = ["B", "C", "C", "A", "D", "D"]
    rows = figures_of(*[waiting(DAY, agency=agency) for agency in agencies])["by_agency"]
    assert [row["agency"] for row in rows] == ["C", "D", "A", "B"]


def test_every_rung_of_the_ladder_has_its_row_though_nothing_was_raised_to_it():
    rows = figures_of(waiting(DAY))["escalations"]
    assert [(row["level"], row["raised"], row["waiting"]) for row in rows] == [
        (1, 0, 0),
        (2, 0, 0),
        (3, 0, 0),
    ]


def test_the_ways_cases_ended_and_the_reasons_stand_in_the_same_order():
    hows = ["withdrawn", "confirmed", "rejected", "lapsed", "rejected"]
    reasons = ["spam", "b", "a", "spam"]
    figures = figures_of(
        *[ended_after(HOUR, how=how) for how in hows],
        *[waiting(DAY, how="") for _ in range(3)],
        *[ended_after(HOUR, state="rejected", how="rejected", end_reason=reason) for reason in reasons],
    )
    assert [row["how"] for row in figures["ended_how"]] == ["rejected", "confirmed", "lapsed", "withdrawn"]
    assert [row["reason"] for row in figures["rejected"]] == ["spam", "a", "b"]
