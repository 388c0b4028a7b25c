"""The calendars the clock is tried on."""

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from complaints.clock.working_calendar import DayOff, WorkingCalendar

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
MAKASSAR = ZoneInfo("Asia/Makassar")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEW_YORK = ZoneInfo("America/New_York")
CLOSED_FOR_FLOOD = DayOff("Libur karena banjir", "Closed because of flood", "local")

Hours = dict[int, tuple[tuple[time, time], ...]]


def fixture_hours() -> Hours:
    """Weekly hours of the city offices, from the project's own fixture."""
    hours: Hours = {}
    for row in json.loads((FIXTURES / "common/calendars.json").read_text())[0]["hours"]:
        interval = (time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]))
        hours[row["weekday"]] = (*hours.get(row["weekday"], ()), interval)
    return hours


def fixture_days_off() -> dict[date, DayOff]:
    """National holidays and joint leave, from the project's own fixture."""
    rows = json.loads((FIXTURES / "common/holidays.json").read_text())
    return {date.fromisoformat(r["on"]): DayOff(r["name_id"], r["name_en"], r["kind"]) for r in rows}


@cache
def kupang() -> WorkingCalendar:
    """The calendar of Kupang's offices for 2024 to 2027."""
    return WorkingCalendar(MAKASSAR, fixture_hours(), fixture_days_off())


def weekdays(
    tz: ZoneInfo = MAKASSAR, *days_off: date, opens: str = "08:00", closes: str = "16:00"
) -> WorkingCalendar:
    """Monday to Friday, one interval a day, and only the given days off."""
    interval = (time.fromisoformat(opens), time.fromisoformat(closes))
    return WorkingCalendar(
        tz, dict.fromkeys(range(5), (interval,)), dict.fromkeys(days_off, CLOSED_FOR_FLOOD)
    )


def wita(text: str) -> datetime:
    """A moment as a clock in Kupang shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=MAKASSAR).astimezone(UTC)
