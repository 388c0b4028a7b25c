"""How many answers would be enough, and whether there are. Pure: no Django."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from surveys.index.bands import half_up

# Krejcie and Morgan (1970): chi-square of one degree of freedom at 95 %, share one half, error 0.05.
CHI_SQUARE, SHARE, ERROR = Fraction("3.841"), Fraction(1, 2), Fraction("0.05")
LEAST = 30  # a working floor of practice, below which no index is called sound
MANY = 1_000_000  # stands for a population that nobody knows


def krejcie_morgan_exact(population: int) -> Fraction:
    """The formula unrounded; ValueError for a negative population."""
    if population < 0:
        raise ValueError("a population is no negative number")
    if population == 0:
        return Fraction(0)
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    return spread * population / (ERROR * ERROR * (population - 1) + spread)


def krejcie_morgan(population: int) -> int:
    """How many of so many users to ask, rounded as in the printed table."""
    return int(half_up(krejcie_morgan_exact(population), 0))


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
