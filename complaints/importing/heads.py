"""Finds the row with the headings: titles may stand above it, and a merged heading may span several columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from complaints.importing.lines import Line, plain

LOOKED_AT = 30  # rows in which the headings are looked for


@dataclass(frozen=True)
class Head:
    """The row with the headings. `columns`: needed heading → place; `missing` and `twice`: what is not there, or in
    more than one place."""

    row: Line
    columns: dict[str, int]
    missing: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def fewest(self) -> int:
        """How many cells a record has at least: as many as have a heading."""
        named = [place for place, cell in enumerate(self.row.cells) if cell.strip()]
        return max([*named, *self.columns.values()], default=0) + 1

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.twice


def find_head(lines: Sequence[Line], needed: Iterable[str], row: int = 0) -> Head | None:
    """The first of `lines` with all headings, else the one with most. `row`: only this one, by its number."""
    best: Head | None = None
    above: list[str] = []
    for line in lines[:LOOKED_AT]:
        if not line.problem and row in (0, line.number):
            for upper in ([], above):
                head = _head(line, upper, needed)
                if head.is_whole:
                    return head
                if best is None or len(head.missing) < len(best.missing):
                    best = head
        above = line.cells
    return best


def _head(line: Line, above: list[str], needed: Iterable[str]) -> Head:
    names = _names(line.cells, above)
    exact = [cell.strip() for cell in line.cells]
    columns, missing, twice = {}, [], []
    for heading in sorted(needed):
        places = [place for place, known in enumerate(names) if plain(heading) in known]
        if len(places) > 1 and exact.count(heading) == 1:
            places = [exact.index(heading)]
        if not places:
            missing.append(heading)
        elif len(places) > 1:
            twice.append(heading)
        else:
            columns[heading] = places[0]
    return Head(line, columns, tuple(missing), tuple(twice))


def _names(cells: list[str], above: list[str]) -> list[set[str]]:
    """By what each column may be called: its own heading, that of the merged cell above it, and both together."""
    spanning, names = "", []
    for place, cell in enumerate(cells):
        own, over = plain(cell), plain(above[place]) if place < len(above) else ""
        spanning = over or spanning
        both = {f"{spanning} {own}".strip()} if above else set()
        names.append({own or over} | both)
    return names


def headings_of(line: Line, above: list[str]) -> list[str]:
    """By what each column can be named in a mapping, in the file's own spelling; "" for one that cannot be told."""
    spanning, own, both = "", [], []
    for place, cell in enumerate(line.cells):
        over = " ".join(above[place].split()) if place < len(above) else ""
        spanning = over or spanning
        own.append(" ".join(cell.split()) or over)
        both.append(f"{spanning} {' '.join(cell.split())}".strip())
    known = [plain(name) for name in own]
    joined = [plain(name) for name in both]
    return [
        name if known.count(plain(name)) == 1 else whole if name and joined.count(plain(whole)) == 1 else ""
        for name, whole in zip(own, both, strict=True)
    ]
