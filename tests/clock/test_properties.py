"""What must hold for every start, target, calendar and pause, and what a slow oracle says of each."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from complaints.clock.arithmetic import Pause, Target, Unit, due_at, share_at, used
from complaints.clock.working_calendar import WorkingCalendar
from tests.clock import oracle
from tests.clock.calendars import CLOSED_FOR_FLOOD, kupang, wita
from tests.clock.strategies import Case, calendars, cases, days, moments, pauses_near, targets

IN_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
FAR = 220  # days: longer than a dozen working days can take on a calendar open once a week
SHARES = st.fractions(Fraction(1, 100), Fraction(1))


def _no_sooner(later: datetime | None, sooner: datetime | None) -> bool:
    """A clock that never runs out is later than any other."""
    return later is None or (sooner is not None and sooner <= later)


@given(cases(IN_DAYS))
def test_days_are_due_when_the_oracle_says(case: Case) -> None:
    assert due_at(*case) == oracle.due_at(*case, days=FAR)


@given(cases((Unit.WORKING_HOURS,)))
@settings(max_examples=60)
def test_hours_are_due_when_the_oracle_says(case: Case) -> None:
    due = due_at(*case)
    assert due == oracle.due_at(*case, days=FAR if due else 30)


@given(cases(), st.integers(-1440, 15 * 1440))
@settings(max_examples=60)
def test_as_much_is_used_as_the_oracle_says(case: Case, minutes: int) -> None:
    start, target, calendar, pauses = case
    at = start + timedelta(minutes=minutes)
    count = used(start, target, calendar, at, pauses) * target.amount
    if target.unit is Unit.WORKING_HOURS:
        assert count * 60 == oracle.minutes_used(start, calendar, at, pauses)
    else:
        assert int(count) == oracle.days_used(start, target.unit, calendar, at, pauses)


@given(cases(), st.integers(0, 30 * 1440))
def test_what_starts_later_is_due_no_sooner(case: Case, minutes: int) -> None:
    start, target, calendar, pauses = case
    later = start + timedelta(minutes=minutes)
    assert _no_sooner(due_at(later, target, calendar, pauses), due_at(*case))


@given(cases(), st.integers(1, 5))
def test_a_longer_target_is_due_later(case: Case, more: int) -> None:
    start, target, calendar, pauses = case
    longer = due_at(start, Target(target.amount + more, target.unit), calendar, pauses)
    due = due_at(*case)
    assert longer is None or (due is not None and due < longer)


@given(cases(), days())
@example(Case(wita("2026-07-06 09:00"), Target(3, Unit.WORKING_DAYS), kupang(), ()), date(2026, 7, 8))
def test_a_holiday_added_makes_nothing_due_sooner(case: Case, day: date) -> None:
    start, target, calendar, pauses = case
    shorter = WorkingCalendar(calendar.tz, calendar.hours, {**calendar.days_off, day: CLOSED_FOR_FLOOD})
    assert _no_sooner(due_at(start, target, shorter, pauses), due_at(*case))


@given(cases(), st.data())
def test_a_pause_added_makes_nothing_due_sooner(case: Case, data: st.DataObject) -> None:
    start, target, calendar, pauses = case
    more = [*pauses, *data.draw(pauses_near(start))]
    assert _no_sooner(due_at(start, target, calendar, more), due_at(*case))


@given(cases(), st.integers(1, 10_000), st.integers(0, 10_000))
def test_a_pause_elsewhere_does_not_matter(case: Case, minutes: int, length: int) -> None:
    start, target, calendar, pauses = case
    due = due_at(*case)
    before = Pause(start - timedelta(minutes=minutes + length), start - timedelta(minutes=minutes))
    elsewhere = [before, *pauses]
    if due is not None:
        elsewhere.insert(0, Pause(due + timedelta(minutes=minutes), None))
    assert due_at(start, target, calendar, elsewhere) == due


@given(cases())
def test_the_order_and_the_cut_of_pauses_do_not_matter(case: Case) -> None:
    start, target, calendar, pauses = case
    halves = [
        half
        for pause in pauses
        if pause.end
        for middle in [pause.start + (pause.end - pause.start) / 2]
        for half in (Pause(middle, pause.end), Pause(pause.start, middle))
    ]
    cut = [*halves, *(pause for pause in reversed(pauses) if pause.end is None)]
    assert due_at(start, target, calendar, cut) == due_at(*case)


@given(cases())
def test_the_due_moment_is_a_working_moment(case: Case) -> None:
    start, target, calendar, pauses = case
    due = due_at(*case)
    assume(due is not None)
    assert due is not None
    assert due > start
    closed = Unit.CALENDAR_DAYS is target.unit
    assert closed or calendar.is_open(due) or calendar.is_open(due - timedelta(microseconds=1))
    paused = any(pause.start < due and (pause.end is None or due < pause.end) for pause in pauses)
    assert not paused


@given(cases(), SHARES)
def test_a_share_is_used_when_its_moment_comes_and_not_before(case: Case, share: Fraction) -> None:
    start, target, calendar, pauses = case
    at, due = share_at(start, target, calendar, share, pauses), due_at(*case)
    assert _no_sooner(due, at)
    if at is not None:
        assert used(start, target, calendar, at, pauses) >= share
        assert used(start, target, calendar, at - timedelta(microseconds=1), pauses) < share


@given(cases(), SHARES, SHARES)
def test_a_larger_share_is_used_later(case: Case, one: Fraction, other: Fraction) -> None:
    start, target, calendar, pauses = case
    small, large = sorted([one, other])
    first = share_at(start, target, calendar, small, pauses)
    assert _no_sooner(share_at(start, target, calendar, large, pauses), first)


@given(cases(), st.lists(st.integers(0, 40 * 1440), min_size=2, max_size=6))
def test_what_is_used_never_shrinks(case: Case, minutes: list[int]) -> None:
    start, target, calendar, pauses = case
    shares = [
        used(start, target, calendar, start + timedelta(minutes=minute), pauses) for minute in sorted(minutes)
    ]
    assert shares == sorted(shares)


@given(moments(), calendars())
def test_the_next_opening_is_open_and_nothing_is_open_before_it(
    at: datetime, calendar: WorkingCalendar
) -> None:
    opening = calendar.next_opening(at)
    assert calendar.is_open(opening)
    assert opening >= at
    assert calendar.local_date(opening) >= calendar.first_day(at) or calendar.is_open(at)
    between = [at + (opening - at) * part / 7 for part in range(7)]
    assert opening == at or not any(calendar.is_open(moment) for moment in between)


@given(cases())
def test_the_same_answer_whatever_zone_the_moments_are_given_in(case: Case) -> None:
    start, target, calendar, pauses = case
    local = [
        Pause(pause.start.astimezone(calendar.tz), pause.end and pause.end.astimezone(calendar.tz))
        for pause in pauses
    ]
    assert due_at(start.astimezone(calendar.tz), target, calendar, local) == due_at(*case)


@given(targets(), moments())
def test_asking_twice_gives_the_same(target: Target, start: datetime) -> None:
    fresh = WorkingCalendar(kupang().tz, kupang().hours, kupang().days_off)
    assert due_at(start, target, fresh) == due_at(start, target, fresh) == due_at(start, target, kupang())
