"""Whether enough people answered. Pure: no Django."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from surveys.index.bands import half_up
from surveys.sample import LEAST, krejcie_morgan

MANY = 1_000_000  # stands for a population that nobody knows


@dataclass(frozen=True)
class SampleCheck:
    """`target` is what was asked for; `is_known` whether anybody said how many users there are."""

    respondents: int
    population: int | None
    target: int
    is_known: bool

    @property
    def is_too_small(self) -> bool:
        """Fewer than asked for. Where nobody knows the number of users only the floor counts, and
        `target` is what a large population would ask for."""
        return self.respondents < (self.target if self.is_known else LEAST)

    @property
    def is_below_floor(self) -> bool:
        return self.respondents < min(LEAST, self.target)

    @property
    def is_more_than_population(self) -> bool:
        return self.population is not None and self.respondents > self.population

    @property
    def response_share(self) -> Decimal | None:
        """Per cent of the sample asked for that answered."""
        return half_up(Fraction(100 * self.respondents, self.target), 1) if self.target else None

    @property
    def population_share(self) -> Decimal | None:
        """Per cent of the users that answered."""
        return half_up(Fraction(100 * self.respondents, self.population), 1) if self.population else None


def check_sample(respondents: int, population: int | None, target: int | None = None) -> SampleCheck:
    """`target` as it was set for the round; without it by the formula."""
    asked = target or krejcie_morgan(population or MANY)
    return SampleCheck(respondents, population, asked, bool(target or population))
