"""What a target means on Kupang's calendar, in examples a clerk could check by hand."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from complaints.clock.arithmetic import Pause, Target, Unit, due_at, share_at, used
from tests.clock.calendars import AMSTERDAM, kupang, weekdays, wita

FOREVER = None


def days(amount: int) -> Target:
    """So many working days."""
    return Target(amount, Unit.WORKING_DAYS)


def hours(amount: int) -> Target:
    """So many working hours."""
    return Target(amount, Unit.WORKING_HOURS)


def calendar_days(amount: int) -> Target:
    """So many calendar days."""
    return Target(amount, Unit.CALENDAR_DAYS)


def pause(start: str, end: str | None) -> Pause:
    """A pause by the clock in Kupang."""
    return Pause(wita(start), wita(end) if end else FOREVER)


@pytest.mark.parametrize(
    ("start", "target", "due"),
    [
        ("2026-07-06 09:00", days(3), "2026-07-09 16:00"),
        ("2026-07-06 09:00", days(4), "2026-07-10 16:30"),  # Friday closes later
        ("2026-07-06 17:00", days(3), "2026-07-10 16:30"),  # after hours: begins on Tuesday
        ("2026-07-10 09:00", days(3), "2026-07-15 16:00"),  # over a weekend
        ("2026-07-11 09:00", days(3), "2026-07-16 16:00"),  # from a Saturday: begins on Monday
        ("2026-08-13 09:00", days(3), "2026-08-19 16:00"),  # over Independence Day, a Monday
        ("2026-12-23 09:00", days(3), "2026-12-30 16:00"),  # over Christmas and its joint leave
        ("2026-12-30 09:00", days(3), "2027-01-06 16:00"),  # over New Year and Isra Mikraj 2027
        ("2026-01-30 09:00", days(3), "2026-02-04 16:00"),  # over the end of January
        ("2025-03-26 09:00", days(3), "2025-04-09 16:00"),  # Nyepi and Idul Fitri: eleven days shut
        ("2026-03-17 09:00", days(1), "2026-03-25 16:00"),  # the same in 2026
        ("2024-02-28 09:00", days(1), "2024-02-29 16:00"),  # a leap day is a working day like any other
        ("2026-06-02 09:00", days(14), "2026-06-23 16:00"),  # over the Islamic New Year
        ("2026-01-05 09:00", days(60), "2026-04-10 16:30"),  # the longest target there is
        ("2026-07-10 16:00", hours(1), "2026-07-13 08:00"),
        ("2026-07-10 11:00", hours(1), "2026-07-10 13:30"),  # the Friday break does not count
        ("2026-07-06 06:00", hours(8), "2026-07-07 08:00"),
        ("2026-07-06 13:00", hours(3), "2026-07-06 16:00"),  # used up at the closing, not next morning
        ("2026-01-30 15:00", hours(10), "2026-02-03 08:30"),
        ("2024-02-28 15:00", hours(2), "2024-02-29 08:30"),
        ("2026-07-06 09:00", calendar_days(10), "2026-07-16 23:59"),
        ("2026-07-11 23:59:30", calendar_days(1), "2026-07-12 23:59"),  # a Sunday, and it counts
        ("2024-01-30 09:00", calendar_days(30), "2024-02-29 23:59"),
        ("2023-01-30 09:00", calendar_days(30), "2023-03-01 23:59"),
    ],
)
def test_due_moment(start: str, target: Target, due: str) -> None:
    assert due_at(wita(start), target, kupang()) == wita(due)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "2026-07-09 16:00"),
        ([pause("2026-07-07 10:00", "2026-07-07 14:00")], "2026-07-09 16:00"),  # within a day: nothing lost
        ([pause("2026-07-07 15:00", "2026-07-08 09:00")], "2026-07-10 16:30"),  # one closing lost
        ([pause("2026-07-07 16:00", "2026-07-07 16:01")], "2026-07-10 16:30"),  # from the closing moment on
        ([pause("2026-07-07 15:00", "2026-07-07 16:00")], "2026-07-09 16:00"),  # up to the closing moment
        (
            [pause("2026-07-06 09:30", "2026-07-06 18:00")],
            "2026-07-09 16:00",
        ),  # day zero does not count anyway
        ([pause("2026-06-01 09:00", "2026-06-30 09:00")], "2026-07-09 16:00"),  # over before the start
        ([pause("2026-07-09 16:01", FOREVER)], "2026-07-09 16:00"),  # after the due moment
        (
            [
                pause("2026-07-08 12:00", "2026-07-09 08:00"),
                pause("2026-07-07 15:00", "2026-07-08 12:00"),
                pause("2026-07-07 14:00", "2026-07-07 17:00"),
            ],
            "2026-07-13 16:00",
        ),
        ([pause("2026-07-08 10:00", FOREVER)], None),
        ([pause("2026-07-01 10:00", FOREVER)], None),
    ],
)
def test_a_pause_takes_away_the_days_that_close_in_it(pauses: list[Pause], due: str | None) -> None:
    assert due_at(wita("2026-07-06 09:00"), days(3), kupang(), pauses) == (wita(due) if due else None)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([pause("2026-07-06 10:00", "2026-07-06 11:00")], "2026-07-06 15:00"),
        ([pause("2026-07-06 11:30", "2026-07-06 13:30")], "2026-07-06 15:00"),  # the break was not running
        ([pause("2026-07-06 10:00", "2026-07-07 10:00")], "2026-07-07 14:00"),
        ([pause("2026-07-06 10:00", "2026-07-06 10:00")], "2026-07-06 14:00"),
        ([pause("2026-07-06 14:00", FOREVER)], "2026-07-06 14:00"),  # it is used up when the pause begins
        ([pause("2026-07-06 13:59", FOREVER)], None),
        ([pause("2026-07-06 12:30", FOREVER)], None),
    ],
)
def test_a_pause_stops_a_target_in_hours_to_the_second(pauses: list[Pause], due: str | None) -> None:
    assert due_at(wita("2026-07-06 09:00"), hours(4), kupang(), pauses) == (wita(due) if due else None)


def test_a_target_in_hours_is_exact_to_the_microsecond() -> None:
    start = wita("2026-07-06 09:00:00.000001")
    assert due_at(start, hours(4), kupang()) == wita("2026-07-06 14:00:00.000001")


@pytest.mark.parametrize(
    ("target", "share", "at"),
    [
        (days(5), Fraction(4, 5), "2026-07-10 16:30"),  # four whole days
        (days(3), Fraction(4, 5), "2026-07-09 10:30"),  # 2.4 days: three of the third day's 7.5 hours
        (days(3), Fraction(1, 1), "2026-07-09 16:00"),
        (hours(4), Fraction(1, 2), "2026-07-06 11:00"),
        (hours(4), Fraction(3, 4), "2026-07-06 12:00"),
        (calendar_days(2), Fraction(1, 2), "2026-07-07 23:59"),
    ],
)
def test_when_a_share_of_the_target_is_used(target: Target, share: Fraction, at: str) -> None:
    assert share_at(wita("2026-07-06 09:00"), target, kupang(), share) == wita(at)


def test_the_warning_for_a_short_target_comes_before_it_is_due() -> None:
    start, target = wita("2026-07-06 09:00"), days(1)
    warning = share_at(start, target, kupang(), Fraction(4, 5))
    due = due_at(start, target, kupang())
    assert warning
    assert due
    assert warning < due


@pytest.mark.parametrize(
    ("at", "share"),
    [
        ("2026-07-01 09:00", Fraction(0)),
        ("2026-07-06 16:00", Fraction(0)),  # day zero
        ("2026-07-07 16:00", Fraction(1, 4)),
        ("2026-07-08 03:00", Fraction(1, 4)),  # nothing runs at night
        ("2026-07-08 10:30", Fraction(7, 20)),
        ("2026-07-10 16:30", Fraction(1)),
        ("2026-07-13 16:00", Fraction(5, 4)),  # overdue by a day
    ],
)
def test_how_much_of_a_target_is_used(at: str, share: Fraction) -> None:
    assert used(wita("2026-07-06 09:00"), days(4), kupang(), wita(at)) == share


def test_a_paused_day_uses_nothing() -> None:
    lost = [pause("2026-07-07 15:00", "2026-07-08 09:00")]
    start = wita("2026-07-06 09:00")
    assert used(start, days(4), kupang(), wita("2026-07-07 16:00"), lost) == 0
    assert used(start, days(4), kupang(), wita("2026-07-08 16:00"), lost) == Fraction(1, 4)
    assert used(start, hours(10), kupang(), wita("2026-07-08 10:00"), lost) == Fraction(27, 20)


def test_a_day_paused_until_the_very_moment_it_closes_counts() -> None:
    held = [pause("2026-07-07 07:00", "2026-07-07 16:00")]
    start = wita("2026-07-06 09:00")
    assert used(start, days(1), kupang(), wita("2026-07-07 15:59"), held) == 0
    assert used(start, days(1), kupang(), wita("2026-07-07 16:00"), held) == 1
    assert share_at(start, days(1), kupang(), Fraction(1, 2), held) == wita("2026-07-07 16:00")


def test_working_hours_are_real_hours_when_clocks_change() -> None:
    """A night shift of seven wall-clock hours lasts six real ones when clocks go forward."""
    night = weekdays(AMSTERDAM, opens="00:00", closes="07:00")
    night = type(night)(AMSTERDAM, {6: night.hours[0]}, {})
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert due_at(start, hours(6), night) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert due_at(start, hours(7), night) == datetime(2026, 4, 4, 23, tzinfo=UTC)


@pytest.mark.parametrize("unit", list(Unit))
def test_naive_moments_are_refused(unit: Unit) -> None:
    naive = datetime(2026, 7, 6, 9)  # noqa: DTZ001
    target = Target(1, unit)
    with pytest.raises(ValueError, match="time zone"):
        due_at(naive, target, kupang())
    with pytest.raises(ValueError, match="time zone"):
        used(wita("2026-07-06 09:00"), target, kupang(), naive)
    with pytest.raises(ValueError, match="time zone"):
        Pause(naive, FOREVER)
    with pytest.raises(ValueError, match="time zone"):
        Pause(wita("2026-07-06 09:00"), naive)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_promise_of_nothing_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        days(amount)


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        pause("2026-07-06 09:00", "2026-07-06 08:59")


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        share_at(wita("2026-07-06 09:00"), days(1), kupang(), Fraction(0))
