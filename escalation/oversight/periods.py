"""The period that a supervisor looks at: a quarter, a year, or days of their own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.clock.city_time import start_of
from complaints.desk.filters import SENSIBLE_DAYS

QUARTER = 3  # months


@dataclass(frozen=True)
class Days:
    """From `first` to `last`, both included, in the city's zone."""

    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Half-open, in UTC."""
        start, end = start_of(self.first), start_of(self.last + timedelta(days=1))
        return start.astimezone(UTC), end.astimezone(UTC)


def _quarter(day: date, back: int) -> Days:
    months = day.year * 12 + (day.month - 1) // QUARTER * QUARTER - back * QUARTER
    first = date(months // 12, months % 12 + 1, 1)
    following = months + QUARTER
    return Days(first, date(following // 12, following % 12 + 1, 1) - timedelta(days=1))


def quarter_from(first: date) -> Days:
    """The whole quarter that begins on that day."""
    return _quarter(first, back=0)


def named_period(name: str, today: date) -> Days:
    """A quarter or a year that has not ended goes up to today."""
    if name in ("quarter", "last_quarter"):
        days = _quarter(today, back=int(name == "last_quarter"))
    else:
        year = today.year - (name == "last_year")
        days = Days(date(year, 1, 1), date(year, 12, 31))
    return Days(days.first, min(days.last, today))


PERIODS = [
    ("year", _("this year")),
    ("quarter", _("this quarter")),
    ("last_quarter", _("the quarter before")),
    ("last_year", _("the year before")),
    ("days", _("the days below")),
]
DEFAULT = "year"


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=SENSIBLE_DAYS)


class PeriodForm(forms.Form):
    """By GET. `days(today)` is the period chosen, that of this year while nothing makes sense."""

    period = forms.ChoiceField(label=_("Received"), choices=PERIODS, required=False)
    first = _day(_("From"))
    last = _day(_("Until"))

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **({"label_suffix": ""} | options))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("period") == "days" and not self.errors:
            first, last = data.get("first"), data.get("last")
            if not first or not last:
                self.add_error("first" if not first else "last", _("Choose a day."))
            elif last < first:
                self.add_error("last", _("The period ends before it begins."))
        return data

    def days(self, today: date) -> Days:
        if not self.is_valid():
            return named_period(DEFAULT, today)
        data = self.cleaned_data
        if data["period"] == "days":
            return Days(data["first"], data["last"])
        return named_period(data["period"] or DEFAULT, today)
