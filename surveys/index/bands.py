"""Which index earns which grade. The bands are dated data: another rule is another row. Pure: no Django."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

STEP = Decimal("0.01")


@dataclass(frozen=True)
class Bands:
    """From which index, rounded to two decimals, a grade is earned; the best first."""

    valid_from: date
    source: str
    grades: tuple[tuple[str, Decimal], ...]

    def grade(self, index: Decimal) -> str:
        """The grade of a rounded index."""
        return next((grade for grade, least in self.grades if index >= least), self.grades[-1][0])

    def between(self, low: Decimal, high: Decimal) -> tuple[str, ...]:
        """Every grade from that of `low` to that of `high`, the best first."""
        names = [grade for grade, _least in self.grades]
        return tuple(names[names.index(self.grade(high)) : names.index(self.grade(low)) + 1])


BANDS: tuple[Bands, ...] = (
    Bands(
        date(2017, 5, 9),
        "Permenpan-RB 14/2017",
        (
            ("A", Decimal("88.31")),
            ("B", Decimal("76.61")),
            ("C", Decimal("65.00")),
            ("D", Decimal("25.00")),
        ),
    ),
)


def bands_on(day: date) -> Bands:
    """The bands in force on a day; before the first rule the first one."""
    return next((bands for bands in reversed(BANDS) if bands.valid_from <= day), BANDS[0])


def half_up(value: Fraction | Decimal | int, places: int = 2) -> Decimal:
    """Rounded half away from zero, exactly: 76.605 is 76.61, and 76.60499… is 76.60."""
    exact = Fraction(value)
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)
