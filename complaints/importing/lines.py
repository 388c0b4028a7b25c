"""What every kind of file is read into: sheets of numbered lines of text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class BrokenFile(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line it begins on (from 1) and its cells, or why there are none."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table in a file; "" is the name of the only one of a text. `lines` reads it from its beginning."""

    name: str
    lines: Callable[[], Iterator[Line]]


def plain(heading: str) -> str:
    """As headings and words are compared: whatever the case, line ends and blanks."""
    return " ".join(heading.split()).casefold()


def open_text(path: Path, encoding: str) -> IO[str]:
    """To be read from its beginning. What is foreign to UTF-8 or old Windows is found row by row, as surrogates."""
    errors = "surrogateescape" if encoding.startswith("utf-8") or encoding == "cp1252" else "strict"
    return path.open("rt", encoding=encoding, errors=errors, newline="")
