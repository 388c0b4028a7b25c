"""A sample that a stranger can repeat, and how large it has to be. Pure: no Django, no clock, no chance.

The frame is the list of public numbers to draw from, one a line, in the order of their bytes. The sample is
those with the smallest SHA-256 of seed, line feed and number (docs/audits.md says it with `sha256sum`).
"""

from collections.abc import Iterable
from hashlib import sha256
from math import ceil, floor, sqrt

TWICE_SHARE = 20  # per cent of the sample that a second person reviews
TWICE_AT_LEAST = 5
SURE_95 = 1.96

# The same draw without this program: frame.txt as downloaded, SEED and SIZE as published.
SHELL = r"""while read -r number; do
  printf '%s %s\n' "$(printf '%s\n%s' "$SEED" "$number" | sha256sum | cut -c1-64)" "$number"
done < frame.txt | sort | head -n "$SIZE" | cut -d' ' -f2"""


def frame_text(numbers: Iterable[str]) -> str:
    """The frame as a file: sorted, each number on a line of its own."""
    return "".join(f"{number}\n" for number in sorted(numbers))


def digest(text: str) -> str:
    """SHA-256 in hex, as `sha256sum` prints it of a file with this text."""
    return sha256(text.encode()).hexdigest()


def rank(seed: str, number: str) -> str:
    """What the numbers are ordered by; the smallest are drawn."""
    return digest(f"{seed}\n{number}")


def draw(numbers: Iterable[str], size: int, seed: str) -> list[str]:
    """The `size` numbers of the smallest rank, smallest first; all of them when there are no more."""
    if size < 0:
        raise ValueError("a size is not negative")
    return sorted(set(numbers), key=lambda number: rank(seed, number))[:size]


def twice_count(size: int, share: int = TWICE_SHARE, at_least: int = TWICE_AT_LEAST) -> int:
    """How many of a sample of `size` a second person reviews: `share` per cent, a few at least."""
    return min(size, max(at_least, ceil(size * share / 100)))


def size_for(population: int, margin: float, *, share: float = 0.5, z: float = SURE_95) -> int:
    """How many to draw, so that a share is known to ± `margin` (a fraction); half and half needs most.

    Cochran, Sampling Techniques, 4.4, with the finite population correction. All when there are few.
    """
    if population < 0 or margin <= 0:
        raise ValueError("a population and a margin are needed")
    if population <= 1:
        return population
    endless = z * z * share * (1 - share) / (margin * margin)
    size = max(1, floor(endless * population / (population - 1 + endless)))
    while margin_of(size, population, share=share, z=z) > margin:  # rounding settled by what is asked for
        size += 1
    return size


def margin_of(size: int, population: int, *, share: float = 0.5, z: float = SURE_95) -> float:
    """± how much, as a fraction, a share is known from `size` drawn of `population`; 0.0 when all were drawn."""
    if not 1 <= size <= population:
        raise ValueError("1 <= size <= population is needed")
    if size == population:
        return 0.0
    return z * sqrt(share * (1 - share) / size * (population - size) / (population - 1))
