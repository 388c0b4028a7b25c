"""The attack on what is about to be published: what can be worked out of each hidden count from all sums at once.

Narrowing (cells.py) looks at one sum after the other; a linear program (systems.py) looks at all of them.
"""

from dataclasses import dataclass, field, replace

from reports.suppression.cells import DEAREST, SMALL, Bounds, Cells, Key, protect, strengthen
from reports.suppression.systems import System, systems_of

# Hidden counts that are looked at while counts are tried that may be shown: as many in a try as are hidden in all. It
# hangs on the cells alone, so every machine ends at the same count; by seconds, or by programs solved, whose number
# hangs on which of several answers the solver gives, it would not (decision 127).
BUDGET = 2_500_000


def attack(*published: Cells) -> list[Key]:
    """The hidden counts under five of which too much can be said by somebody who has all of this before them."""
    return sorted(key for cells in published for key in Attack().weak(cells))


def protect_and_attack(cells: Cells, budget: int = BUDGET) -> list[Key]:
    """Hides until the attack finds nothing, or nothing is left to hide; what it still finds. The dearest counts are
    hidden only where nothing else does, and what turns out not to be needed is shown again, as far as `budget` goes."""
    before, attacker = set(cells.hidden), Attack()
    if weak := _hide(cells, attacker):
        return weak
    kept = set(cells.settled)
    for key in cells.for_another():
        if key in cells.hidden and cells.dear.get(key, 0) >= DEAREST and budget > 0:
            other = replace(cells, hidden=set(before), settled=kept | {key}, looked=0)
            if not _hide(other, attacker):
                cells.hidden, kept = other.hidden, other.settled
            budget -= other.looked
    _show_again(cells, attacker, budget)
    return []


def _hide(cells: Cells, attacker: "Attack") -> list[Key]:
    weak = protect(cells)
    while weak := sorted({*weak, *attacker.weak(cells)}):
        if not strengthen(cells, weak):
            return weak
        weak = protect(cells)
    return []


def _show_again(cells: Cells, attacker: "Attack", budget: int) -> None:
    """What was hidden for another's sake before more was hidden, and is not needed any more: shown, the dearest first.
    Hiding goes on from one weak count to the next and never looks back. What was not tried when the budget is used up
    stays hidden, which is always safe."""
    for key in cells.for_another():
        budget -= len(cells.hidden)
        if budget < 0:
            return
        cells.hidden.discard(key)
        if attacker.finds(cells):
            cells.hidden.add(key)


def intervals(cells: Cells) -> dict[Key, Bounds]:
    """The interval of each count that has to be safe."""
    return {
        key: system.bounds(key) for system in systems_of(cells, cells.targets()) for key in system.targets
    }


@dataclass
class Attack:
    """Attacks on the same counts and sums, while now one count is hidden and now another.

    `ways`: for a count under five the counts that would change, were it something else by so much that nobody can tell
    which it is. They could, as long as all of them are hidden, and so it is safe: nothing has to be worked out anew.
    """

    ways: dict[Key, frozenset[Key]] = field(default_factory=dict)

    def weak(self, cells: Cells) -> list[Key]:
        return [
            key
            for system in systems_of(cells, self._open(cells))
            for key in system.targets
            if not self._is_safe(system, key)
        ]

    def finds(self, cells: Cells) -> bool:
        """Whether any is weak; not looked at further than the first."""
        return any(
            not self._is_safe(system, key)
            for system in systems_of(cells, self._open(cells))
            for key in system.targets
        )

    def _open(self, cells: Cells) -> list[Key]:
        unknown = cells.unknown().keys()
        return [key for key in cells.targets() if not self.ways.get(key, _NEVER) <= unknown]

    def _is_safe(self, system: System, key: Key) -> bool:
        if way := system.way(key, SMALL - 1):  # from itself, which is at least one
            self.ways[key] = way
            return True
        low, high = system.bounds(key)
        if not system.cells.is_safe(key, low, high):
            return False
        # It is narrower, and safe all the same.
        value = system.cells.values[key]
        more = 0 if key in system.cells.nowhere and low <= 0 else max(SMALL, int(low) + SMALL - 1) - value
        up = system.way(key, more) if more > 0 else frozenset()
        down = system.way(key, int(low) - value) if low < value else frozenset()
        if up is not None and down is not None:
            self.ways[key] = up | down
        return True


_NEVER = frozenset([("nothing is called so",)])
