"""Hidden counts that hang together, and by linear programs what somebody can say of one of them who has all their sums
before them. SciPy takes half a second to load, so only the worker and tests come here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, floor, inf
from typing import Any

from reports.suppression.cells import Bounds, Cells, Key

CLOSE = 1e-6


@dataclass
class System:
    """Each row of `rows` times the counts is the same row of `right`. `targets`: whose safety is asked for."""

    cells: Cells
    names: list[Key]
    least: list[int]
    targets: list[Key]
    rows: list[dict[int, int]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)

    def bounds(self, key: Key) -> Bounds:
        """The least and the most that this count can be."""
        n = self.place[key]
        return (self._end(n, 1), self._end(n, -1)) if self.rows else (self.least[n], inf)

    def _end(self, n: int, sign: int) -> float:
        aim = [0] * len(self.names)
        aim[n] = sign
        answer = self._solve(aim, self.matrix, self.right, [(low, None) for low in self.least])
        if answer.status == 3:  # without a bound
            return inf
        _check(answer)
        value = sign * float(answer.fun)
        return ceil(value - CLOSE) if sign > 0 else floor(value + CLOSE)

    def way(self, key: Key, by: int) -> frozenset[Key] | None:
        """Which counts would change, as few as may be, were this one larger (or smaller) by so much; None where it
        cannot be, or not in whole numbers."""
        n, many = self.place[key], len(self.names)
        if not self.rows:
            return frozenset([key])
        room = [self.cells.values[name] - least for name, least in zip(self.names, self.least, strict=True)]
        more: list[tuple[int, int | None]] = [(0, None)] * many
        less: list[tuple[int, int | None]] = [(0, most) for most in room]
        if by > 0:
            more[n], less[n] = (by, None), (0, 0)
        elif -by <= room[n]:
            more[n], less[n] = (0, 0), (-by, room[n])
        else:
            return None
        answer = self._solve([1] * (2 * many), self.change, [0] * len(self.rows), more + less)
        if answer.status == 2:  # it cannot be
            return None
        _check(answer)
        if any(abs(value - round(value)) > CLOSE for value in answer.x):
            return None
        return frozenset(self.names[m % many] for m, value in enumerate(answer.x) if round(value))

    @staticmethod
    def _solve(aim: Sequence[int], matrix: Any, right: Sequence[int], bounds: Sequence[Any]) -> Any:
        from scipy.optimize import linprog  # only here: see above

        return linprog(aim, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")

    @cached_property
    def place(self) -> dict[Key, int]:
        return {key: n for n, key in enumerate(self.names)}

    @cached_property
    def matrix(self) -> Any:
        from scipy.sparse import csr_array  # only here: see above

        entries = [(sign, n, m) for n, row in enumerate(self.rows) for m, sign in row.items()]
        signs, lines, columns = zip(*entries, strict=True)
        return csr_array((signs, (lines, columns)), shape=(len(self.rows), len(self.names)))

    @cached_property
    def change(self) -> Any:
        """What is added to the counts, beside what is taken from them."""
        from scipy.sparse import hstack  # only here: see above

        return hstack([self.matrix, -self.matrix], format="csr")


def _check(answer: Any) -> None:
    if answer.status != 0:
        raise RuntimeError(f"the linear program ended with: {answer.message}")


def systems_of(cells: Cells, targets: Collection[Key]) -> Iterator[System]:
    """The hidden counts in groups that have no sum in common; those in which one of `targets` stands."""
    unknown = cells.unknown()
    lines = [keys for each in cells.sums if (keys := [key for key in each.keys if key in unknown])]
    group = _grouped(list(unknown), lines)
    members: dict[Key, list[Key]] = defaultdict(list)
    asked: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(unknown):
        members[group[key]].append(key)
    for key in sorted(targets):
        asked[group[key]].append(key)
    systems = {
        head: System(cells, members[head], [unknown[key] for key in members[head]], keys)
        for head, keys in asked.items()
    }
    for each in cells.sums:
        hidden = [key for key in each.keys if key in unknown]
        if hidden and (system := systems.get(group[hidden[0]])):
            row: dict[int, int] = defaultdict(int)
            for key, sign in [(each.whole, -1), *((part, 1) for part in each.parts)]:
                if key in unknown:
                    row[system.place[key]] += sign
            system.rows.append(row)
            system.right.append(sum(sign * cells.values[system.names[n]] for n, sign in row.items()))
    yield from systems.values()


def _grouped(keys: Sequence[Key], lines: Sequence[Sequence[Key]]) -> dict[Key, Key]:
    """The head of each key's group (union-find)."""
    heads = {key: key for key in keys}

    def head(key: Key) -> Key:
        while heads[key] != key:
            heads[key] = heads[heads[key]]
            key = heads[key]
        return key

    for line in lines:
        for key in line[1:]:
            heads[head(key)] = head(line[0])
    return {key: head(key) for key in keys}
