"""What the index is counted from: whole numbers that add up, so that rounds can be put together without their answers.
Pure: no Django, no pandas."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

STEPS = (1, 2, 3, 4)
Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Moments:
    """Of some respondents, over `items` (elements or questions) in one order.

    `respondents` answered at least one item, `complete` all of them, `without` none. `counts`: of each item how
    often each step was answered. Over those who answered both of two items: `both` how many, `sums` the sum of the
    first, `products` the sum of the products. `ignored`: of each item what was given and is no step; `empty`: nothing.
    """

    items: tuple[str, ...]
    respondents: int
    complete: int
    without: int
    counts: Matrix
    both: Matrix
    sums: Matrix
    products: Matrix
    ignored: tuple[int, ...]
    empty: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Moments":
        return cls(**{each.name: _frozen(data[each.name]) for each in fields(cls)})

    def answered(self, item: str) -> int:
        n = self.items.index(item)
        return self.both[n][n]

    def total(self, item: str) -> int:
        n = self.items.index(item)
        return self.sums[n][n]


def nothing(items: Iterable[str]) -> Moments:
    """Of nobody."""
    names = tuple(items)
    zeros = (0,) * len(names)
    square = (zeros,) * len(names)
    counts = ((0,) * len(STEPS),) * len(names)
    return Moments(names, 0, 0, 0, counts, square, square, square, zeros, zeros)


def pool(parts: Iterable[Moments]) -> Moments:
    """All together as if it had been asked once. ValueError for other items."""
    several = list(parts)
    if not several:
        raise ValueError("nothing to put together")
    if len({part.items for part in several}) > 1:
        raise ValueError("other items")
    added = {
        each.name: _add([getattr(part, each.name) for part in several])
        for each in fields(Moments)
        if each.name != "items"
    }
    return Moments(items=several[0].items, **added)


def _add(values: list[Any]) -> Any:
    if isinstance(values[0], tuple):
        return tuple(_add(list(each)) for each in zip(*values, strict=True))
    return sum(values)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list | tuple) else value
