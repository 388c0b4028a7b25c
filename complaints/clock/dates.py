"""Dates as a person says them, with the weekday and in the city's time."""

from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.clock.city_time import day_of, local
from complaints.clock.working_calendar import WorkingCalendar


def day_words(moment: datetime | date) -> str:
    """`Tuesday, 24 November 2026`."""
    return date_format(day_of(moment) if isinstance(moment, datetime) else moment, "l, j F Y")


def moment_words(moment: datetime, form: str = "l, j F Y, H:i") -> str:
    """`Tuesday, 24 November 2026, 16:00 WITA`, or in another form of Django's `date`."""
    return f"{date_format(local(moment), form)} {settings.CITY.zone_label}".rstrip()


def why_later(arrived_at: datetime, calendar: WorkingCalendar) -> str:
    """Why the clock of what arrived now starts on a later day, in a sentence; "" when it starts today."""
    first = calendar.first_day(arrived_at)
    today = calendar.local_date(arrived_at)
    if first == today:
        return ""
    starts = day_words(first)
    if off := calendar.days_off.get(today):
        name = off.name_en if off.name_en and get_language() == "en" else off.name_id
        return _("Today is a day off (%(name)s), so the working days are counted from %(day)s.") % {
            "name": name,
            "day": starts,
        }
    if not calendar.intervals(today):
        return _("The offices are closed today, so the working days are counted from %(day)s.") % {
            "day": starts
        }
    return _("The offices have closed for today, so the working days are counted from %(day)s.") % {
        "day": starts
    }
