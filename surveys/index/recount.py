"""A published index against its own element means: whether it comes out, and with which weights. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from surveys.index.bands import BANDS, Bands, half_up
from surveys.index.figures import SCALE

# What offices print for one ninth. With 0.11 a perfect score is 99.
PRINTED = (Decimal("0.111"), Decimal("0.11"))


@dataclass(frozen=True)
class Try:
    """The index that some weights give: `code` exact, an own weight for all, or what offices printed."""

    code: str
    weight: Decimal | None
    index: Decimal
    matches: bool


@dataclass(frozen=True)
class Recount:
    """`index`: by exact weights. `matches`: what was published comes out so. `tries`: other weights people use."""

    published: Decimal
    index: Decimal
    exact: Fraction
    tries: tuple[Try, ...]
    published_grade: str
    grade: str

    @property
    def matches(self) -> bool:
        return self.tries[0].matches

    @property
    def explained_by(self) -> Try | None:
        """The weights that give what was published, if any tried do and the exact ones do not."""
        return None if self.matches else next((each for each in self.tries if each.matches), None)

    @property
    def difference(self) -> Decimal:
        return self.published - self.index

    @property
    def changes_grade(self) -> bool:
        return self.grade != self.published_grade


def recount(
    published: Decimal,
    means: Mapping[str, Decimal],
    *,
    weighted: Mapping[str, Decimal] | None = None,
    bands: Bands = BANDS[-1],
) -> Recount:
    """Counts a published index again from its element means; `weighted`: the weighted means printed beside them.

    It matches when the exact index, rounded as the published one is, is the same. ValueError without means, or for a
    mean outside 1 to 4.
    """
    if not means or any(not 1 <= mean <= 4 for mean in means.values()):
        raise ValueError("element means from 1 to 4 are needed")
    total = sum((Fraction(mean) for mean in means.values()), Fraction(0))
    exact = SCALE * total / len(means)
    found: list[tuple[str, Decimal | None, Fraction]] = [("exact", None, exact)]
    found += [("printed", weight, SCALE * total * Fraction(weight)) for weight in _printed(len(means))]
    if weighted:
        found.append(
            ("weighted", None, SCALE * sum((Fraction(each) for each in weighted.values()), Fraction(0)))
        )
    tries = tuple(_tried(code, weight, value, published) for code, weight, value in found)
    rounded = half_up(exact)
    return Recount(published, rounded, exact, tries, bands.grade(half_up(published)), bands.grade(rounded))


def _printed(items: int) -> tuple[Decimal, ...]:
    """The weight cut to three and to two decimals, as offices print it."""
    if items == 9:
        return PRINTED
    cut = (half_up(Fraction(1, items), 3), half_up(Fraction(1, items), 2))
    return tuple(dict.fromkeys(weight for weight in cut if Fraction(weight) != Fraction(1, items)))


def _tried(code: str, weight: Decimal | None, value: Fraction, published: Decimal) -> Try:
    exponent = published.as_tuple().exponent
    places = min(2, -exponent) if isinstance(exponent, int) and exponent < 0 else 0
    return Try(code, weight, half_up(value), half_up(value, places) == half_up(published, places))
