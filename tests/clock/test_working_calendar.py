"""When an office is open, and where a case that arrives while it is shut begins."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from complaints.clock.working_calendar import COUNTED_DAYS, DayOff, NoWorkingDayError, WorkingCalendar
from tests.clock.calendars import AMSTERDAM, MAKASSAR, NEW_YORK, fixture_hours, kupang, weekdays, wita
from tests.shared import shared_data

ZONE_WITHOUT_A_FRIDAY = ZoneInfo("Pacific/Apia")  # Samoa crossed the date line: no 30 December 2011
WORKING_DAYS_A_YEAR = {2024: 238, 2025: 237, 2026: 240, 2027: 242}


def _working_days(calendar: WorkingCalendar, year: int) -> int:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    return sum(calendar.is_working_day(day) for day in days if day.year == year)


@pytest.mark.parametrize(("year", "days"), WORKING_DAYS_A_YEAR.items())
def test_a_year_has_as_many_working_days_as_the_decrees_leave(year: int, days: int) -> None:
    assert _working_days(kupang(), year) == days


@pytest.mark.parametrize(("year", "days"), WORKING_DAYS_A_YEAR.items())
def test_the_reference_file_leaves_as_many_working_days(year: int, days: int) -> None:
    with shared_data("calendar", "holidays_id_2024_2027.csv").open() as file:
        off = {
            date.fromisoformat(row["date"]): DayOff(row["name_id"], row["name_en"], row["kind"])
            for row in csv.DictReader(file)
        }
    assert off.keys() == kupang().days_off.keys()
    assert _working_days(WorkingCalendar(MAKASSAR, fixture_hours(), off), year) == days


def test_working_days_are_counted_as_one_after_the_other_is() -> None:
    """Over the edges of what is counted at once, to both sides, and up to the last day there is."""
    calendar, first = kupang(), date(2025, 11, 3)
    edge = date.fromordinal((first.toordinal() // COUNTED_DAYS + 1) * COUNTED_DAYS)
    begins = [first, *(edge + timedelta(days=n) for n in (-1, 0, 1))]
    for day in begins:
        count = 0
        for last in (day + timedelta(days=n) for n in range(1, 2 * COUNTED_DAYS)):
            count += calendar.is_working_day(last)
            assert calendar.working_days_between(day, last) == count, (day, last)
    assert calendar.working_days_between(edge, edge) == calendar.working_days_between(edge, first) == 0
    assert calendar.working_days_between(date(9999, 12, 19), date(9999, 12, 26)) == 5


def test_a_week_has_37_and_a_half_hours() -> None:
    monday = date(2026, 7, 6)
    week = [kupang().intervals(monday + timedelta(days=number)) for number in range(7)]
    assert sum(((end - start) for day in week for start, end in day), timedelta()) == timedelta(hours=37.5)


def test_friday_has_the_longer_break_and_closes_later() -> None:
    friday = date(2026, 7, 10)
    assert kupang().intervals(friday) == (
        (wita("2026-07-10 07:30"), wita("2026-07-10 11:30")),
        (wita("2026-07-10 13:00"), wita("2026-07-10 16:30")),
    )
    assert kupang().closing(friday) == wita("2026-07-10 16:30")


def test_results_are_in_utc() -> None:
    assert str(kupang().closing(date(2026, 7, 10))) == "2026-07-10 08:30:00+00:00"


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-07-10 07:29:59", False),
        ("2026-07-10 07:30", True),
        ("2026-07-10 11:30", False),
        ("2026-07-10 12:59", False),
        ("2026-07-10 13:00", True),
        ("2026-07-10 16:30", False),
        ("2026-07-11 10:00", False),
        ("2026-08-17 10:00", False),
    ],
)
def test_an_office_is_open_from_its_opening_up_to_its_closing(moment: str, is_open: bool) -> None:
    assert kupang().is_open(wita(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "day_zero"),
    [
        ("2026-07-10 00:00", date(2026, 7, 10)),
        ("2026-07-10 12:00", date(2026, 7, 10)),  # in the break the day is not over
        ("2026-07-10 16:29:59", date(2026, 7, 10)),
        ("2026-07-10 16:30", date(2026, 7, 13)),
        ("2026-07-11 10:00", date(2026, 7, 13)),
        ("2026-08-14 17:00", date(2026, 8, 18)),  # Friday evening before Independence Day on a Monday
        ("2026-12-31 18:00", date(2027, 1, 4)),
        ("2025-03-27 16:00", date(2025, 4, 8)),  # Nyepi and Idul Fitri: eleven days in a row
    ],
)
def test_what_arrives_after_hours_or_on_a_day_off_starts_on_the_next_working_day(
    moment: str, day_zero: date
) -> None:
    assert kupang().first_day(wita(moment)) == day_zero


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-07-10 09:15", "2026-07-10 09:15"),
        ("2026-07-10 06:00", "2026-07-10 07:30"),
        ("2026-07-10 11:30", "2026-07-10 13:00"),
        ("2026-07-10 16:30", "2026-07-13 07:30"),
    ],
)
def test_next_opening(moment: str, opening: str) -> None:
    assert kupang().next_opening(wita(moment)) == wita(opening)


def test_the_local_date_is_the_offices_and_not_utcs() -> None:
    assert kupang().local_date(datetime(2026, 7, 9, 16, 30, tzinfo=UTC)) == date(2026, 7, 10)


def test_a_day_off_has_no_closing() -> None:
    with pytest.raises(ValueError, match="2026-08-17 is not a working day"):
        kupang().closing(date(2026, 8, 17))


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        kupang().is_open(datetime(2026, 7, 10, 9))  # noqa: DTZ001


NINE, TEN, ELEVEN = time(9), time(10), time(11)


@pytest.mark.parametrize(
    "hours",
    [
        {},
        {0: ()},
        {7: ((NINE, TEN),)},
        {0: ((TEN, NINE),)},
        {0: ((NINE, NINE),)},
        {0: ((TEN, ELEVEN), (NINE, TEN))},
        {0: ((NINE, ELEVEN), (TEN, ELEVEN))},
        {0: ((NINE, time(10, tzinfo=UTC)),)},
    ],
)
def test_weekly_hours_that_make_no_sense_are_refused(hours: dict[int, tuple[tuple[time, time], ...]]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        WorkingCalendar(MAKASSAR, hours, {})


def test_a_calendar_that_never_opens_again_is_an_error_and_not_an_endless_walk() -> None:
    start = date(2026, 1, 1)
    shut = weekdays(MAKASSAR, *(start + timedelta(days=number) for number in range(5 * 366)))
    with pytest.raises(NoWorkingDayError):
        shut.first_day(wita("2026-01-01 09:00"))
    with pytest.raises(NoWorkingDayError):
        next(shut.working_days_after(start))


def test_an_hour_that_clocks_jump_over_is_the_jump() -> None:
    calendar = WorkingCalendar(AMSTERDAM, {6: ((time(2, 15), time(2, 45)), (time(2, 50), time(4)))}, {})
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert calendar.intervals(date(2026, 3, 29)) == ((jump, datetime(2026, 3, 29, 2, tzinfo=UTC)),)


def test_an_hour_that_occurs_twice_is_its_first_occurrence() -> None:
    calendar = WorkingCalendar(NEW_YORK, {6: ((time(1, 30), time(3)),)}, {})
    assert calendar.intervals(date(2026, 11, 1)) == (
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 8, tzinfo=UTC)),
    )


def test_a_day_that_a_country_left_out_does_not_count() -> None:
    from_thursday = weekdays(ZONE_WITHOUT_A_FRIDAY).working_days_after(date(2011, 12, 28))
    local = [opening[0][0].astimezone(ZONE_WITHOUT_A_FRIDAY).date() for opening in islice(from_thursday, 2)]
    assert local == [date(2011, 12, 29), date(2012, 1, 2)]
