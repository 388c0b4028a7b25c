"""Tables as frames: made of rows as they come, put in order, and spelled as the lines of a snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice, pairwise
from json.encoder import encode_basestring
from math import isnan
from typing import TYPE_CHECKING, Any, TypeVar

from reports.figures.arrays import in_utc, spelled_moments, words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CHUNK = 5000
SPELLED = 2000  # rows at a time, so that a large table does not lie there twice
T = TypeVar("T")
Texts = dict[int, Any]  # how words are spelled, by which words they are


@dataclass(frozen=True)
class Stream:
    """Rows in the order in which they are found; `by`: the columns by whose words they lie in their table. Rows that
    are alike in all of these lie by everything else."""

    rows: Iterable[Sequence[Any]]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """Which columns hold moments, and which numbers of which some are missing."""

    moments: frozenset[str]
    optional: frozenset[str]


@dataclass(frozen=True)
class Columns:
    """Whole columns, as long as each other; `by` as of a Stream."""

    values: Sequence[Any]
    by: tuple[str, ...]


def batches(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    coming = iter(rows)
    while some := list(islice(coming, size)):
        yield some


def make_frame(rows: Iterable[Any], columns: Sequence[str], shape: Shape) -> pd.DataFrame:
    """A frame of these rows; moments may be datetimes or ISO texts."""
    import pandas as pd  # only here: it takes seconds and memory that most processes do not need

    coming = iter(rows)
    first = next(coming, None)
    if first is None:
        return _empty(tuple(columns), shape).copy()
    gathered = [_Column(name, name in shape.moments) for name in columns]
    for some in batches(chain((first,), coming)):
        for column, values in zip(gathered, zip(*some, strict=True), strict=True):
            column.add(values)
    frame = pd.DataFrame({column.name: column.whole() for column in gathered}, copy=False)
    return _with_numbers(frame, shape)


def frame_of(values: Sequence[Any], columns: Sequence[str], shape: Shape) -> pd.DataFrame:
    """The same of whole columns: arrays, or lists of words."""
    import pandas as pd

    if not len(values[0]):
        return _empty(tuple(columns), shape).copy()
    made = {
        name: in_utc(each) if name in shape.moments else words(each) if isinstance(each, list) else each
        for name, each in zip(columns, values, strict=True)
    }
    return _with_numbers(pd.DataFrame(made, copy=False), shape)


@lru_cache(maxsize=128)
def _empty(columns: tuple[str, ...], shape: Shape) -> pd.DataFrame:
    """Most tables of a small city's report have no rows, and making one takes as long as reading many."""
    import pandas as pd

    kinds = {name: "datetime64[us, UTC]" if name in shape.moments else "object" for name in columns}
    frame = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})
    return _with_numbers(frame, shape)


def _with_numbers(frame: pd.DataFrame, shape: Shape) -> pd.DataFrame:
    for name in shape.optional.intersection(frame.columns):
        frame[name] = frame[name].astype("float64")
    return frame


@dataclass
class _Column:
    name: str
    is_moment: bool
    values: list[Any] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)

    def add(self, values: Sequence[Any]) -> None:
        """A word that is there already is kept once: the database gives it anew with each row."""
        if self.is_moment:
            self.values.append(_as_moments(values))
        elif len(self.words) < CHUNK:
            known = self.words
            self.values += [known.setdefault(each, each) if type(each) is str else each for each in values]
        else:  # names, of which each row has another
            self.values += values

    def whole(self) -> pd.Series[Any]:
        import pandas as pd

        values, self.values = self.values, []
        if not self.is_moment:
            return pd.Series(values)
        whole: pd.Series[Any] = pd.concat(values, ignore_index=True)
        return whole


def _as_moments(values: Sequence[Any]) -> pd.Series[Any]:
    import pandas as pd

    found = pd.to_datetime(pd.Series(list(values), dtype="object"), utc=True, format="ISO8601")
    return found.astype("datetime64[us, UTC]")


