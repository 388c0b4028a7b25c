"""The figures of a round and its answers as CSV: pseudonymous, without words, small groups hidden."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from surveys.index.bands import half_up
from surveys.index.figures import Index
from surveys.index.shown import Shown

FIGURES = ("figure", "group", "value", "low", "high", "respondents", "grade")


def figure_rows(shown: Shown) -> Iterator[list[Any]]:
    """Codes, never words of a language. A hidden group has no figures."""
    index = shown.index
    if index is None:
        return
    yield ["index", "", *_index(shown, index)]
    for each in index.elements:
        yield [f"element:{each.key}", "", _number(each.mean, 6), each.low, each.high, each.answered, ""]
    for breakdown in shown.breakdowns:
        for group in breakdown.groups:
            cells = [None] * 5 if group.index is None else _index(shown, group.index)
            yield [f"index:{breakdown.key}", group.value, *cells]
    sample = shown.sample
    yield ["population", "", sample.population, None, None, None, ""]
    yield ["sample_asked_for", "", sample.target if sample.is_known else None, None, None, None, ""]
    yield ["typed_in_by_staff", "", shown.typed, None, None, None, ""]
    yield ["corrected", "", shown.corrected, None, None, None, ""]
    yield ["flagged", "", shown.flagged, None, None, None, ""]


def _index(shown: Shown, index: Index) -> list[Any]:
    grade = "/".join(index.grades) if shown.is_national else ""
    return [_number(index.value, 6), index.low, index.high, index.respondents, grade]


def _number(value: Fraction | None, places: int) -> float | None:
    return None if value is None else float(half_up(value, places))


def answer_rows(shown: Shown, lines: str) -> Iterator[list[int | None]]:
    """What each answered, in the order of the answers themselves; what was left open is empty."""
    for line in lines.splitlines():
        yield [int(digit) or None for digit in line]
