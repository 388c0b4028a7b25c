"""Whether figures of groups, added and subtracted in whatever way, tell of a few people. Pure: no Django.

Each respondent is in one class of each breakdown: a group that is shown, or the rest (hidden, or did not say), whose
sum is known as the whole less the shown ones. What anybody can work out from the sums is a sum in which each person is
weighed by the numbers that their classes have: a function of a person that adds up over the breakdowns. It tells of the
people at whom it is not nought, so what is looked for is a function that is nought at all but a few.

Whatever is such is nought at every combination of classes that has many people. Of those that remain, as many as fix
every function are a basis, in each of which it is not nought somewhere: as many bases as a few, without anybody in two
of them, prove that there is none. Else it is searched for, in bases whose order is drawn: so often that one is missed
once in 10,000 times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from operator import mul
from random import Random

PRIME = 2**61 - 1  # functions have whole numbers modulo this: exact, and no number of people comes near it
MISSED = 1e-4
MOST_TRIES = 400

Cell = tuple[int, ...]  # the class in each breakdown; 0 is the rest
Function = list[int]  # by class, those of all breakdowns in one row


@dataclass(frozen=True)
class Telling:
    """`people`: at how many it is not nought. `classes`: those of each breakdown that it needs."""

    people: int
    classes: frozenset[tuple[int, int]]


def find_telling(cells: Mapping[Cell, int], sizes: Sequence[int], *, few: int) -> Telling | None:
    """A function that tells of fewer than `few` people, if there is one. `cells`: how many people are in each
    combination of classes; `sizes`: how many classes each breakdown has, the rest included."""
    space = _Space(sizes)
    large = sorted((cell for cell, n in cells.items() if n >= few), key=lambda cell: (-cells[cell], cell))
    left = space.vanishing_at(space.basis(), large)
    if not left:
        return None
    people = _together([([space.value(f, cell) for f in left], n) for cell, n in cells.items() if n < few])
    if _are_too_many(people, len(left), few):
        return None
    for weights in _candidates(people, len(left), few):
        told = _told(people, weights, few)
        if 0 < told < few:
            return Telling(told, space.needed(_combined(left, weights)))
    return None


def _told(people: list[tuple[list[int], int]], weights: list[int], few: int) -> int:
    """At how many it is not nought, `few` standing for more."""
    told = 0
    for values, n in people:
        told += n if _dot(values, weights) else 0
        if told >= few:
            return few
    return told


class _Space:
    """The functions, as rows of numbers: a constant (the rest of the first breakdown) and one for each shown group."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.starts = [sum(sizes[:n]) for n in range(len(sizes))]
        self.sizes, self.length = list(sizes), sum(sizes)

    def basis(self) -> list[Function]:
        """Those that differ: the rest of every breakdown but the first is nought."""
        taken = {self.starts[0]} | {
            start + n for start, size in zip(self.starts, self.sizes, strict=True) for n in range(1, size)
        }
        found = [[int(place == other) for other in range(self.length)] for place in sorted(taken)]
        found[0][: self.sizes[0]] = [1] * self.sizes[0]  # the whole
        return found

    def value(self, function: Function, cell: Cell) -> int:
        return sum(function[start + n] for start, n in zip(self.starts, cell, strict=True)) % PRIME

    def vanishing_at(self, functions: list[Function], cells: Sequence[Cell]) -> list[Function]:
        for cell in cells:
            values = [self.value(function, cell) for function in functions]
            functions = _without(functions, values)
            if not functions:
                break
        return functions

    def needed(self, function: Function) -> frozenset[tuple[int, int]]:
        """The classes that have another number than the rest of their breakdown."""
        return frozenset(
            (breakdown, n)
            for breakdown, (start, size) in enumerate(zip(self.starts, self.sizes, strict=True))
            for n in range(1, size)
            if function[start + n] != function[start]
        )


