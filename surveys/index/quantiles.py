"""The quantile of Student's t for intervals at 95 %. Pure: no Django, no SciPy."""

from functools import lru_cache
from math import atan, cos, pi, sin, sqrt

NORMAL = 1.96
FEW = 30  # below so many respondents t is used, from there on the normal distribution


def quantile(respondents: int) -> float:
    """How many standard errors an interval reaches to each side."""
    return NORMAL if respondents >= FEW else t_quantile(respondents - 1)


@lru_cache(maxsize=64)
def t_quantile(freedom: int) -> float:
    """The value that |t| stays below 95 times of 100, by halving; ValueError without a degree of freedom."""
    if freedom < 1:
        raise ValueError("at least one degree of freedom is needed")
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_within(middle, freedom) < 0.95 else (low, middle)
    return (low + high) / 2


def t_within(t: float, freedom: int) -> float:
    """How often |t| stays below `t` (Abramowitz and Stegun, 26.7.3 and 26.7.4: finite sums)."""
    angle = atan(t / sqrt(freedom))
    if freedom == 1:
        return 2 * angle / pi
    term = cos(angle) if freedom % 2 else 1.0
    total, start = term, 3 if freedom % 2 else 2
    for n in range(start, freedom - 1, 2):
        term *= cos(angle) ** 2 * (n - 1) / n
        total += term
    if freedom % 2:
        return 2 / pi * (angle + sin(angle) * total)
    return sin(angle) * total