def laid(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """In the order that a Stream asks for."""
    import numpy as np

    places = [_places(frame[name]) for name in by]
    order = np.lexsort(places[::-1])  # the last one counts most
    is_alike = np.all([each[order][1:] == each[order][:-1] for each in places], axis=0)
    del places
    frame = frame.iloc[order].reset_index(drop=True)
    if not is_alike.any():
        return frame
    is_same = frame.duplicated(list(by), keep=False)
    places, found = list(range(len(frame))), frame[is_same]
    for _key, group in found.groupby(list(by), sort=False):
        own = group.index.tolist()
        sorted_own = sorted(own, key=lambda place: _row_in_words(frame, place))
        for place, other in zip(own, sorted_own, strict=True):
            places[place] = other
    return frame.iloc[places].reset_index(drop=True)


def _places(column: pd.Series[Any]) -> Any:
    """The place of each value among all there are, by their words: a word a value, not a word a row."""
    import numpy as np
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.categories.is_monotonic_increasing:
        return column.cat.codes.to_numpy()
    codes, values = _in_codes(column)
    places = np.empty(len(values), dtype="int32")
    places[sorted(range(len(values)), key=[str(each) for each in values].__getitem__)] = range(len(values))
    return places[codes]


def _row_in_words(frame: pd.DataFrame, place: int) -> tuple[str, ...]:
    import pandas as pd

    values = [None if pd.isna(value) else value for value in frame.iloc[place].tolist()]
    return tuple(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)


def _in_codes(column: pd.Series[Any]) -> tuple[Any, list[Any]]:
    """Of each row which of the values it has, and the values."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), column.cat.categories.tolist()
    codes, values = pd.factorize(column, use_na_sentinel=False)
    return codes, values.tolist()


def spelled(frame: pd.DataFrame, shape: Shape, known: Texts | None = None) -> Iterator[np.ndarray[Any, Any]]:
    """Each row as it stands in a snapshot, and the end of its line: a list in JSON without blanks, moments as ISO 8601
    in UTC. Some rows at a time, all as wide as the widest; `plain` takes away what is empty. `known`: what was spelled
    of the same words in other tables, which all have to be there meanwhile."""
    import numpy as np

    if not len(frame):
        return
    spell_each = [_spelling(frame[name], shape, {} if known is None else known) for name in frame.columns]
    ends = [b","] * (len(spell_each) - 1) + [b"]\n"]
    for first in range(0, len(frame), SPELLED):
        cells = [spell_some(slice(first, first + SPELLED)) for spell_some in spell_each]
        kinds = [
            (f"{n}{part}", kind)
            for n, each in enumerate(cells)
            for part, kind in (("", each.dtype), ("end", "S2"))
        ]
        rows = np.empty(len(cells[0]), dtype=[("begin", "S1"), *kinds])
        rows["begin"] = b"["
        for n, (cell, end) in enumerate(zip(cells, ends, strict=True)):
            rows[f"{n}"], rows[f"{n}end"] = cell, end
        yield rows


def plain(rows: np.ndarray[Any, Any]) -> bytes:
    """No JSON has a zero byte in it."""
    return rows.tobytes().translate(None, b"\0")


def apart(rows: np.ndarray[Any, Any], by: slice) -> Iterator[tuple[bytes, bytes]]:
    """Rows that lie together and have the same bytes at this place; before it all rows are as wide."""
    import numpy as np

    begins = (
        np.ascontiguousarray(rows.view("u1").reshape(len(rows), -1)[:, by])
        .view(f"S{by.stop - by.start}")
        .ravel()
    )
    cuts = [0, *(np.flatnonzero(begins[1:] != begins[:-1]) + 1).tolist(), len(rows)]
    for first, end in pairwise(cuts):
        yield bytes(begins[first]), plain(rows[first:end])


def spell(value: Any) -> str:
    """The one spelling of a snapshot. Most are words, and names that stand in one row only."""
    if type(value) is str:
        return encode_basestring(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _spelling(column: pd.Series[Any], shape: Shape, known: Texts) -> Callable[[slice], np.ndarray[Any, Any]]:
    """What spells some rows of a column. A value that stands in many rows is spelled once."""
    import numpy as np
    import pandas as pd

    if column.name in shape.moments:
        return spelled_moments(column.to_numpy(dtype="datetime64[us]")).__getitem__
    spelling = _number if column.name in shape.optional else _known
    first = column.first_valid_index() if column.dtype == "object" else None
    if first is not None and isinstance(column[first], dict):
        values = column.tolist()
        return lambda some: np.array([spelling(value).encode() for value in values[some]])
    codes, found = _in_codes(column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        place = id(column.cat.categories)
        texts = known[place] = known[place] if place in known else _texts(found, spelling)
    else:
        texts = _texts(found, spelling)
    return lambda some: texts[codes[some]]


def _texts(values: list[Any], spelling: Callable[[Any], str]) -> np.ndarray[Any, Any]:
    """In no spelling is an end of a line."""
    import numpy as np

    if set(map(type, values)) == {str}:
        spelling = encode_basestring
    return np.array("\n".join(map(spelling, values)).encode().split(b"\n"))


def _known(value: Any) -> str:
    """What is missing is null, also where pandas has made it no number."""
    return "null" if value != value else spell(value)


def _number(value: float) -> str:
    if isnan(value):
        return "null"
    return str(int(value)) if value == int(value) else spell(value)
