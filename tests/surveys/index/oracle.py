"""The index counted slowly, one respondent after the other, in fractions."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import sqrt

Row = Mapping[str, int]  # the answers of one respondent; what was left open is not there


def slow_index(rows: Sequence[Row], weights: Mapping[str, Fraction]) -> Fraction | None:
    means = {}
    for item in weights:
        given = [Fraction(row[item]) for row in rows if item in row]
        if given:
            means[item] = sum(given, Fraction(0)) / len(given)
    whole = sum((weights[item] for item in means), Fraction(0))
    if not means or not whole:
        return None
    return sum((mean * weights[item] / whole for item, mean in means.items()), Fraction(0)) * 25


def slow_margin(rows: Sequence[Row], items: Sequence[str], reach: float) -> float:
    """Of respondents who answered everything: the standard error of the mean of their own indices."""
    own = [Fraction(sum(row[item] for item in items), len(items)) * 25 for row in rows]
    mean = sum(own, Fraction(0)) / len(own)
    spread = sum(((each - mean) ** 2 for each in own), Fraction(0)) / (len(own) - 1)
    return reach * sqrt(spread / len(own))
