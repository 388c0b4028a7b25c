"""A day that another system promised: it stays, however it was reckoned there. Only what happens here moves it.

Pure: no Django.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from complaints.clock.arithmetic import Pause, Target, Unit, due_at, merged
from complaints.clock.working_calendar import ONE_DAY, WorkingCalendar


def given_due(
    given: datetime, start: datetime, calendar: WorkingCalendar, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The given moment, later by the office time in which the clock stood still between `start` and it; None while it
    stands still. What stood still after the day had passed does not mend it."""
    given, still = given.astimezone(UTC), [pause for pause in pauses if start <= pause.start < given]
    if any(pause.end is None for pause in still):
        return None
    lost, moved = timedelta(0), given
    for begin, end in merged(still):
        until = min(end, given)
        lost += _open_time(begin, until, calendar)
        moved = max(moved, end)
    if not lost:
        return given
    return _after(moved, lost, calendar)


def extended(due: datetime | None, days: int, unit: Unit, calendar: WorkingCalendar) -> datetime | None:
    """So many more from where it stood."""
    return due_at(due, Target(days, unit), calendar) if due is not None and days else due


def _open_time(begin: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    day, last, total = calendar.local_date(begin), calendar.local_date(end), timedelta(0)
    while day <= last:
        for opens, closes in calendar.intervals(day):
            total += max(min(closes, end) - max(opens, begin), timedelta(0))
        day += ONE_DAY
    return total


def _after(moment: datetime, lost: timedelta, calendar: WorkingCalendar) -> datetime:
    while True:
        start = calendar.next_opening(moment)
        closes = next(
            end for begin, end in calendar.intervals(calendar.local_date(start)) if begin <= start < end
        )
        if lost <= closes - start:
            return start + lost
        lost -= closes - start
        moment = closes
