"""What was printed beside what is counted now, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose
from typing import Any, NamedTuple

NAMES = (
    "code",
    "agency",
    "category",
    "area",
    "channel",
    "kind",
    "state",
    "stage",
    "level",
    "from",
    "how",
    "reason",
)
MISSING = "(missing)"


class Difference(NamedTuple):
    figure: str
    printed: Any
    recounted: Any


class Comparison:
    """`figures` is how many numbers were compared."""

    def __init__(self) -> None:
        self.figures, self.differs = 0, list[Difference]()

    def compare(self, name: str, printed: Any, counted: Any) -> None:
        if isinstance(printed, dict) and isinstance(counted, dict):
            for code in [*printed, *(code for code in counted if code not in printed)]:
                self.compare(f"{name}.{code}", printed.get(code, MISSING), counted.get(code, MISSING))
        elif isinstance(printed, list) and isinstance(counted, list):
            for n, (one, other) in enumerate(_paired(printed, counted)):
                self.compare(f"{name}[{_row_name(one, other, n)}]", one, other)
        else:
            self.figures += 1
            if not _same(printed, counted):
                self.differs.append(Difference(name, printed, counted))


def _paired(printed: list[Any], counted: list[Any]) -> Iterator[tuple[Any, Any]]:
    for n in range(max(len(printed), len(counted))):
        yield (
            printed[n] if n < len(printed) else MISSING,
            counted[n] if n < len(counted) else MISSING,
        )


def _row_name(one: Any, other: Any, n: int) -> str:
    row = one if isinstance(one, dict) else other
    if isinstance(row, dict):
        for name in NAMES:
            if name in row:
                return str(row[name]) or "-"
    return str(n + 1)


def _same(printed: Any, counted: Any) -> bool:
    """Sums of fractions differ in their last digits with the order in which they are added."""
    numbers = (int, float)
    if isinstance(printed, bool) or isinstance(counted, bool):
        return printed is counted
    if isinstance(printed, numbers) and isinstance(counted, numbers):
        return isclose(printed, counted, rel_tol=1e-9, abs_tol=1e-9)
    return type(printed) is type(counted) and bool(printed == counted)
