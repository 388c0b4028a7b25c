"""What a service level would promise: the due moments of reports that arrive at a few telling moments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from complaints.clock.arithmetic import due_at
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of
from complaints.clock.working_calendar import WorkingCalendar
from complaints.models import ServiceLevel
from complaints.models.policy import Stage, target_of

STAGES = (Stage.VERIFICATION, Stage.FIRST_RESPONSE, Stage.RESOLUTION)
LOOKED_AT = 400  # days in which a day off is looked for
FRIDAY, SATURDAY = 4, 5
BEFORE_CLOSING = timedelta(minutes=15)


@dataclass(frozen=True)
class Promise:
    """A report that arrives `at`; `due`: when it is checked, first answered and settled. The first answer is counted
    from the same moment, as if it were assigned at once."""

    when: str
    at: datetime
    due: tuple[datetime | None, ...]


def promises(level: ServiceLevel, now: datetime) -> list[Promise]:
    """By the city's calendar. LookupError without one."""
    calendar = calendar_for(None)[1]
    targets = level.targets()
    return [
        Promise(when, at, tuple(due_at(at, target_of(targets, stage), calendar) for stage in STAGES))
        for when, at in _moments(calendar, now)
    ]


def _moments(calendar: WorkingCalendar, now: datetime) -> list[tuple[str, datetime]]:
    """Now, late on a Friday, on a Saturday, and on the last working day before the next day off in a week."""
    today = day_of(now)
    found = [(_("now"), now)]
    days = [today + timedelta(days=n) for n in range(LOOKED_AT)]
    open_late = [day for day in days if calendar.is_working_day(day) and _late(calendar, day) > now]
    friday = next((day for day in open_late if day.weekday() == FRIDAY), None)
    if friday is not None:
        found.append((_("just before the office closes on a Friday"), _late(calendar, friday)))
    saturday = next((day for day in days[1:] if day.weekday() == SATURDAY), None)
    if saturday is not None:
        found.append((_("on a Saturday"), calendar.midnight(saturday) + timedelta(hours=9)))
    off = next((day for day in days[1:] if day in calendar.days_off and day.weekday() < SATURDAY), None)
    before = [day for day in open_late if off is not None and day < off]
    if before:
        found.append((_("on the day before a day off"), _late(calendar, before[-1])))
    return found


def _late(calendar: WorkingCalendar, day: date) -> datetime:
    return calendar.closing(day) - BEFORE_CLOSING
