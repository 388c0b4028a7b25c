"""The city's time. Moments are stored in UTC; whatever is a day, a year or typed on a form is the city's.

The one module that knows the city's time zone. Arithmetic that knows no Django is handed `zone()`.
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings


def zone() -> ZoneInfo:
    tz: ZoneInfo = settings.CITY.tz
    return tz


def local(moment: datetime) -> datetime:
    """The same moment as the clock on the city's wall shows it. ValueError when it does not say its time zone."""
    if moment.utcoffset() is None:
        raise ValueError("A moment must carry its time zone")
    return moment.astimezone(zone())


def day_of(moment: datetime) -> date:
    """The day it is in the city at that moment."""
    return local(moment).date()


def year_of(moment: datetime) -> int:
    """The year it is in the city at that moment, as case numbers carry it."""
    return local(moment).year


def start_of(day: date) -> datetime:
    """Midnight in the city, with which `day` begins."""
    return datetime.combine(day, time(), zone())


def moment_in_city(typed: datetime) -> datetime:
    """The moment that somebody in the city means by a date and time; one that names its time zone stays as it is."""
    return typed if typed.tzinfo else typed.replace(tzinfo=zone())
