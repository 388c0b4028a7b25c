"""Counts that add up, and which of them stay hidden: all tables at once, since a count may be worked out between them.

Whoever reads is taken to know more than they do: which hidden counts are nought, and by how much two editions of one
period differ. What they then can say of a hidden count is an interval; `is_safe` is the rule it has to keep.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Any, Self

SMALL = 5
DEAREST = 10  # of the counts that are hidden last
PASSES = 60  # of narrowing; intervals that creep on longer are left to the attack
Key = tuple[str, ...]
Bounds = tuple[float, float]


def is_safe(low: float, high: float) -> bool:
    """What may be known of a count under five: five values at least are possible, and one of them is five or more."""
    return high >= SMALL and high - low >= SMALL - 1


@dataclass(frozen=True, slots=True)
class Sum:
    """`whole` = all `parts` + `drift`, which is not nought where the two were counted on different days."""

    whole: Key
    parts: tuple[Key, ...]
    drift: int = 0

    @property
    def keys(self) -> tuple[Key, ...]:
        return (self.whole, *self.parts)


@dataclass
class Cells:
    """`hidden`: not shown. `nowhere`: hidden, and in no table either; a difference that somebody could make.
    `settled`: out already, nothing about it can be changed. `moved`: hidden since it moved by a few, or is near to few.
    `told`: says nothing of anybody, however small; it is not protected.
    `dear`: what is hidden last, by how dear it is. `looked`: how many hidden counts narrowing has looked at."""

    values: dict[Key, int] = field(default_factory=dict)
    hidden: set[Key] = field(default_factory=set)
    nowhere: set[Key] = field(default_factory=set)
    settled: set[Key] = field(default_factory=set)
    moved: set[Key] = field(default_factory=set)
    told: set[Key] = field(default_factory=set)
    dear: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    looked: int = field(default=0, compare=False)

    def add(self, key: Key, value: int, *, nowhere: bool = False, dear: int = 0) -> Key:
        """A count that is shown, unless it turns out to be small. One key is one count, in whatever tables."""
        if self.values.setdefault(key, value) != value:
            raise ValueError(f"{key} is said to be {self.values[key]} and {value}")
        if nowhere:
            self.nowhere.add(key)
            self.hidden.add(key)
        if dear:
            self.dear[key] = dear
        return key

    def add_sum(self, whole: Key, parts: Iterable[Key]) -> None:
        known = tuple(parts)
        self.sums.append(Sum(whole, known, self.values[whole] - sum(self.values[part] for part in known)))

    def difference(self, key: Key, more: Key, less: Key) -> None:
        """What is left of `more` without `less`: nobody prints it, anybody can work it out."""
        left = self.values[more] - self.values[less]
        if left >= 0:
            self.add(key, left, nowhere=True)
            self.add_sum(more, (less, key))

    def settle(self, earlier: Self) -> None:
        """Adds what was published before."""
        for key, value in earlier.values.items():
            self.add(key, value)
        self.hidden |= earlier.hidden
        self.nowhere |= earlier.nowhere
        self.settled |= set(earlier.values)
        self.told |= earlier.told
        self.sums += earlier.sums

    def is_sensitive(self, key: Key) -> bool:
        return 0 < self.values[key] < SMALL and key not in self.told

    def is_safe(self, key: Key, low: float, high: float) -> bool:
        """Of a difference that stands nowhere it is enough that nobody knows whether it is any: of a total of five
        everybody knows that no part is larger."""
        return is_safe(low, high) or (key in self.nowhere and low <= 0 < high)

    def hide_small(self) -> None:
        self.hidden |= {key for key in self.values if self.is_sensitive(key) and key not in self.settled}

    def unknown(self) -> dict[Key, int]:
        """The hidden counts that are not nought, with the least each can be: an asterisk is never a nought."""
        return {
            key: 0 if key in self.nowhere else 1
            for key in self.values
            if key in self.hidden and self.values[key]
        }

    def targets(self) -> list[Key]:
        """Whose interval has to be safe, in one order on every machine."""
        return sorted(key for key in self.hidden if self.is_sensitive(key))

    def for_another(self) -> list[Key]:
        """What is hidden for another's sake, the dearest and then the largest first."""
        out = self.hidden - self.nowhere - self.settled - self.moved - self.told
        found = [key for key in out if self.values[key] and not self.is_sensitive(key)]
        return sorted(found, key=lambda key: (-self.dear.get(key, 0), -self.values[key], key))

    @cached_property
    def sums_of(self) -> dict[Key, list[Sum]]:
        """Computed once all sums are there."""
        found: dict[Key, list[Sum]] = defaultdict(list)
        for each in self.sums:
            for key in each.keys:
                found[key].append(each)
        return found

    def as_json(self) -> dict[str, Any]:
        names = sorted(self.values)
        place = {key: n for n, key in enumerate(names)}
        return {
            "cells": [
                [list(key), self.values[key], 2 if key in self.nowhere else int(key in self.hidden)]
                for key in names
            ],
            "told": [place[key] for key in sorted(self.told)],
            "sums": [[place[s.whole], [place[part] for part in s.parts], s.drift] for s in self.sums],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        keys = [tuple(key) for key, _value, _how in data["cells"]]
        return cls(
            values={tuple(key): value for key, value, _how in data["cells"]},
            hidden={tuple(key) for key, _value, how in data["cells"] if how},
            nowhere={tuple(key) for key, _value, how in data["cells"] if how == 2},
            told={keys[n] for n in data["told"]},
            sums=[
                Sum(keys[whole], tuple(keys[n] for n in parts), drift) for whole, parts, drift in data["sums"]
            ],
        )


def narrowed(cells: Cells) -> dict[Key, Bounds]:
    """How far each hidden count can be narrowed down, one sum after the other."""
    unknown = cells.unknown()
    cells.looked += len(unknown)
    names, low = list(unknown), list[float](unknown.values())
    high, place = [inf] * len(names), {key: n for n, key in enumerate(names)}
    lines = [line for each in cells.sums if (line := _line(each, cells, place)) is not None]
    lines_of: list[list[int]] = [[] for _key in names]
    for n, (terms, _right) in enumerate(lines):
        for term, _sign in terms:
            lines_of[term].append(n)
    waiting = set(range(len(lines)))
    for _pass in range(PASSES):
        if not waiting:
            break
        turn, waiting = sorted(waiting), set()
        for n in turn:
            terms, right = lines[n]
            for (term, _sign), (least, most) in zip(
                terms, _left_for_each(terms, right, low, high), strict=False
            ):
                if least > low[term] or most < high[term]:
                    low[term], high[term] = max(low[term], least), min(high[term], most)
                    waiting.update(lines_of[term])
    return dict(zip(names, zip(low, high, strict=True), strict=True))


# The hidden counts of a sum, by their places, with their signs; and what they come to together.
_Terms = tuple[tuple[int, int], ...]


def _line(each: Sum, cells: Cells, place: Mapping[Key, int]) -> tuple[_Terms, int] | None:
    """None where nothing in it is hidden."""
    terms, right, values = [], 0, cells.values
    if each.whole in place:
        terms.append((place[each.whole], -1))
        right -= values[each.whole]
    for part in each.parts:
        if part in place:
            terms.append((place[part], 1))
            right += values[part]
    return (tuple(terms), right) if terms else None


def _left_for_each(terms: _Terms, right: int, low: list[float], high: list[float]) -> list[Bounds]:
    """What each of the counts of a sum can be, by what the others can; nothing where they say nothing of any."""
    least: float = 0
    most: float = 0
    bottomless = endless = 0
    for term, sign in terms:
        bottom, top = (low[term], high[term]) if sign > 0 else (-high[term], -low[term])
        if bottom == -inf:
            bottomless += 1
        else:
            least += bottom
        if top == inf:
            endless += 1
        else:
            most += top
    if bottomless > 1 and endless > 1:
        return []
    left = []
    for term, sign in terms:
        bottom, top = (low[term], high[term]) if sign > 0 else (-high[term], -low[term])
        down = right - _without(top, most, endless, inf)
        up = right - _without(bottom, least, bottomless, -inf)
        left.append((down, up) if sign > 0 else (-up, -down))
    return left


def _without(own: float, known: float, unknown: int, endless: float) -> float:
    """The sum of all the others, of which `unknown` with this one have no end."""
    if own == endless:
        return endless if unknown > 1 else known
    return endless if unknown else known - own


def protect(cells: Cells) -> list[Key]:
    """Hides what is small, and as much more as it takes until no hidden count can be narrowed down too far; which
    ones remain that cannot be protected, since nothing is left to hide beside them."""
    cells.hide_small()
    given = cells.nowhere | cells.settled | cells.moved
    while True:
        found = narrowed(cells)
        weak = [key for key in cells.targets() if not cells.is_safe(key, *found[key])]
        # What is hidden for another's sake protects it only as long as it cannot be worked out itself.
        useless = sorted(
            key
            for key, (low, high) in found.items()
            if low == high and key not in given and not cells.is_sensitive(key)
        )
        if not (_hide_beside(useless, cells, found) or _hide_beside(weak, cells, found)):
            return weak


def _hide_beside(weak: Iterable[Key], cells: Cells, found: Mapping[Key, Bounds]) -> bool:
    """Hides one more count beside these, one a row, since that often helps all of the row; whether anything was hidden.
    Differences come last: what protects their terms mostly protects them."""
    now: set[Key] = set()
    rows: set[Key] = set()
    for key in sorted(weak, key=lambda key: (key in cells.nowhere, key)):
        around = _telling(key, cells, found)
        if key[:-1] in rows or any(now.intersection(each.keys) for each in around):
            continue  # may be enough already
        if choice := _nearest(around, cells):
            now.add(min((cells.dear.get(other, 0), cells.values[other], other) for other in choice)[2])
            rows.add(key[:-1])
    cells.hidden |= now
    return bool(now)


def _nearest(sums: list[Sum], cells: Cells) -> set[Key]:
    """What could be hidden in these sums; where there is nothing, in those that share a hidden count with them."""
    seen: set[int] = set()
    while sums:
        seen |= {id(each) for each in sums}
        keys = {key for each in sums for key in each.keys if cells.values[key]}
        if choice := keys - cells.hidden - cells.settled:
            return choice
        beside = sorted(keys & cells.hidden)
        sums = [each for key in beside for each in cells.sums_of[key] if id(each) not in seen]
    return set()


def _telling(key: Key, cells: Cells, found: Mapping[Key, Bounds]) -> list[Sum]:
    """The sums that tell too much of a count: those that do so by themselves, else all in which it stands."""
    alone = []
    for each in cells.sums_of[key]:
        names = [other for other in each.keys if other in found]
        line = _line(each, cells, {other: n for n, other in enumerate(names)})
        assert line is not None
        ends = _left_for_each(
            *line, [found[other][0] for other in names], [found[other][1] for other in names]
        )
        low, high = ends[names.index(key)] if ends else (-inf, inf)
        tells = not cells.is_safe(key, max(low, 0), high) if cells.is_sensitive(key) else low == high
        if tells:
            alone.append(each)
    return alone or cells.sums_of[key]


def strengthen(cells: Cells, weak: Iterable[Key]) -> bool:
    """Hides one more count beside each of those that an attack found; whether there was one to hide."""
    return _hide_beside(sorted(weak), cells, narrowed(cells))
