"""Why is this the deadline? Each stretch that ran or stood still, with its reason."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given

from complaints.clock.arithmetic import Pause, Span, SpanKind, Target, Unit, due_at, explain, used
from tests.clock.calendars import MAKASSAR, kupang, wita
from tests.clock.strategies import Case, cases

DAYS, HOURS, DATES = Unit.WORKING_DAYS, Unit.WORKING_HOURS, Unit.CALENDAR_DAYS


def _lines(spans: list[Span]) -> list[str]:
    def clock(at: datetime) -> str:
        return at.astimezone(MAKASSAR).strftime("%d %H:%M")

    return [
        f"{clock(span.start)} {span.kind}{f' {span.counted}' if span.counted else ''}"
        f"{f' ({span.name})' if span.name else ''} {clock(span.end)}"
        for span in spans
    ]


def test_a_weekend_and_a_holiday_are_named() -> None:
    assert _lines(explain(wita("2026-08-13 17:00"), Target(2, DAYS), kupang())) == [
        "13 17:00 waited_for_opening 14 07:30",
        "14 07:30 day_zero 15 00:00",
        "15 00:00 weekend 17 00:00",
        "17 00:00 holiday (Hari Kemerdekaan) 18 00:00",
        "18 00:00 ran 2 19 16:00",
    ]


def test_a_week_of_holidays_is_named_day_by_day() -> None:
    assert _lines(explain(wita("2026-03-17 09:00"), Target(1, DAYS), kupang())) == [
        "17 09:00 day_zero 18 00:00",
        "18 00:00 holiday (Cuti bersama Hari Suci Nyepi) 19 00:00",
        "19 00:00 holiday (Hari Suci Nyepi) 20 00:00",
        "20 00:00 holiday (Cuti bersama Idul Fitri) 21 00:00",
        "21 00:00 holiday (Idul Fitri) 22 00:00",
        "22 00:00 holiday (Idul Fitri, hari kedua) 23 00:00",
        "23 00:00 holiday (Cuti bersama Idul Fitri) 25 00:00",
        "25 00:00 ran 1 25 16:00",
    ]


def test_a_pause_and_the_day_it_cost() -> None:
    held = [Pause(wita("2026-07-07 15:00"), wita("2026-07-08 09:00"))]
    assert _lines(explain(wita("2026-07-06 09:00"), Target(2, DAYS), kupang(), held)) == [
        "06 09:00 day_zero 07 00:00",
        "07 00:00 not_counted 07 15:00",
        "07 15:00 paused 08 09:00",
        "08 09:00 ran 2 09 16:00",
    ]


def test_a_day_with_a_pause_inside_counts_once_where_it_first_ran() -> None:
    held = [Pause(wita("2026-07-07 10:00"), wita("2026-07-07 11:00"))]
    assert _lines(explain(wita("2026-07-06 09:00"), Target(1, DAYS), kupang(), held)) == [
        "06 09:00 day_zero 07 00:00",
        "07 00:00 ran 1 07 10:00",
        "07 10:00 paused 07 11:00",
        "07 11:00 ran 07 16:00",
    ]


def test_a_clock_stopped_for_good_ends_in_an_empty_pause() -> None:
    held = [Pause(wita("2026-07-08 09:00"), None)]
    lines = _lines(explain(wita("2026-07-06 09:00"), Target(3, DAYS), kupang(), held))
    assert lines[-1] == "08 09:00 paused 08 09:00"
    assert lines[-2] == "08 00:00 not_counted 08 09:00"
    until = explain(wita("2026-07-06 09:00"), Target(3, DAYS), kupang(), held, wita("2026-07-09 10:00"))
    assert _lines(until)[-1] == "08 09:00 paused 09 10:00"


def test_hours_are_told_with_nights_and_breaks() -> None:
    assert _lines(explain(wita("2026-07-10 06:00"), Target(8, HOURS), kupang())) == [
        "10 06:00 waited_for_opening 10 07:30",
        "10 07:30 ran 14400 10 11:30",
        "10 11:30 closed 10 13:00",
        "10 13:00 ran 12600 10 16:30",
        "10 16:30 closed 11 00:00",
        "11 00:00 weekend 13 00:00",
        "13 00:00 closed 13 07:30",
        "13 07:30 ran 1800 13 08:00",
    ]


def test_calendar_days_run_through_weekends() -> None:
    assert _lines(explain(wita("2026-07-10 09:00"), Target(3, DATES), kupang())) == [
        "10 09:00 day_zero 11 00:00",
        "11 00:00 ran 3 13 23:59",
    ]


def test_told_up_to_now_the_day_under_way_is_not_counted_and_what_is_late_is_said() -> None:
    start, target = wita("2026-07-06 09:00"), Target(2, DAYS)
    assert _lines(explain(start, target, kupang(), until=wita("2026-07-08 10:00"))) == [
        "06 09:00 day_zero 07 00:00",
        "07 00:00 ran 1 08 10:00",
    ]
    assert _lines(explain(start, target, kupang(), until=wita("2026-07-10 10:00")))[1:] == [
        "07 00:00 ran 2 08 16:00",
        "08 16:00 overdue 10 10:00",
    ]
    assert explain(start, target, kupang(), until=wita("2026-07-01 10:00")) == []


def test_a_holiday_keeps_both_its_names_and_its_kind() -> None:
    (holiday,) = [
        span
        for span in explain(wita("2026-08-14 09:00"), Target(1, DAYS), kupang())
        if span.kind == SpanKind.HOLIDAY
    ]
    assert holiday.day_off
    assert (holiday.day_off.name_en, holiday.day_off.kind) == ("Independence Day", "national")


@given(cases())
def test_the_story_has_no_gaps_and_adds_up(case: Case) -> None:
    due = due_at(*case)
    spans = explain(*case)
    start, target, calendar, pauses = case
    assert spans[0].start == start
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert all(span.start.tzinfo is UTC and span.start <= span.end for span in spans)
    counted = sum(span.counted for span in spans)
    if due is None:
        assert spans[-1].kind == SpanKind.PAUSED
        assert counted < target.amount * (3600 if target.unit is HOURS else 1)
    else:
        assert spans[-1].end == due
        assert counted == target.amount * (3600 if target.unit is HOURS else 1)
    if target.unit is not HOURS and due:
        middle = start + (due - start) / 2
        told = sum(span.counted for span in explain(start, target, calendar, pauses, middle))
        assert told == int(used(start, target, calendar, middle, pauses) * target.amount)


@pytest.mark.parametrize("unit", list(Unit))
def test_a_naive_end_is_refused(unit: Unit) -> None:
    with pytest.raises(ValueError, match="time zone"):
        explain(wita("2026-07-06 09:00"), Target(1, unit), kupang(), until=datetime(2026, 7, 7))  # noqa: DTZ001
