"""The index: element means, exact weights, the sum times 25, its interval and grade (Permenpan-RB 14/2017).

One function, `index_of`, for the page, the file, the paper and the command. Pure: no Django, no pandas.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import sqrt

from surveys.index.bands import BANDS, Bands, half_up
from surveys.index.moments import Moments
from surveys.index.quantiles import quantile

SCALE = 25  # from the steps 1 to 4 onto 25 to 100
LOWEST, HIGHEST = 25.0, 100.0
Weights = Mapping[str, Fraction]


@dataclass(frozen=True)
class ElementFigure:
    """`mean` over those who answered this element; None where nobody did, and then it has no weight."""

    key: str
    mean: Fraction | None
    answered: int
    weight: Fraction
    margin: float | None  # of the mean, to each side

    @property
    def low(self) -> float | None:
        return None if self.mean is None or self.margin is None else max(1.0, float(self.mean) - self.margin)

    @property
    def high(self) -> float | None:
        return None if self.mean is None or self.margin is None else min(4.0, float(self.mean) + self.margin)


@dataclass(frozen=True)
class Index:
    """`value` unrounded, None without answers. `margin` to each side of it, at 95 %; None where it cannot be said:
    fewer than two respondents, or all answered alike, which says nothing of the others."""

    value: Fraction | None
    respondents: int
    complete: int
    elements: tuple[ElementFigure, ...]
    margin: float | None
    bands: Bands

    @property
    def rounded(self) -> Decimal | None:
        return None if self.value is None else half_up(self.value)

    @property
    def grade(self) -> str:
        return "" if self.rounded is None else self.bands.grade(self.rounded)

    @property
    def low(self) -> float | None:
        return (
            None
            if self.value is None or self.margin is None
            else max(LOWEST, float(self.value) - self.margin)
        )

    @property
    def high(self) -> float | None:
        return (
            None
            if self.value is None or self.margin is None
            else min(HIGHEST, float(self.value) + self.margin)
        )

    @property
    def grades(self) -> tuple[str, ...]:
        """Every grade that the interval touches, the best first."""
        if self.low is None or self.high is None:
            return (self.grade,) if self.grade else ()
        return self.bands.between(_rounded(self.low), _rounded(self.high))

    @property
    def is_uncertain(self) -> bool:
        return len(self.grades) > 1

    @property
    def partial(self) -> int:
        """Respondents who left elements open; they count where they answered."""
        return self.respondents - self.complete

    @property
    def unanswered(self) -> list[str]:
        """Elements that nobody answered: the index is over the others."""
        return [each.key for each in self.elements if each.mean is None]


def index_of(
    moments: Moments,
    *,
    population: int | None = None,
    weights: Weights | None = None,
    bands: Bands = BANDS[-1],
) -> Index:
    """The index of these answers. `weights` by item, summing to one (by default the same for each); an item that
    nobody answered loses its weight to the others. `population`: how many users there were to ask, for an interval
    that shrinks as more of them answered. ValueError for weights that do not sum to one or name other items.
    """
    return _index_of(moments, population, None if weights is None else tuple(weights.items()), bands)


@lru_cache(maxsize=200)  # pages show the same rounds again and again, and exact fractions are dear
def _index_of(
    moments: Moments, population: int | None, weights: tuple[tuple[str, Fraction], ...] | None, bands: Bands
) -> Index:
    shares = _weights(moments, None if weights is None else dict(weights))
    reach = _reach(moments.respondents, population)
    elements = tuple(_element(moments, n, shares, population) for n in range(len(moments.items)))
    if not moments.respondents:
        return Index(None, 0, 0, elements, None, bands)
    value = SCALE * sum((each.weight * each.mean for each in elements if each.mean is not None), Fraction(0))
    margin = None if reach is None else _margin(_variance(moments, elements), reach, moments.respondents)
    return Index(value, moments.respondents, moments.complete, elements, margin, bands)


def equal_weights(items: tuple[str, ...]) -> dict[str, Fraction]:
    return {item: Fraction(1, len(items)) for item in items}


def _weights(moments: Moments, weights: Weights | None) -> dict[str, Fraction]:
    given = dict(weights) if weights is not None else equal_weights(moments.items)
    if set(given) != set(moments.items):
        raise ValueError("a weight for each element, and for no other")
    if given and (sum(given.values()) != 1 or min(given.values()) < 0):
        raise ValueError("weights sum to one")
    asked = {item: weight if moments.answered(item) else Fraction(0) for item, weight in given.items()}
    whole = sum(asked.values())
    return {item: weight / whole for item, weight in asked.items()} if whole else asked


def _reach(respondents: int, population: int | None) -> float | None:
    """How many standard deviations of a mean, with the correction for a finite population (Cochran, 2.15)."""
    if respondents < 2:
        return None
    left = 1.0
    if population is not None and population >= respondents:
        left = sqrt((population - respondents) / population)
    return quantile(respondents) * left


def _margin(squares: Fraction, reach: float, respondents: int) -> float | None:
    """From a sum of squared deviations. None where nobody deviates, unless everybody was asked."""
    if squares == 0:
        return None if reach else 0.0
    return reach * sqrt(squares / (respondents * (respondents - 1)))


def _element(moments: Moments, n: int, shares: dict[str, Fraction], population: int | None) -> ElementFigure:
    key, answered, total = moments.items[n], moments.both[n][n], moments.sums[n][n]
    if not answered:
        return ElementFigure(key, None, 0, shares[key], None)
    mean = Fraction(total, answered)
    reach = _reach(answered, population)
    squares = Fraction(moments.products[n][n]) - mean * total
    return ElementFigure(
        key, mean, answered, shares[key], None if reach is None else _margin(squares, reach, answered)
    )


def _variance(moments: Moments, elements: tuple[ElementFigure, ...]) -> Fraction:
    """The sum of the squares of what each respondent adds to the index.

    Whoever answered everything adds their own index less that of all; who left elements open deviates where they
    answered, and there counts for more, as the mean of that element is over fewer (linearisation of a ratio).
    """
    known = [(n, each) for n, each in enumerate(elements) if each.mean is not None]
    pull = {n: SCALE * each.weight * moments.respondents / each.answered for n, each in known}
    total = Fraction(0)
    for n, first in known:
        for m, second in known:
            assert first.mean is not None
            assert second.mean is not None
            apart = (
                moments.products[n][m]
                - second.mean * moments.sums[n][m]
                - first.mean * moments.sums[m][n]
                + first.mean * second.mean * moments.both[n][m]
            )
            total += pull[n] * pull[m] * apart
    return total


def _rounded(value: float) -> Decimal:
    return half_up(Decimal(repr(value)))
