"""What a month, a quarter, half a year and a year are called: one way on pages, papers, in mails and in the history.

All are named by their first day, and written as they stand within a sentence; `capfirst` where one stands alone.
"""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def month_words(first: date) -> str:
    """`July 2026`."""
    return date_format(first, "F Y")


def quarter_words(first: date) -> str:
    """`third quarter of 2026`."""
    return {
        "01": _("first quarter of %(year)s"),
        "04": _("second quarter of %(year)s"),
        "07": _("third quarter of %(year)s"),
        "10": _("fourth quarter of %(year)s"),
    }[f"{first:%m}"] % {"year": f"{first:%Y}"}


def half_words(first: date) -> str:
    """`second half of 2026`."""
    words = _("first half of %(year)s") if f"{first:%m}" == "01" else _("second half of %(year)s")
    return words % {"year": f"{first:%Y}"}


def year_words(first: date) -> str:
    """`year 2026`."""
    return _("year %(year)s") % {"year": f"{first:%Y}"}
