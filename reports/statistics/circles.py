"""A map without borders: a circle a district at its middle, as large as its number. Pure.

No map of borders is to be had that a city may give out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST, GROWTH = 6, 20  # radius of none, and how much that of the most is larger
FONT, ADVANCE, GAP = 11, 6.2, 4  # of the names, and how far a letter reaches on average
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Place:
    """`value`: None is hidden; `said`: what is written beside the name."""

    name: str
    latitude: float
    longitude: float
    value: int | None
    said: str


@dataclass(frozen=True)
class Circle:
    """In the picture's units; the name stands at `label_x`, `label_y`, by `anchor` as SVG has it."""

    name: str
    value: str
    x: int
    y: int
    r: int
    label_x: int
    label_y: int
    anchor: str
    is_hidden: bool

    @property
    def label(self) -> str:
        return f"{self.name} {self.value}"


def circles(places: Sequence[Place], width: int, height: int, edge: int) -> list[Circle]:
    """The largest first, so that none covers a smaller one. Nothing where a map says nothing: of fewer than two
    places, and where no number is known."""
    if len(places) < 2 or not any(place.value for place in places):
        return []
    north, west = max(place.latitude for place in places), min(place.longitude for place in places)
    high = north - min(place.latitude for place in places)
    wide = max(place.longitude for place in places) - west
    scale = min((width - 2 * edge) / (wide or 1), (height - 2 * edge) / (high or 1))
    left, top = (width - wide * scale) / 2, (height - high * scale) / 2
    most = max(place.value or 0 for place in places)
    spots = [
        (
            round(left + (place.longitude - west) * scale),
            round(top + (north - place.latitude) * scale),
            round(SMALLEST + GROWTH * ((place.value or 0) / most) ** 0.5),
            place,
        )
        for place in places
    ]
    spots.sort(key=lambda spot: (-spot[2], spot[3].name))
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for x, y, r, _place in spots]
    drawn = []
    for n, (x, y, r, place) in enumerate(spots):
        others = [box for m, box in enumerate(taken) if m != n]
        at, box = _label(x, y, r, f"{place.name} {place.said}", others, width, height)
        taken.append(box)
        drawn.append(Circle(place.name, place.said, x, y, r, *at, place.value is None))
    return drawn


def _label(
    x: int, y: int, r: int, words: str, taken: Sequence[Box], width: int, height: int
) -> tuple[tuple[int, int, str], Box]:
    """Above, below, right or left of the circle: where it meets least of what is there."""
    long, middle = len(words) * ADVANCE, y + FONT // 2 - 1
    spots = (
        ((x, y - r - GAP, "middle"), x - long / 2),
        ((x, y + r + FONT, "middle"), x - long / 2),
        ((x + r + GAP, middle, "start"), x + r + GAP),
        ((x - r - GAP, middle, "end"), x - r - GAP - long),
    )
    best = None
    for at, first in spots:
        box = first, at[1] - FONT, first + long, at[1] + 2.0
        outside = max(0, -box[0]) + max(0, box[2] - width) + max(0, -box[1]) + max(0, box[3] - height)
        cost = outside * 100 + sum(_common(box, other) for other in taken)
        if best is None or cost < best[0]:
            best = cost, at, box
    assert best is not None
    return best[1], best[2]


def _common(one: Box, other: Box) -> float:
    """How much of two boxes is the same."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0, wide) * max(0, high)
