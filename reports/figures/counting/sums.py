"""Numbers of rows that come some at a time, by the values of a column: added up at once, and kept on disk for what
needs all of them, as a median does. No row stays in memory, whatever the size of the city."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

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

    return pd.cut(values, pd.Index(bounds), right=False, labels=False)


class Group:
    """By the values of one column; rows without a value are left out."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._values: dict[Hashable, int] = {}
        self._sums: Any = None  # a row a name, a column a value
        self._codes = Numbers("int32")

    def add(self, column: pd.Series[Any], numbers: Sequence[Any]) -> None:
        """`numbers`: of each name a value for each row."""
        import numpy as np
        import pandas as pd

        own, values = pd.factorize(column)
        codes = np.array([self._values.setdefault(value, len(self._values)) for value in values], "int32")
        places = np.where(own < 0, -1, codes[own] if len(codes) else -1).astype("int32")
        self._codes.add(places)
        known, size = places >= 0, len(self._values)
        sums = np.array(
            [np.bincount(places[known], np.asarray(each)[known], size) for each in numbers], float
        )
        if self._sums is not None:
            sums[:, : self._sums.shape[1]] += self._sums
        self._sums = sums

    def sums(self) -> Iterator[tuple[Any, Sums]]:
        """Each value with what its numbers add up to."""
        for value, place in self._values.items():
            yield value, dict(zip(self.names, self._sums[:, place].astype(int).tolist(), strict=True))

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
