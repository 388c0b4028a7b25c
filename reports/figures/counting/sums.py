"""Numbers of rows that come some at a time, by the values of a column: added up at once, and kept on disk for what
needs all of them, as a median does. No row stays in memory, whatever the size of the city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from reports.figures.arrays import combined

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

IN_MEMORY = 2**16  # bytes of a small city
Sums = dict[str, int]
Medians = dict[str, Any]


class Numbers:
    """Numbers of one kind, in the order in which they came."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - gone when nobody has it any more

    def add(self, values: Any) -> None:
        import numpy as np

        self._file.write(np.ascontiguousarray(values, dtype=self.kind).tobytes())

    def all(self) -> np.ndarray[Any, Any]:
        import numpy as np

        self._file.seek(0)
        return np.frombuffer(self._file.read(), dtype=self.kind)


def places_by(names: Numbers) -> np.ndarray[Any, Any]:
    """Where the rows lie that were added to it, in their order: some at a time by how they begin, since to put all in
    order at once takes as much again."""
    import numpy as np

    called = names.all()
    begin = called.astype("S2")
    found = [np.zeros(0, "int32")]
    for each in np.unique(begin):
        places = np.flatnonzero(begin == each).astype("int32")
        found.append(places[np.argsort(called[places], kind="stable")])
    return np.concatenate(found)


def spread(numbers: Numbers, order: Any) -> tuple[float, float, float]:
    """The median, the 90th percentile (by linear interpolation) and the mean of numbers in this order, on which the
    last digit of the mean depends; none of them is missing, and of none at all nothing is a number."""
    import numpy as np
    import pandas as pd

    known = numbers.all()[order]
    if not len(known):
        return (float("nan"),) * 3
    mean = float(pd.Series(known, copy=False).mean())
    median = middle(known)
    return median, float(np.percentile(known, 90, overwrite_input=True)), mean


def stretches(values: pd.Series[Any], bounds: Sequence[Any]) -> pd.Series[Any]:
    """In which of the stretches between these bounds each lies, from 0; none outside of them."""
    import pandas as pd

    places = pd.Series(pd.Index(bounds).searchsorted(values, side="right") - 1, index=values.index)
    return places.where((values >= bounds[0]) & (values < bounds[-1]))


@dataclass(frozen=True)
class Alike:
    """Rows by the combination of numbers that they have: there are few of them, and each is added up once. `numbers`: a
    row a combination, a column a name."""

    which: np.ndarray[Any, Any]
    numbers: np.ndarray[Any, Any]

    @classmethod
    def of(cls, numbers: Sequence[Any]) -> Alike:
        """Truth values or whole numbers, of each name one for each row."""
        import numpy as np

        columns = [np.asarray(each) for each in numbers]
        which, one = combined(*columns)
        return cls(which, np.stack([each[one].astype("int64") for each in columns], axis=1))

    def sums(self, places: Any, size: int) -> Any:
        """Of each place from 0 on what the numbers of its rows add up to: a row a place."""
        import numpy as np

        many = len(self.numbers)
        counts = (
            np.bincount(places * many + self.which, minlength=size * many) if many else np.zeros(0, "int64")
        )
        return counts.reshape(size, many) @ self.numbers


def alike(*columns: Any) -> Counter[tuple[Any, ...]]:
    """How many rows have the same values in these columns."""
    import numpy as np

    which, one = combined(*columns)
    values = zip(*(np.asarray(column)[one].tolist() for column in columns), strict=True)
    return Counter(dict(zip(values, np.bincount(which).tolist(), strict=True)))


class Group:
    """By the values of one column; rows without a value are left out."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._values: dict[Hashable, int] = {}
        self._sums: Any = None  # a row a value, a column a name
        self._codes = Numbers("int32")

    def add(self, column: pd.Series[Any], alike: Alike) -> None:
        """`alike`: the numbers of each row, by their names."""
        import numpy as np
        import pandas as pd

        own, values = pd.factorize(column)
        codes = np.array([self._values.setdefault(value, len(self._values)) for value in values], "int32")
        self._codes.add(np.append(codes, np.int32(-1))[own])  # the last stands for no value
        sums = np.zeros((len(self._values), len(self.names)), "int64")
        if self._sums is not None:
            sums[: len(self._sums)] = self._sums
        sums[codes] += alike.sums(np.where(own < 0, len(codes), own), len(codes) + 1)[:-1]
        self._sums = sums

    def sums(self) -> Iterator[tuple[Any, Sums]]:
        """Each value with what its numbers add up to."""
        for value, place in self._values.items():
            yield value, dict(zip(self.names, self._sums[place].tolist(), strict=True))

    def medians(self, numbers: Mapping[str, Numbers]) -> dict[Any, Medians]:
        """Of each value the middle of the numbers of its rows, which were added in the same order; not a number where
        none is known. One value's at a time are put in order."""
        import numpy as np

        codes = self._codes.all().astype(np.min_scalar_type(-max(len(self._values), 1)))
        found: dict[Any, Medians] = {value: {} for value in self._values}
        for name, each in numbers.items():
            values = each.all()
            is_known = ~np.isnan(values)
            for value, place in self._values.items():
                found[value][name] = middle(values[is_known & (codes == place)])
        return found


def middle(known: np.ndarray[Any, Any]) -> float:
    """Of numbers that nobody else needs: they are put in order where they lie."""
    import numpy as np

    return float(np.median(known, overwrite_input=True)) if len(known) else float("nan")
