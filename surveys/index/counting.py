"""From answers to the numbers of `moments.py`, vectorised. pandas is loaded when this works, not before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from surveys.index.moments import STEPS, Moments, nothing

if TYPE_CHECKING:
    import pandas as pd

NOTHING = ("", "nan", "none", "-", "–", "0")  # how offices write that there is no answer


def answers_frame(answers: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Answers by the keys of questions, one respondent a row."""
    import pandas as pd

    return pd.DataFrame.from_records(list(answers), columns=list(columns))


@dataclass(frozen=True)
class Given:
    """The answers of all respondents as arrays, a respondent a row and an item a column; 0 is no answer."""

    items: tuple[str, ...]
    steps: Any
    ignored: Any
    empty: Any

    def moments(self, rows: Any = None) -> Moments:
        """Of all of them, or of those in `rows` (a mask)."""
        steps = self.steps if rows is None else self.steps[rows]
        ignored = self.ignored if rows is None else self.ignored[rows]
        empty = self.empty if rows is None else self.empty[rows]
        if not len(steps) or not self.items:
            return nothing(self.items)
        has = steps > 0
        answered = has.sum(axis=1)
        flags, values = has.astype("float64"), steps.astype("float64")
        return Moments(
            items=self.items,
            respondents=int((answered > 0).sum()),
            complete=int((answered == len(self.items)).sum()),
            without=int((answered == 0).sum()),
            counts=tuple(tuple(int((column == step).sum()) for step in STEPS) for column in steps.T),
            both=_whole(flags.T @ flags),
            sums=_whole(values.T @ flags),  # floats are exact far beyond what is summed here
            products=_whole(values.T @ values),
            ignored=tuple(int(n) for n in ignored.sum(axis=0)),
            empty=tuple(int(n) for n in empty.sum(axis=0)),
        )


def count(frame: pd.DataFrame, columns: Mapping[str, str]) -> Moments:
    """Counts the answers of a frame; `columns`: item by column, in the order of the items."""
    return given_in(frame, columns).moments()


def given_in(frame: pd.DataFrame, columns: Mapping[str, str]) -> Given:
    """Reads the answers of a frame.

    Only the whole numbers 1 to 4 are answers, as numbers or as text. Empty, zero and a dash are none; anything else
    is none either, and counted as ignored.
    """
    import pandas as pd

    parts = []
    for name in columns:
        codes, values = pd.factorize(frame[name], use_na_sentinel=True)
        steps = [step_of(value) for value in values]
        meaning = pd.array([step or 0 for step in steps] + [0], dtype="int8").to_numpy(dtype="int8")
        is_wrong = pd.array([step is None for step in steps] + [False], dtype="bool").to_numpy(dtype="bool")
        parts.append((meaning[codes], is_wrong[codes]))
    given = pd.DataFrame({n: part for n, (part, _wrong) in enumerate(parts)}).to_numpy()
    ignored = pd.DataFrame({n: wrong for n, (_part, wrong) in enumerate(parts)}).to_numpy()
    return Given(tuple(columns.values()), given, ignored, (given == 0) & ~ignored)


Masks = dict[tuple[str, str], Any]


def masks_of(frame: pd.DataFrame, offered: Mapping[str, Iterable[str]]) -> Masks:
    """Who is in which group: of each column those that are offered there."""
    import pandas as pd

    masks: Masks = {}
    for name, values in offered.items():
        codes, found = pd.factorize(frame[name], use_na_sentinel=True)
        places = {str(value): place for place, value in enumerate(found)}
        masks |= {(name, value): codes == places.get(value, -2) for value in values}  # -1 stands for nothing
    return masks


def cells_of(names: Sequence[str], masks: Masks, rows: Any) -> dict[tuple[str, ...], int]:
    """How many of `rows` are in each combination of groups, one of each breakdown (`names`); "" where in none."""
    import pandas as pd

    values = {name: ["", *(value for key, value in masks if key == name)] for name in names}
    groups = pd.DataFrame(
        {
            name: sum(place * masks[name, value] for place, value in enumerate(values[name]) if place)
            for name in names
        }
    )
    counts = groups[rows].value_counts()
    return {
        tuple(values[name][place] for name, place in zip(names, cell, strict=True)): int(n)
        for cell, n in counts.items()
    }


def step_of(value: Any) -> int | None:
    """1 to 4; 0 where nothing was answered; None for what is no answer on this scale."""
    if value is None or isinstance(value, bool):
        return None if isinstance(value, bool) else 0
    text = str(value).strip().lower().replace(",", ".")
    if text in NOTHING:
        return 0
    try:
        number = float(text)
    except ValueError:
        return None
    if number == 0:
        return 0
    return int(number) if number in STEPS else None


def _whole(matrix: Any) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(round(value) for value in row) for row in matrix.tolist())
