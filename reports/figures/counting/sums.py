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
    """Where the rows lie that were added to it, in their order."""
    import numpy as np

    return np.argsort(names.all(), kind="stable").astype("int32")


def laid(numbers: Numbers, order: Any) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(numbers.all()[order])


def stretches(values: pd.Series[Any], bounds: Sequence[Any]) -> pd.Series[Any]:
    """In which of the stretches between these bounds each lies, from 0; none outside of them."""
    import pandas as pd

    return pd.cut(values, pd.Index(bounds), right=False, labels=False)


class Group:
    """By the values of one column; rows without a value are left out."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._values: dict[Hashable, int] = {}
        self._sums: list[np.ndarray[Any, Any]] = []
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
        self._sums.append(
            np.array([np.bincount(places[known], np.asarray(each)[known], size) for each in numbers])
        )

    def sums(self) -> Iterator[tuple[Any, Sums]]:
        """Each value with what its numbers add up to."""
        import numpy as np

        total = np.zeros((len(self.names), len(self._values)))
        for part in self._sums:
            total[:, : part.shape[1]] += part
        for value, place in self._values.items():
            yield value, dict(zip(self.names, total[:, place].astype(int).tolist(), strict=True))

    def medians(self, numbers: Mapping[str, Numbers]) -> dict[Any, Medians]:
        """Of each value the middle of the numbers of its rows, which were added in the same order; not a number where
        none is known."""
        import numpy as np

        size = len(self._values)
        codes = self._codes.all()
        ends = np.cumsum(np.bincount(codes + 1, minlength=size + 1))
        order = np.argsort(codes.astype(np.min_scalar_type(-max(size, 1))), kind="stable").astype("int32")
        del codes
        found: dict[Any, Medians] = {value: {} for value in self._values}
        for name, each in numbers.items():
            values = each.all()
            for value, place in self._values.items():
                found[value][name] = _middle(values[order[ends[place] : ends[place + 1]]])
        return found


def _middle(values: np.ndarray[Any, Any]) -> float:
    import numpy as np

    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")
