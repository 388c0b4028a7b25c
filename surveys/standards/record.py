"""What became of the reports about a service, held against the working days that it promises. Counts, for everybody.

A report counts against the promise of the day on which it was received. Fewer than five are not shown, and no part of
what is shown may be found by subtraction. No percentage of fewer than twenty.
"""

from collections import Counter as Count
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from complaints.clock.arithmetic import Target, Unit, due_at
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, start_of
from complaints.clock.kept import ANSWERED
from complaints.clock.working_calendar import WorkingCalendar
from complaints.models import Complaint, Service
from complaints.models.catalogue import Kind
from complaints.models.complaint import Complaints
from complaints.shares import share_of
from complaints.states import OPEN
from surveys.standards.in_force import days_of
from surveys.standards.models import OUTCOMES, Part, StandardChange

PERIOD = timedelta(days=365)
FEWEST = 5


@dataclass(frozen=True)
class Record:
    """Reports of a year: all, answered in the promised days, answered later, open within and past them, ended
    otherwise; and those received while no days were promised."""

    received: int
    in_time: int
    late: int
    running: int
    past: int
    otherwise: int
    unpromised: int

    @property
    def is_shown(self) -> bool:
        return self.received >= FEWEST

    @property
    def parts(self) -> tuple[int, ...]:
        return tuple(getattr(self, name) for name in OUTCOMES)

    @property
    def parts_shown(self) -> bool:
        """Whether no part is so small that it would tell of a single report."""
        return self.is_shown and all(not part or part >= FEWEST for part in self.parts)

    @property
    def share(self) -> str:
        """How many of the answered were answered in time, in words."""
        return share_of(self.in_time, self.in_time + self.late)


def cases_about(service: Service) -> Complaints:
    """Reports that everybody may know to have been counted: no oversight complaints, each shared one once, and each
    merged one, whose citizen came too."""
    rows = Complaint.objects.visible_to(None).filter(service=service, parent=None)
    return rows.exclude(kind=Kind.OVERSIGHT)


def record_of(service: Service, now: datetime) -> Record:
    """Of the last year, read report by report: for the worker and the check of what it kept (`keeping.py`)."""
    since = start_of(day_of(now) - PERIOD)
    rows = cases_about(service).filter(received_at__gte=since, received_at__lte=now)
    changes = promises_of(service)
    found = [
        Told(state, received_at, ended_at)
        for state, received_at, ended_at in rows.values_list("state", "received_at", "ended_at")
    ]
    if not found:
        return Record(0, 0, 0, 0, 0, 0, 0)
    _row, calendar = calendar_for(service.agency_id)
    days = {each.came_on: days_of(changes, service, each.came_on) for each in found}
    return count(found, days, calendar, now)


def promises_of(service: Service) -> list[StandardChange]:
    """What was promised from when on; before, and where it is empty, what the catalogue says."""
    return list(StandardChange.objects.filter(part=Part.TIME, service=service))


@dataclass(frozen=True)
class Told:
    """What is needed of a report."""

    state: str
    received_at: datetime
    ended_at: datetime | None

    @property
    def came_on(self) -> date:
        return day_of(self.received_at)


def count(
    reports: Iterable[Told], days: dict[date, int | None], calendar: WorkingCalendar, now: datetime
) -> Record:
    """`days`: the working days promised on each day on which one was received."""
    ends: dict[tuple[date, int], datetime] = {}
    found: Count[str] = Count()
    for each in reports:
        promised = days[each.came_on]
        if promised is None:
            found["unpromised"] += 1
            continue
        key = (calendar.first_day(each.received_at), promised)
        if key not in ends:
            end = due_at(each.received_at, Target(promised, Unit.WORKING_DAYS), calendar)
            assert end is not None  # only a pause without an end has none
            ends[key] = end
        found[_part(each, ends[key], now)] += 1
    return Record(sum(found.values()), *(found[name] for name in OUTCOMES))


def _part(each: Told, end: datetime, now: datetime) -> str:
    if each.state in ANSWERED and each.ended_at is not None:
        return "in_time" if each.ended_at <= end else "late"
    if each.state in OPEN:
        return "running" if now <= end else "past"
    return "otherwise"
