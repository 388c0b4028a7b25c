"""A deliberately slow second opinion on the clock, sharing no arithmetic with it.

It looks at the office's wall clock minute by minute, so everything given to it must lie on whole minutes.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from complaints.clock.arithmetic import Pause, Target, Unit
from complaints.clock.working_calendar import WorkingCalendar

MINUTE = timedelta(minutes=1)
CLOSING_OF_A_CALENDAR_DAY = time(23, 59)


@cache
def _first_minute(day: date, wall: time, tz: ZoneInfo) -> datetime:
    """The first minute of this local date whose wall clock shows `wall` or later, by looking at each."""
    at = datetime.combine(day, time(0), UTC) - timedelta(hours=15)
    while (at.astimezone(tz).date(), at.astimezone(tz).time()) < (day, wall):
        at += MINUTE
    return at


def _closing(day: date, unit: Unit, calendar: WorkingCalendar) -> datetime | None:
    if unit is Unit.CALENDAR_DAYS:
        return _first_minute(day, CLOSING_OF_A_CALENDAR_DAY, calendar.tz)
    if day in calendar.days_off or not calendar.hours.get(day.weekday()):
        return None
    return _first_minute(day, calendar.hours[day.weekday()][-1][1], calendar.tz)


def _stands_still(at: datetime, pauses: Sequence[Pause]) -> bool:
    return any(pause.start <= at and (pause.end is None or at < pause.end) for pause in pauses)


def _is_open(at: datetime, calendar: WorkingCalendar) -> bool:
    day = at.astimezone(calendar.tz).date()
    if day in calendar.days_off:
        return False
    return any(
        _first_minute(day, opens, calendar.tz) <= at < _first_minute(day, closes, calendar.tz)
        for opens, closes in calendar.hours.get(day.weekday(), ())
    )


def _counted_closings(
    start: datetime, unit: Unit, calendar: WorkingCalendar, pauses: Sequence[Pause], days: int
) -> Iterator[datetime]:
    day = start.astimezone(calendar.tz).date()
    zero_seen = unit is Unit.CALENDAR_DAYS
    if not zero_seen:
        closing = _closing(day, unit, calendar)
        zero_seen = closing is not None and start < closing
    for _ in range(days):
        day += timedelta(days=1)
        closing = _closing(day, unit, calendar)
        if closing is None:
            continue
        if not zero_seen:
            zero_seen = True
        elif not _stands_still(closing, pauses):
            yield closing


def due_at(
    start: datetime, target: Target, calendar: WorkingCalendar, pauses: Sequence[Pause], days: int
) -> datetime | None:
    """When the target is used up, or None when that does not happen within so many days."""
    if target.unit is not Unit.WORKING_HOURS:
        closings = _counted_closings(start, target.unit, calendar, pauses, days)
        return next((at for number, at in enumerate(closings, 1) if number == target.amount), None)
    at, minutes = start, 0
    while minutes < target.amount * 60 and at < start + timedelta(days=days):
        if _is_open(at, calendar) and not _stands_still(at, pauses):
            minutes += 1
        at += MINUTE
    return at if minutes == target.amount * 60 else None


def minutes_used(start: datetime, calendar: WorkingCalendar, at: datetime, pauses: Sequence[Pause]) -> int:
    """Opening minutes that ran from `start` to `at`."""
    count = 0
    while start < at:
        count += _is_open(start, calendar) and not _stands_still(start, pauses)
        start += MINUTE
    return count


def days_used(
    start: datetime, unit: Unit, calendar: WorkingCalendar, at: datetime, pauses: Sequence[Pause]
) -> int:
    """Counted days that have closed by `at`."""
    days = (at - start).days + 2
    return sum(closing <= at for closing in _counted_closings(start, unit, calendar, pauses, days))
