"""Looking up the day on which so many have counted says what walking to it says, whatever was asked before."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import partial
from threading import Thread
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.clock.arithmetic import Pause, Target, Unit, due_at, share_at
from complaints.clock.counted_days import DayList
from complaints.clock.working_calendar import NoWorkingDayError, WorkingCalendar
from tests.clock import walk
from tests.clock.calendars import MAKASSAR, kupang, weekdays, wita
from tests.clock.strategies import MINUTE, calendars

IN_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
SHARES = st.just(Fraction(1)) | st.fractions(Fraction(1, 100), Fraction(3, 2))
DAY = 1440  # minutes


class Asked(NamedTuple):
    """A case as it goes on: one start and its pauses, counted by the calendar of each office that has it."""

    start: datetime
    target: Target
    share: Fraction
    pauses: Sequence[Pause]


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Starts some years apart, targets of up to a quarter, pauses up to two years long, before and after the start."""
    start = datetime(2024, 1, 1, tzinfo=UTC) + draw(st.integers(0, 3 * 365 * DAY)) * MINUTE
    pauses: list[Pause] = []
    for _ in range(draw(st.integers(0, 5))):
        begin = start + draw(st.integers(-30 * DAY, 90 * DAY)) * MINUTE
        length = draw(st.none() if draw(st.integers(0, 9)) == 9 else st.integers(0, 40 * DAY))
        length = length and length * draw(st.sampled_from([1, 1, 1, 18]))
        pauses.append(Pause(begin, None if length is None else begin + length * MINUTE))
    target = Target(draw(st.integers(1, 60)), draw(st.sampled_from(IN_DAYS)))
    return Asked(start, target, draw(SHARES), pauses)


def answer(ask: Callable[..., datetime | None], case: Asked, calendar: WorkingCalendar) -> object:
    """The moment, or which error says that there is none."""
    try:
        return ask(case.start, case.target, calendar, case.share, case.pauses)
    except NoWorkingDayError as error:
        return str(error)


@given(st.lists(asked(), min_size=1, max_size=6), st.lists(calendars(), min_size=1, max_size=2))
def test_a_look_says_what_the_walk_says(cases: list[Asked], offices: list[WorkingCalendar]) -> None:
    """Of several cases, one after the other, each handed over from office to office and back."""
    for case in cases:
        for calendar in [*offices, offices[0]]:
            assert answer(share_at, case, calendar) == answer(walk.share_at, case, calendar)


def test_a_day_counts_by_its_closing_moment_alone() -> None:
    start, closing = wita("2026-07-06 09:00"), wita("2026-07-07 16:00")
    for begin, end, due in (
        (closing, closing + MINUTE, "2026-07-08 16:00"),
        (closing - MINUTE, closing, "2026-07-07 16:00"),
        (closing, closing, "2026-07-07 16:00"),
        (closing + MINUTE, closing + 60 * MINUTE, "2026-07-07 16:00"),
    ):
        pauses = [Pause(begin, end)]
        assert due_at(start, Target(1, Unit.WORKING_DAYS), weekdays(), pauses) == wita(due)


def test_a_pause_from_before_the_start_takes_days_after_it_only() -> None:
    pauses = [Pause(wita("2026-06-01 09:00"), wita("2026-07-08 09:00"))]
    due = due_at(wita("2026-07-06 09:00"), Target(2, Unit.WORKING_DAYS), weekdays(), pauses)
    assert due == wita("2026-07-09 16:00")


def closed_from(last: date, days: int) -> WorkingCalendar:
    """Open on weekdays, but for so many days after `last`."""
    return weekdays(MAKASSAR, *(last + timedelta(number) for number in range(1, days + 1)))


@pytest.mark.parametrize("amount", [1, 2, 3])
def test_a_closure_without_end_is_an_error_each_time_and_only_for_who_comes_to_it(amount: int) -> None:
    calendar, start = closed_from(date(2026, 7, 8), 4 * 366), wita("2026-07-06 09:00")
    case = Asked(start, Target(amount, Unit.WORKING_DAYS), Fraction(1), [])
    before = Asked(wita("2025-12-01 09:00"), case.target, case.share, [])
    after = Asked(wita("2031-07-06 09:00"), case.target, case.share, [])
    for each in (case, case, before, case, after, case):
        assert answer(share_at, each, calendar) == answer(walk.share_at, each, calendar)


@pytest.mark.parametrize("end", ["2028-07-08 09:00", "2026-07-08 16:00", "2026-07-08 16:01"])
def test_a_pause_up_to_a_closure_without_end_is_an_error_only_where_it_matters(end: str) -> None:
    calendar, start = closed_from(date(2026, 7, 8), 4 * 366), wita("2026-07-06 09:00")
    for begin in ("2026-07-07 09:00", "2026-07-08 09:00"):
        for amount in (1, 2):
            case = Asked(
                start, Target(amount, Unit.WORKING_DAYS), Fraction(1), [Pause(wita(begin), wita(end))]
            )
            assert answer(share_at, case, calendar) == answer(walk.share_at, case, calendar)


def test_thousands_of_cases_share_one_list() -> None:
    """Forty days past two pauses walk no day anew once they are known."""
    calendar, found = kupang(), []
    fresh = WorkingCalendar(calendar.tz, calendar.hours, calendar.days_off)
    start, target = wita("2026-02-02 09:00"), Target(40, Unit.WORKING_DAYS)
    pauses = [
        Pause(start + timedelta(3), start + timedelta(12)),
        Pause(start + timedelta(20), start + timedelta(31)),
    ]
    for step in range(3):
        due_at(start + timedelta(step), target, fresh, pauses)
        (days,) = fresh.day_lists.values()
        assert isinstance(days, DayList)
        found.append(days.last)
    assert found == sorted(found)
    assert found[0] == calendar.local_date(due_at(start, target, fresh, pauses) or start)


def test_the_first_year_there_is() -> None:
    start, target = datetime(1, 1, 2, 3, tzinfo=UTC), Target(1, Unit.CALENDAR_DAYS)
    assert due_at(start, target, weekdays()) == walk.share_at(start, target, weekdays(), 1)


def test_threads_that_look_at_once_find_the_same_days() -> None:
    """The site has several, which share the calendars of their process."""
    begin, found = date(2026, 1, 1), list[object]()
    days = DayList(begin, weekdays().next_calendar_day)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        look = partial(days.counted, begin, 3000, ())
        threads = [Thread(target=lambda: found.append(look())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert found == [weekdays().whole_day(begin + timedelta(days=3000))] * 4
