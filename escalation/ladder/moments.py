"""When a rule that looks at one target raises a case: pure arithmetic over working time."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from complaints.clock.arithmetic import Pause, Target, Unit, due_at, share_at
from complaints.clock.working_calendar import MICROSECOND, WorkingCalendar


def used_at(
    start: datetime, target: Target, calendar: WorkingCalendar, per_cent: int, pauses: tuple[Pause, ...] = ()
) -> datetime | None:
    """When so many per cent of a target are used; None while a pause without an end stops it before."""
    return share_at(start, target, calendar, Fraction(per_cent, 100), pauses)


def overdue_at(due: datetime, by: Target, calendar: WorkingCalendar) -> datetime:
    """When what was due at `due` is overdue by so much.

    The day of the due moment is day zero, though the office closes at that very moment: a day overdue is the
    closing of the next working day.
    """
    begin = due if by.unit is Unit.WORKING_HOURS else due - MICROSECOND
    moment = due_at(begin, by, calendar)
    assert moment is not None  # nothing pauses it
    return moment


def counted_from(due: datetime, unit: Unit, calendar: WorkingCalendar) -> date:
    """All of the due moment that `overdue_at` depends on: the moment itself, or its day, which for working days is the
    next one where the office had closed by then."""
    if unit is Unit.WORKING_HOURS:
        return due
    begin = due - MICROSECOND
    return calendar.first_day(begin) if unit is Unit.WORKING_DAYS else calendar.local_date(begin)


def week_after(told_at: datetime, calendar: WorkingCalendar) -> datetime:
    """When whoever was told at `told_at` is told again: the first opening of the week after the one in which they
    could read it. All that is late is so told on one morning."""
    read_on = calendar.local_date(calendar.next_opening(told_at))
    return calendar.next_opening(calendar.midnight(read_on + timedelta(days=7 - read_on.weekday())))
