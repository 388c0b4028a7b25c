"""Days counted one by one, as the clock did before it looked them up (complaints/clock/counted_days.py)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction

from complaints.clock.arithmetic import Pause, Target, counting_days, merged, pause_at, running
from complaints.clock.working_calendar import FOREVER, MICROSECOND, Interval, Intervals, WorkingCalendar


def share_at(
    start: datetime,
    target: Target,
    calendar: WorkingCalendar,
    share: Fraction | int,
    pauses: Sequence[Pause] = (),
) -> datetime | None:
    """When this share of a target in days is used, on a calendar that has kept nothing yet."""
    fresh = WorkingCalendar(calendar.tz, calendar.hours, calendar.days_off)
    still, counted = merged(pauses), 0
    whole, part = divmod(target.amount * share, 1)
    for day in counting_days(start.astimezone(UTC), target.unit, fresh):
        pause = pause_at(day[-1][1], still)
        if pause is not None and pause[1] == FOREVER:
            return None
        if pause is not None:
            continue
        if counted == whole:
            return _within(day, part, still)
        counted += 1
        if counted == whole and not part:
            return day[-1][1]
    raise AssertionError


def _within(day: Intervals, part: Fraction | int, still: Sequence[Interval]) -> datetime:
    pieces = running(day, still)
    wanted = part * sum((end - start) // MICROSECOND for start, end in pieces)
    for start, end in pieces:
        length = (end - start) // MICROSECOND
        if wanted <= length:
            return start + -(-wanted // 1) * MICROSECOND
        wanted -= length
    return day[-1][1]
