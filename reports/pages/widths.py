"""How broad the columns of a printed table are: so that no word of a header is broken, and names get what is left."""

import re
from collections.abc import Sequence

PAGE = 493.0  # points between the margins of A4
LETTER, HEAD_LETTER = (
    5.2,
    5.1,
)  # how far a letter reaches, in the body and bold in the head; the broader of our fonts
PAD, HEAD_PAD = 9.0, 8.0
APART = 8.5  # text keeps from a number before it
LONGEST_WORD, LONGEST_NAME, LINES = 110.0, 230.0, 3
FILLED = 2.5  # what words fill of three lines
SMALLER = 0.85  # of a head that has no room
BREAKS = re.compile(r"[\s\-–/]+")


def widths(heads: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> tuple[list[float], bool]:
    """Of each column in per cent, and whether the heads have to be smaller. `heads` are (words, is a number)."""
    columns = [[row[n] for row in rows if n < len(row)] for n in range(len(heads))]
    apart = [APART * (n > 0 and not is_number) for n, (_words, is_number) in enumerate(heads)]
    least = [_least(*head, cells, 1) for head, cells in zip(heads, columns, strict=True)]
    if is_tight := sum(least) > PAGE or _is_squeezed(heads, columns, least):
        least = [_least(*head, cells, SMALLER) for head, cells in zip(heads, columns, strict=True)]
    wanted = [max(low, _wanted(*head, cells)) for low, head, cells in zip(least, heads, columns, strict=True)]
    least, wanted = ([a + b for a, b in zip(each, apart, strict=True)] for each in (least, wanted))
    return [round(100 * width / PAGE, 2) for width in _fitted(least, wanted)], is_tight


def _is_squeezed(
    heads: Sequence[tuple[str, bool]], columns: Sequence[Sequence[str]], least: list[float]
) -> bool:
    """Whether the longest name would take more lines than three, for the sake of the heads."""
    room, asked = PAGE, 0.0
    for (_words, is_number), cells, low in zip(heads, columns, least, strict=True):
        if is_number:
            room -= low
        else:
            asked += min(max(map(len, cells), default=0) * LETTER, LONGEST_NAME) / FILLED + PAD
    return asked > room


def _fitted(least: list[float], wanted: list[float]) -> list[float]:
    spare = PAGE - sum(wanted)
    if spare >= 0:
        return [width + spare / len(wanted) for width in wanted]
    room, asked = PAGE - sum(least), sum(wanted) - sum(least)
    if room < 0:  # more columns than a page has: each gives way alike
        return [width * PAGE / sum(least) for width in least]
    return [low + (want - low) * room / asked for low, want in zip(least, wanted, strict=True)]


def _least(words: str, is_number: bool, cells: Sequence[str], size: float) -> float:
    head = max(map(len, BREAKS.split(words))) * HEAD_LETTER * size + HEAD_PAD
    if is_number:  # never broken
        return max(head, max(map(len, cells), default=0) * LETTER + PAD)
    longest = max((len(word) for cell in cells for word in cell.split()), default=0)
    return max(head, min(longest * LETTER, LONGEST_WORD) + PAD)


def _wanted(words: str, is_number: bool, cells: Sequence[str]) -> float:
    head = len(words) * HEAD_LETTER / LINES + HEAD_PAD
    if is_number:
        return head
    return max(head, min(max(map(len, cells), default=0) * LETTER, LONGEST_NAME) + PAD)
