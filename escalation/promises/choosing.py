"""Which elements of a survey ask for a promise. Pure: no Django."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ElementMean:
    """An element of a round: its mean, the interval it lies in, and how many answered it."""

    element: str
    mean: float
    low: float | None
    high: float | None
    answered: int


def lowest(
    found: Iterable[ElementMean], *, most: int, below: float, always: bool, fewest: int
) -> list[ElementMean]:
    """The lowest `most` of those below the band; the lowest of all in any case where `always` says so.

    What fewer than `fewest` answered tells nothing, and asks for nothing. Of equals the first named comes first.
    """
    enough = sorted((each for each in found if each.answered >= fewest), key=lambda each: each.mean)
    chosen = [each for each in enough if each.mean < below][:most]
    return chosen or (enough[:1] if always else [])
