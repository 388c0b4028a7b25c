"""The attack on what is about to be published: what can be worked out of each hidden count from all sums at once.

Narrowing (cells.py) looks at one sum after the other; a linear program looks at all of them. SciPy takes half a second
to load, so only the worker and tests come here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil, floor, inf
from typing import Any

from reports.suppression.cells import DEAREST, Bounds, Cells, Key, narrowed, protect, strengthen

CLOSE = 1e-6


def attack(*published: Cells) -> list[Key]:
    """The hidden counts under five of which too much can be said by somebody who has all of this before them."""
    return sorted(
        key for cells in published for key, each in intervals(cells).items() if not cells.is_safe(key, *each)
    )


def protect_and_attack(cells: Cells) -> list[Key]:
    """Hides until the attack finds nothing, or nothing is left to hide; what it still finds. The dearest counts are
    hidden only where nothing else does, and what turns out not to be needed is shown again."""
    before = set(cells.hidden)
    if weak := _hide(cells):
        return weak
    kept = set(cells.settled)
    for key in cells.for_another():
        if key in cells.hidden and cells.dear.get(key, 0) >= DEAREST:
            other = replace(cells, hidden=set(before), settled=kept | {key})
            if not _hide(other):
                cells.hidden, kept = other.hidden, other.settled
    show_again(cells)
    return []


def _hide(cells: Cells) -> list[Key]:
    weak = protect(cells)
    while weak := sorted({*weak, *attack(cells)}):
        if not strengthen(cells, weak):
            return weak
        weak = protect(cells)
    return []


def show_again(cells: Cells) -> None:
    """What was hidden for another's sake before more was hidden, and is not needed any more: shown, the dearest first.
    Hiding goes on from one weak count to the next and never looks back."""
    for key in cells.for_another():
        cells.hidden.discard(key)
        found = narrowed(cells)
        if not all(cells.is_safe(each, *found[each]) for each in cells.targets()) or attack(cells):
            cells.hidden.add(key)


def intervals(cells: Cells) -> dict[Key, Bounds]:
    """The interval of each count that has to be safe. It may be narrower than what is given here is wide: who is seen
    to be safe is not looked at further."""
    found: dict[Key, Bounds] = {}
    for part in _independent(cells):
        found |= part.intervals()
    return found


@dataclass
class _System:
    """Hidden counts that hang together: each row of `left` times the counts is `right`."""

    cells: Cells
    names: list[Key]
    least: list[int]
    targets: list[Key]
    rows: list[dict[int, int]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)

    def intervals(self) -> dict[Key, Bounds]:
        if not self.rows:
            return {key: (self.least[self.names.index(key)], inf) for key in self.targets}
        place = {key: n for n, key in enumerate(self.names)}
        seen: list[Bounds] = [(inf, -inf)] * len(self.names)
        found: dict[Key, Bounds] = {}
        for key in self.targets:
            n = place[key]
            if not self.cells.is_safe(key, *seen[n]):
                for sign in (1, -1):
                    seen[n] = self._reach(n, sign, seen)
            found[key] = seen[n]
        return found

    def _reach(self, n: int, sign: int, seen: list[Bounds]) -> Bounds:
        """The least (or most, with sign -1) that one count can be; what the others are there widens `seen`."""
        from scipy.optimize import linprog  # only here: see above

        aim = [0.0] * len(self.names)
        aim[n] = sign
        answer: Any = linprog(
            aim, A_eq=self.matrix, b_eq=self.right, bounds=[(low, None) for low in self.least], method="highs"
        )
        if answer.status == 3:  # without a bound
            return (seen[n][0], inf) if sign < 0 else (self.least[n], seen[n][1])
        if answer.status != 0:
            raise RuntimeError(f"the linear program ended with: {answer.message}")
        if all(abs(value - round(value)) < CLOSE for value in answer.x):  # so it could really be
            for m, value in enumerate(answer.x):
                seen[m] = min(seen[m][0], round(value)), max(seen[m][1], round(value))
        value = sign * float(answer.fun)
        low, high = seen[n]
        return (ceil(value - CLOSE), high) if sign > 0 else (low, floor(value + CLOSE))

    @cached_property
    def matrix(self) -> Any:
        from scipy.sparse import csr_array  # only here: see above

        entries = [(sign, n, m) for n, row in enumerate(self.rows) for m, sign in row.items()]
        signs, lines, columns = zip(*entries, strict=True)
        return csr_array((signs, (lines, columns)), shape=(len(self.rows), len(self.names)))


def _independent(cells: Cells) -> Iterator[_System]:
    """The hidden counts in groups that have no sum in common; groups in which nothing is small are left out."""
    unknown, targets = cells.unknown(), cells.targets()
    lines = [keys for each in cells.sums if (keys := [key for key in each.keys if key in unknown])]
    group = _grouped(list(unknown), lines)
    members: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(unknown):
        members[group[key]].append(key)
    systems = {
        head: _System(
            cells, names, [unknown[key] for key in names], [key for key in targets if group[key] == head]
        )
        for head, names in members.items()
        if any(group[key] == head for key in targets)
    }
    for each in cells.sums:
        hidden = [key for key in each.keys if key in unknown]
        if hidden and (system := systems.get(group[hidden[0]])):
            place = {key: n for n, key in enumerate(system.names)}
            row: dict[int, int] = defaultdict(int)
            for key, sign in [(each.whole, -1), *((part, 1) for part in each.parts)]:
                if key in place:
                    row[place[key]] += sign
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
