"""How sure a share, a mean and the index are: the ends of their intervals at 95 in 100.

A share: Wilson's interval. A mean and the index: so many standard errors to each side, by Student's t below thirty
respondents and 1.96 from there on, narrower the more of all users answered (Cochran, Sampling Techniques, 2.15).
Where all answered alike nothing can be said, unless all were asked.
"""

from __future__ import annotations

from fractions import Fraction
from math import atan, cos, pi, sin, sqrt
from typing import Any

Row = dict[str, Any]
Ends = tuple[float | None, float | None]
Z = 1.96
FEW = 30


def wilson(yes: int, answers: int, out_of: int | None = None) -> tuple[float, float]:
    """The interval of a share; narrower the more of those it was drawn from answered."""
    share, whole = yes / answers, float(answers)
    if out_of == answers:
        return share, share
    if out_of is not None:
        whole *= (out_of - 1) / (out_of - answers)
    middle = (share + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    half = Z / (1 + Z * Z / whole) * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def asked_for(population: int | None, target: int | None) -> int | None:
    """The sample that was set, else by Krejcie and Morgan (1970); None where nobody said how many users there are."""
    if target or not population:
        return target or None
    spread = Fraction("3.841") / 4
    return int(spread * population / (Fraction("0.0025") * (population - 1) + spread) + Fraction(1, 2))


def ends_of_mean(moments: Row, n: int, population: int | None) -> Ends:
    """Of the n-th element, from 1 to 4."""
    answered, total = moments["both"][n][n], moments["sums"][n][n]
    squares = moments["products"][n][n] - Fraction(total * total, answered)
    return _ends(total / answered, squares, answered, population, (1.0, 4.0))


def ends_of_index(moments: Row, index: float, population: int | None) -> Ends:
    """From 25 to 100. Each respondent adds to the index what they answered above or below the mean of each element,
    divided by how many answered that one; squared and summed over all of them."""
    known = [n for n in range(len(moments["items"])) if moments["both"][n][n]]
    own = {n: Fraction(moments["sums"][n][n], moments["both"][n][n]) for n in known}
    squares = Fraction(0)
    for a in known:
        for b in known:
            apart = (
                moments["products"][a][b] - own[b] * moments["sums"][a][b] - own[a] * moments["sums"][b][a]
            )
            apart += own[a] * own[b] * moments["both"][a][b]
            squares += apart / (moments["both"][a][a] * moments["both"][b][b])
    squares *= Fraction(25 * moments["respondents"], len(known)) ** 2
    return _ends(index, squares, moments["respondents"], population, (25.0, 100.0))


def _ends(middle: float, squares: Fraction, count: int, population: int | None, bounds: Any) -> Ends:
    """`squares`: the sum of the squared deviations."""
    if count < 2:
        return None, None
    left = sqrt((population - count) / population) if population and population >= count else 1.0
    if not squares and left:
        return None, None
    half = (Z if count >= FEW else _student(count - 1)) * left * sqrt(squares / (count * (count - 1)))
    return max(bounds[0], middle - half), min(bounds[1], middle + half)


def _student(freedom: int) -> float:
    """The value that |t| stays below 95 times of 100, by halving."""
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < 0.95 else (low, middle)
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """How often |t| stays below `t`: the finite sums of Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = atan(t / sqrt(freedom))
    if freedom == 1:
        return 2 * angle / pi
    odd = freedom % 2
    term = total = cos(angle) if odd else 1.0
    for n in range(3 if odd else 2, freedom - 1, 2):
        term *= cos(angle) ** 2 * (n - 1) / n
        total += term
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total
