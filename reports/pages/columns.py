"""Columns of one length, found sooner; they come out the same.

WeasyPrint lays columns out again and again, mostly a pixel higher each time, until all fits: what a short report says
of its figures took two thirds of its time. What fits into one height, and no more into a larger one, is what fits into
each between them: those are not tried. The columns that are kept are always laid out by WeasyPrint.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

SMALL, AHEAD = 8.0, 64.0  # pixels: after a step no larger than SMALL it is looked so far ahead


def balance_sooner(block: Any) -> None:
    """Changes the module `weasyprint.layout.block`."""
    block.block_box_layout = trying_less(block.block_box_layout)


def trying_less(lay_out: Callable[..., Any]) -> Callable[..., Any]:
    """`block_box_layout` that remembers what became of the trials of one column."""
    tried: dict[Any, list[tuple[float, float, Any]]] = {}  # by where it begins: from, to, what was found
    columns: list[Any] = [None]  # the one that they are of

    @wraps(lay_out)
    def laid_out(context: Any, box: Any, bottom: float, *given: Any, **named: Any) -> Any:
        # `bottom`: what stays free under it, so the larger, the lower is the column.
        begins, around, is_first, _absolute, _fixed, margins, *rest = given
        if not box.is_column or margins is None:  # a trial has none, the column that is kept has None
            return lay_out(context, box, bottom, *given, **named)

        def trial(bottom: float) -> Any:
            return lay_out(context, box, bottom, begins, around, is_first, [], [], [], *rest, **named)

        if columns[0] is not box:
            columns[0] = box
            tried.clear()
        known = tried.setdefault((repr(begins), is_first), [])
        for least, most, found in known:
            if least <= bottom <= most:
                return found
        is_slow = bool(known) and not is_first and known[-1][0] - bottom <= SMALL
        found = trial(bottom)
        least = alike_to(lambda place: _ends_alike(trial(place), found), bottom) if is_slow else bottom
        known.append((least, bottom, found))
        return found

    return laid_out


def _ends_alike(one: Any, other: Any) -> bool:
    return (one[0] is None) == (other[0] is None) and bool(one[1] == other[1])


def alike_to(is_alike: Callable[[float], bool], bottom: float) -> float:
    """How far up it is alike, by less than a pixel; at the most AHEAD."""
    alike, other = bottom, bottom - AHEAD
    if is_alike(other):
        return other
    while alike - other > 1:
        middle = (alike + other) / 2
        alike, other = (middle, other) if is_alike(middle) else (alike, middle)
    return alike
