"""How many answers would be enough. Pure: no Django."""

from fractions import Fraction

# Krejcie and Morgan (1970): chi-square of one degree of freedom at 95 %, share one half, error 0.05.
CHI_SQUARE, SHARE, ERROR = Fraction("3.841"), Fraction(1, 2), Fraction("0.05")
LEAST = 30  # a working floor of practice, below which no index is called sound


def krejcie_morgan_exact(population: int) -> Fraction:
    """The formula unrounded; ValueError for a negative population."""
    if population < 0:
        raise ValueError("a population is no negative number")
    if population == 0:
        return Fraction(0)
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    return spread * population / (ERROR * ERROR * (population - 1) + spread)


def krejcie_morgan(population: int) -> int:
    """How many of so many users to ask, rounded half up as in the printed table."""
    exact = krejcie_morgan_exact(population)
    return int(exact + Fraction(1, 2))
