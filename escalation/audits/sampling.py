"""A sample that a stranger can repeat, and how large it has to be. Pure: no Django, no clock, no chance.

The frame is a file. A line is a public number and its salt, or `-` and a hash that says nothing: of a case that does
not exist for the reader, or of none. Each line has a hash, of its salt and number where it has them; the digest is
that of all hashes in order. So everybody checks the one digest that was published, and nobody finds a number in it.
The sample is those with the smallest SHA-256 of seed, line feed and number (docs/audits.md says it with `sha256sum`).
Samples from before draws were announced have a list of plain numbers.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from math import ceil, floor, sqrt

TWICE_SHARE = 20  # per cent of the sample that a second person reviews
TWICE_AT_LEAST = 5
SURE_95 = 1.96

BLANK = "-"
FEWEST_BLANKS, MOST_BLANKS = 16, 48  # lines of no case, so that one more or less tells nothing

# The digest and the draw without this program: frame.txt as downloaded, SEED and SIZE as published.
CHECK = r"""while read -r number salt; do
  if [ "$number" = - ]; then echo "$salt"
  else printf '%s\n%s' "$salt" "$number" | sha256sum | cut -c1-64; fi
done < frame.txt | sort | sha256sum"""
SHELL = r"""grep -v '^-' frame.txt | while read -r number salt; do
  printf '%s %s\n' "$(printf '%s\n%s' "$SEED" "$number" | sha256sum | cut -c1-64)" "$number"
done | sort | head -n "$SIZE" | cut -d' ' -f2"""


def frame_text(numbers: Iterable[str]) -> str:
    """The frame of plain numbers: sorted, each on a line of its own."""
    return "".join(f"{number}\n" for number in sorted(numbers))


def sealed_frame(numbers: Iterable[str], chance: Callable[[], str], blanks: int) -> str:
    """The frame with a salt for each number and `blanks` lines that say nothing; `chance` gives 64 hex digits."""
    return _lines(
        [f"{number} {chance()}" for number in numbers] + [f"{BLANK} {chance()}" for _ in range(blanks)]
    )


def without(text: str, hidden: frozenset[str]) -> str:
    """The frame for somebody for whom these numbers do not exist: they become lines that say nothing."""
    if not hidden.intersection(numbers_in(text)):
        return text
    rows = [line.split(" ") for line in text.splitlines()]
    if not _is_sealed(text):
        return frame_text(number for (number,) in rows if number not in hidden)
    return _lines(
        f"{BLANK} {_leaf(number, salt)}" if number in hidden else f"{number} {salt}" for number, salt in rows
    )


def numbers_in(text: str) -> list[str]:
    """The numbers in a frame."""
    firsts = (line.partition(" ")[0] for line in text.splitlines())
    return [first for first in firsts if first != BLANK]


def frame_digest(text: str) -> str:
    """What is published of a frame, in hex."""
    if not _is_sealed(text):
        return digest(text)
    leaves = sorted(_leaf(*line.split(" ")) for line in text.splitlines())
    return digest("".join(f"{leaf}\n" for leaf in leaves))


def _is_sealed(text: str) -> bool:
    return " " in text


def _leaf(number: str, salt: str) -> str:
    return salt if number == BLANK else digest(f"{salt}\n{number}")


def _lines(lines: Iterable[str]) -> str:
    """In the order of bytes, with the lines that say nothing at the end."""
    rows = sorted(lines, key=lambda line: (line.startswith(BLANK), line))
    return "".join(f"{line}\n" for line in rows)


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
