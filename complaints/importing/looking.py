"""A first look at a file of which no mapping is known yet: its sheets, its headings, and the words in its columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from complaints.importing.heads import LOOKED_AT, headings_of
from complaints.importing.lines import BrokenFile, Line, Sheet, plain
from complaints.importing.mapping import Mapping
from complaints.importing.reading import opened

ROWS = 5000  # in which the words of a column are looked for
TEXTS = 300
MOST_WORDS = 40  # of a column that holds a choice


@dataclass(frozen=True)
class Look:
    """`texts`: heading → what stands in its column, each text once, not more than TEXTS of them."""

    told: str
    sheets: list[str] = field(default_factory=list)
    header_row: int = 0
    headings: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def words(self, heading: str) -> list[str]:
        """In a column that holds a choice; empty where too many are different."""
        found = self.texts.get(heading, [])
        return sorted(found, key=str.casefold) if len(found) <= MOST_WORDS else []

    def sample(self, heading: str) -> str:
        return next(iter(self.texts.get(heading, [])), "")


def look(path: Path, mapping: Mapping, *, most: int) -> Look:
    """What is in the file, read as `mapping` says; its columns need not be there. Raises BrokenFile."""
    with opened(path, mapping, most) as (sheets, told):
        sheet = _chosen(sheets, mapping.sheet)
        lines = list(islice(sheet.lines(), ROWS))
        head = _head(lines, mapping.header_row)
        if head is None:
            return Look(told, [each.name for each in sheets if each.name])
        line, above = head
        headings = headings_of(line, above)
        below = [each.cells for each in lines if each.number > line.number and not each.problem]
        columns = {name: place for place, name in enumerate(headings) if name}
        return Look(
            told=told,
            sheets=[each.name for each in sheets if each.name],
            header_row=line.number,
            headings=list(columns),
            texts={name: _texts(below, place) for name, place in columns.items()},
        )


def unlisted(path: Path, mapping: Mapping, *, most: int) -> dict[str, list[str]]:
    """Words in the columns of choices of which the mapping says nothing, by their headings. Raises BrokenFile."""
    texts = {plain(name): (name, words) for name, words in look(path, mapping, most=most).texts.items()}
    found: dict[str, list[str]] = {}
    for choice, words in mapping.values.items():
        for heading in mapping.columns.get(choice, ()):
            name, held = texts.get(plain(heading), (heading, []))
            new = [
                word
                for word in held
                if word.casefold() not in words.meanings and plain(word) not in mapping.empty
            ]
            if new:
                found[name] = sorted(new, key=str.casefold)[:MOST_WORDS]
    return found


def _chosen(sheets: Sequence[Sheet], name: str) -> Sheet:
    """That sheet, else the one with most rows among the first."""
    for sheet in sheets:
        if name and plain(sheet.name) == plain(name):
            return sheet
    if not sheets:
        raise BrokenFile
    return max(sheets, key=lambda sheet: sum(1 for _line in islice(sheet.lines(), LOOKED_AT)))


def _head(lines: list[Line], row: int) -> tuple[Line, list[str]] | None:
    """The row that names most columns, the first of several, and the cells above it."""
    best: tuple[int, Line, list[str]] | None = None
    above: list[str] = []
    for line in lines[:LOOKED_AT]:
        if not line.problem and row in (0, line.number):
            filled = len({plain(cell) for cell in line.cells if cell.strip()})
            if filled and (best is None or filled > best[0]):
                best = filled, line, above
        above = line.cells
    return best[1:] if best else None


def _texts(rows: list[list[str]], place: int) -> list[str]:
    found: dict[str, str] = {}
    for cells in rows:
        cell = cells[place].strip() if place < len(cells) else ""
        if cell and len(found) < TEXTS:
            found.setdefault(cell.casefold(), cell[:200])
    return list(found.values())
