"""The office calendar that counts for an agency, and the policy: kept in memory until a row changes."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Q

from complaints.clock.city_time import zone
from complaints.clock.working_calendar import DayOff, WorkingCalendar
from complaints.models import Holiday, OfficeCalendar, OpeningHours, ServiceLevel

# All of it in one look: by the revisions a process sees that what it keeps is what the database has.
_LOOK = ("id", "name", "agency_id", "revision")
_CALENDARS = "SELECT id, name, agency_id, revision FROM complaints_officecalendar ORDER BY id"
_AS_COLUMN = {
    "postgresql": "SELECT CAST(json_agg(json_build_array(id, name, agency_id, revision)) AS text)"
    " FROM complaints_officecalendar",
    "sqlite": "SELECT json_group_array(json_array(id, name, agency_id, revision)) FROM complaints_officecalendar",
}


def calendar_for(agency_id: int | None) -> tuple[OfficeCalendar, WorkingCalendar]:
    """The agency's own calendar, else the city's. LookupError when the city has none."""
    row = calendars().row_of(agency_id)
    return row, build(row)


def calendars() -> "Calendars":
    """All calendars of the city in one query, for a list of cases."""
    with connection.cursor() as cursor:
        cursor.execute(_CALENDARS)
        return _calendars(tuple(cursor.fetchall()))


def calendars_column() -> str:
    """The same look as one column of a statement that is asked anyhow; `calendars_of` reads its value."""
    return f"({_AS_COLUMN[connection.vendor]})"


def calendars_of(column: str | None) -> "Calendars":
    return _calendars(tuple(sorted(tuple(row) for row in json.loads(column or "[]"))))


@dataclass(frozen=True)
class Calendars:
    rows: dict[int | None, OfficeCalendar]

    def of(self, agency_id: int | None) -> WorkingCalendar:
        """The agency's own calendar, else the city's. LookupError when the city has none."""
        return build(self.row_of(agency_id))

    def row_of(self, agency_id: int | None) -> OfficeCalendar:
        """The row of it, to be named and not to be changed: the next request gets the same."""
        row = self.rows.get(agency_id) or self.rows.get(None)
        if row is None:
            raise LookupError("the city has no office calendar: run manage.py load_city")
        return row


@lru_cache(maxsize=4)
def _calendars(found: tuple[tuple[int, str, int | None, int], ...]) -> Calendars:
    return Calendars({row[2]: OfficeCalendar.from_db(DEFAULT_DB_ALIAS, _LOOK, row) for row in found})


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
    _calendars.cache_clear()
    _service_levels.cache_clear()
