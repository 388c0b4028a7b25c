"""Numbers, shares, times and days as a reader of the current language expects them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reports.figures.periods import Period

NONE = "–"
HIDDEN = "*"


def number(value: int | None) -> str:
    return NONE if value is None else str(number_format(value, 0, use_l10n=True, force_grouping=True))


def decimal(value: float | None, places: int = 1) -> str:
    if value is None:
        return NONE
    return str(number_format(f"{value:.{places}f}", places, use_l10n=True, force_grouping=True))


def per_cent(value: float | None) -> str:
    return NONE if value is None else f"{decimal(value)} %"


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
    if value.whole_months == 1:
        return date_format(value.first, "F Y")
    return _("%(first)s to %(last)s") % {"first": day(value.first), "last": day(value.last)}


def moment(value: datetime, zone: str, label: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'j F Y, H:i')} {label}".rstrip()


def step(first: date, last: date) -> str:
    """The short name of a stretch on a chart's axis: a month, a week's first day, a day."""
    if (last - first).days > 7:
        return date_format(first, "M Y")
    return date_format(first, "j M")


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


def change(now: float | None, before: float | None, *, is_share: bool = False) -> str:
    """How a figure differs from the one before: in per cent, a share in percentage points."""
    if now is None or before is None or (not is_share and before == 0):
        return NONE
    difference = now - before if is_share else 100 * (now - before) / before
    sign = "+" if round(difference, 1) > 0 else "−" if round(difference, 1) < 0 else "±"
    unit = pgettext("percentage points", "points") if is_share else "%"
    return f"{sign}{decimal(abs(difference))} {unit}"
