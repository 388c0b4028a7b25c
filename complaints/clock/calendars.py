"""The office calendar that counts for an agency, and the policy: kept in memory until a row changes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from complaints.clock.city_time import zone
from complaints.clock.working_calendar import DayOff, WorkingCalendar
from complaints.models import Holiday, OfficeCalendar, OpeningHours, ServiceLevel


def calendar_for(agency_id: int | None) -> tuple[OfficeCalendar, WorkingCalendar]:
    """The agency's own calendar, else the city's. LookupError when the city has none."""
    rows = OfficeCalendar.objects.filter(Q(agency_id=agency_id) | Q(agency__isnull=True))
    chosen = sorted(rows, key=lambda row: row.agency_id is None)
    if not chosen:
        raise LookupError("the city has no office calendar: run manage.py load_city")
    return chosen[0], build(chosen[0])


def calendars() -> "Calendars":
    """All calendars of the city in one query, for a list of cases."""
    return Calendars({row.agency_id: row for row in OfficeCalendar.objects.all()})


@dataclass(frozen=True)
class Calendars:
    rows: dict[int | None, OfficeCalendar]

    def of(self, agency_id: int | None) -> WorkingCalendar:
        """The agency's own calendar, else the city's. LookupError when the city has none."""
        row = self.rows.get(agency_id) or self.rows.get(None)
        if row is None:
            raise LookupError("the city has no office calendar: run manage.py load_city")
        return build(row)


def build(row: OfficeCalendar) -> WorkingCalendar:
    """The pure calendar of `row`, with the city's days off and its own."""
    return _build(row.pk, row.revision, zone(), str(settings.DATABASES["default"]["NAME"]))


@lru_cache(maxsize=64)
def _build(pk: int, revision: int, tz: ZoneInfo, database: str) -> WorkingCalendar:
    hours: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for part in OpeningHours.objects.filter(calendar_id=pk):
        hours[part.weekday].append((part.opens_at, part.closes_at))
    days_off = {
        day.on: DayOff(day.name_id, day.name_en, day.source)
        for day in Holiday.objects.filter(Q(calendar_id=pk) | Q(calendar__agency__isnull=True))
    }
    return WorkingCalendar(
        tz=tz,
        hours={weekday: tuple(sorted(parts)) for weekday, parts in hours.items()},
        days_off=days_off,
    )


def service_levels(city: OfficeCalendar) -> tuple[ServiceLevel, ...]:
    """All policy rows; like the calendars read anew when the city calendar's revision has risen."""
    return _service_levels(city.pk, city.revision, str(settings.DATABASES["default"]["NAME"]))


@lru_cache(maxsize=4)
def _service_levels(pk: int, revision: int, database: str) -> tuple[ServiceLevel, ...]:
    return tuple(ServiceLevel.objects.order_by("pk"))


def forget() -> None:
    """Empties the memory; tests that make calendars anew call it."""
    _build.cache_clear()
    _service_levels.cache_clear()
