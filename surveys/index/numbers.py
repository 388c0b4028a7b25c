"""Figures as a reader of the current language expects them."""

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from surveys.index.bands import half_up

NONE = "–"
HIDDEN = "*"


def decimal(value: Fraction | Decimal | float | int | None, places: int = 2) -> str:
    """Rounded half up; a dash where there is none."""
    if value is None:
        return NONE
    exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    return str(number_format(half_up(exact, places), places, use_l10n=True, force_grouping=True))


def spelled(value: Decimal | None) -> str:
    """As it was typed in, with the reader's separator."""
    return NONE if value is None else str(number_format(value, use_l10n=True))


def whole(value: int | None) -> str:
    return NONE if value is None else str(number_format(value, 0, use_l10n=True, force_grouping=True))


def between(low: float | None, high: float | None, places: int = 2) -> str:
    """`76.32 – 81.16`."""
    return NONE if low is None or high is None else f"{decimal(low, places)} – {decimal(high, places)}"


def grade_words(grades: tuple[str, ...]) -> str:
    """`B`, or `B or C` where it is not certain."""
    return _(" or ").join(grades) or NONE


def performance(grade: str) -> str:
    """What the regulation calls a grade."""
    return {"A": _("very good"), "B": _("good"), "C": _("less good"), "D": _("poor")}.get(grade, "")
