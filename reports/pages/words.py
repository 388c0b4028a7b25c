"""Numbers, shares, times and days as a reader of the current language expects them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from complaints import shares
from complaints.clock.periods import half_words, month_words, quarter_words
from reports.figures.periods import Period
from reports.statistics.blocks import Block

NONE = "–"
HIDDEN = "*"


def number(value: int | None) -> str:
    return NONE if value is None else str(number_format(value, 0, use_l10n=True, force_grouping=True))


def count(value: int, is_hidden: bool) -> str:
    return HIDDEN if is_hidden else number(value)


def decimal(value: float | None, places: int = 1) -> str:
    if value is None:
        return NONE
    return str(number_format(f"{value:.{places}f}", places, use_l10n=True, force_grouping=True))


def per_cent(value: float | None) -> str:
    return NONE if value is None else shares.per_cent(value, 1)


def share(part: int, whole: int) -> str:
    """`85.0 %`; of fewer than twenty `3 of 7`."""
    return shares.share_words(part, whole, 1) or NONE


def duration(hours: float | None) -> str:
    """`22.2 hours`, from two days on `41.4 days`."""
    if hours is None:
        return NONE
    if hours < 48:
        return _("%(count)s hours") % {"count": decimal(hours)}
    return _("%(count)s days") % {"count": decimal(hours / 24)}


def day(value: date) -> str:
    return date_format(value, "j F Y")


def period(value: Period) -> str:
    """As it stands within a sentence; a year is its number."""
    if value.whole_months == 1:
        return month_words(value.first)
    year, quarter = (Block.of(value.first, kind) for kind in ("year", "quarter"))
    if value == year.period:
        return year.code
    if value == quarter.period:
        return quarter_words(value.first)
    if value.whole_months == 6 and (value.first == year.first or value.last == year.last):
        return half_words(value.first)
    return days(value)


def quarter(first: date) -> str:
    """By its first day, as it is called elsewhere: its first month alone would be taken for a month."""
    return str(capfirst(quarter_words(first)))


def days(value: Period) -> str:
    if value.first == value.last:
        return day(value.first)
    return _("%(first)s to %(last)s") % {"first": day(value.first), "last": day(value.last)}


def moment(value: datetime, zone: str, label: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'j F Y, H:i')} {label}".rstrip()


def steps(spans: Sequence[tuple[date, date]]) -> list[str]:
    """The short names of stretches on a chart's axis: months, with the year where one begins, or first days."""
    if all((last - first).days <= 7 for first, last in spans):
        return [date_format(first, "j M") for first, _last in spans]
    starts = {
        first for n, (first, _last) in enumerate(spans) if n == 0 or first == first.replace(month=1, day=1)
    }
    return [date_format(first, "M Y" if first in starts else "M") for first, _last in spans]


def span(first: date, last: date) -> str:
    """`1–31 January 2026`, `28 December 2026 – 3 January 2027`, or one day."""
    if first == last:
        return day(first)
    if first.replace(day=1) == last.replace(day=1):
        return f"{date_format(first, 'j')}–{day(last)}"
    return f"{day(first)} – {day(last)}"


def band(low: int, high: int | None, unit: str) -> str:
    """A band of days or hours: `8–14 days`, `366 days and more`."""
    if unit == "hours" and low % 24 == 0 and (high is None or high % 24 == 0) and (low or (high or 0) > 24):
        low, high, unit = low // 24, None if high is None else high // 24, "days of time"
    if high is None:
        return ngettext("%(low)d day and more", "%(low)d days and more", low) % {"low": low}
    if unit == "days":
        return _("%(low)d to %(high)d days") % {"low": low, "high": high - 1}
    if unit == "hours":
        return ngettext("under %(high)d hour", "under %(high)d hours", high) % {"high": high}
    return _("%(low)d to under %(high)d days") % {"low": low, "high": high}


def change(now: int, before: int) -> str:
    """How a count differs from the one before: in per cent, of fewer than twenty as a number."""
    if before < shares.FEW:
        return signed(now - before, number)
    return signed(100 * (now - before) / before, per_cent)


def longer(now: float, before: float) -> str:
    """How much longer it took, in the unit of the longer one of both."""
    if max(now, before) < 48:
        return signed(now - before, duration)
    return signed((now - before) / 24, lambda value: _("%(count)s days") % {"count": decimal(value)})


def points(now: float | None, before: float | None) -> str:
    """How a share differs, in percentage points."""
    if now is None or before is None:
        return NONE
    unit = pgettext("percentage points", "points")
    return signed(now - before, lambda value: f"{decimal(value)} {unit}")


def signed(difference: float, say: Callable[[Any], str]) -> str:
    sign = "+" if round(difference, 1) > 0 else "−" if round(difference, 1) < 0 else "±"
    return f"{sign}{say(abs(difference))}"