def _without(functions: list[Function], values: list[int]) -> list[Function]:
    """One fewer of them, all of which are nought where these have `values`."""
    pivot = next((n for n, value in enumerate(values) if value), None)
    if pivot is None:
        return functions
    inverse = pow(values[pivot], -1, PRIME)
    by = functions[pivot]
    return [
        [(a - value * inverse * b) % PRIME for a, b in zip(function, by, strict=True)] if value else function
        for n, (function, value) in enumerate(zip(functions, values, strict=True))
        if n != pivot
    ]


def _together(rows: Sequence[tuple[list[int], int]]) -> list[tuple[list[int], int]]:
    """What is nought at one is nought at the other: rows of the same direction are one, all nought are none."""
    found: dict[tuple[int, ...], int] = {}
    for values, n in rows:
        first = next((value for value in values if value), None)
        if first is not None:
            inverse = pow(first, -1, PRIME)
            key = tuple(value * inverse % PRIME for value in values)
            found[key] = found.get(key, 0) + n
    return [(list(key), n) for key, n in sorted(found.items())]


def _candidates(people: list[tuple[list[int], int]], count: int, few: int) -> list[list[int]]:
    """Functions that are nought at as many as can be had, as what each of the `count` that are left is taken with."""
    found, random = [], Random(count)  # noqa: S311 - the same answers hide the same groups
    for _try in range(_tries(sum(n for _values, n in people), count, few)):
        order = sorted(people, key=lambda row: random.random() ** (1 / row[1]), reverse=True)
        found += [function for _place, function in _fundamental([values for values, _n in order], count)]
    return found


def _are_too_many(people: list[tuple[list[int], int]], count: int, few: int) -> bool:
    """Whether there are so many bases without anybody in two of them."""
    rows, whole = sorted(people, key=lambda row: -row[1]), 0
    for _basis in range(few):
        used = {place for place, _function in _fundamental([values for values, _n in rows], count)}
        whole = whole or len(used)
        if len(used) < whole:
            return False
        fewer = [(values, n - (place in used)) for place, (values, n) in enumerate(rows)]
        rows = sorted((row for row in fewer if row[1]), key=lambda row: -row[1])
    return True


def _tries(people: int, count: int, few: int) -> int:
    """By the chance that of `count` people drawn just one is among the few."""
    if people < few or count == 1:
        return 1
    share = min(0.5, (few - 1) / people)
    chance = count * share * (1 - share) ** (count - 1)
    return max(1, min(MOST_TRIES, ceil(log(MISSED) / log(1 - chance)))) if chance < 1 else 1


def _fundamental(rows: list[list[int]], count: int) -> list[tuple[int, list[int]]]:
    """The first independent rows by their places: of each the function that is nought at all others of them."""
    functions = [[int(n == m) for m in range(count)] for n in range(count)]
    done: list[list[int]] = []
    places = []
    for place, values in enumerate(rows):
        at = [_dot(values, function) for function in functions]
        pivot = next((n for n, value in enumerate(at) if value), None)
        if pivot is None:
            continue
        by, inverse = functions[pivot], pow(at[pivot], -1, PRIME)
        done = [_less(each, by, _dot(values, each) * inverse) for each in done]
        functions = [
            _less(function, by, value * inverse) if value else function
            for n, (function, value) in enumerate(zip(functions, at, strict=True))
            if n != pivot
        ]
        done.append(by)
        places.append(place)
        if not functions:
            break
    return list(zip(places, done, strict=True))


def _less(one: list[int], other: list[int], times: int) -> list[int]:
    return [(a - times * b) % PRIME for a, b in zip(one, other, strict=True)]


def _dot(one: Sequence[int], other: Sequence[int]) -> int:
    total: int = sum(map(mul, one, other))
    return total % PRIME


def _combined(functions: list[Function], weights: list[int]) -> Function:
    return [
        sum(w * f[n] for w, f in zip(weights, functions, strict=True)) % PRIME
        for n in range(len(functions[0]))
    ]
