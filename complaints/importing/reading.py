"""Reads the records of a file, whatever it is, with the line on which each begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from complaints.importing.heads import LOOKED_AT, Head, find_head
from complaints.importing.kinds import NAMES, SPREADSHEETS, FileKind
from complaints.importing.lines import BrokenFile, Line, Sheet, plain
from complaints.importing.mapping import Mapping
from complaints.importing.spreadsheets import read_spreadsheet
from complaints.importing.texts import read_text
from complaints.importing.unpacking import MAX_UNPACKED, unpacked


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it begins on, and its cells by heading or why there are none. `sheet`: where several are
    read."""

    line: int
    cells: dict[str, str]
    problem: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Table:
    """A sheet whose headings were found."""

    sheet: Sheet
    head: Head


@dataclass(frozen=True)
class Export:
    """A file with its tables; `told` says in words what was found of its own accord."""

    told: str
    tables: tuple[Table, ...]

    def records(self) -> Iterator[Record]:
        """From the beginning, each time. Raises BrokenFile."""
        for table in self.tables:
            for record in _records(table):
                yield replace(record, sheet=table.sheet.name) if len(self.tables) > 1 else record

    def count(self) -> int:
        """How many records. Reads to the end, so that a broken file is known before anything is written."""
        return sum(1 for _record in self.records())


@contextmanager
def reading(path: Path, mapping: Mapping, most: int = MAX_UNPACKED) -> Iterator[Export]:
    """The file, for as long as it is read. BrokenFile says what it is, and why it cannot be taken over."""
    with opened(path, mapping, most) as (sheets, told):
        tables = _tables(sheets, told, mapping)
        if any(sheet.name for sheet in sheets):
            names = ", ".join(f"“{table.sheet.name}”" for table in tables)
            told = _("%(told)s, read: %(names)s") % {"told": told, "names": names}
        yield Export(told, tables)


@contextmanager
def opened(path: Path, mapping: Mapping, most: int = MAX_UNPACKED) -> Iterator[tuple[tuple[Sheet, ...], str]]:
    """Its sheets, whatever is in them, and in words what the file is; `most` bytes unpacked. Raises BrokenFile."""
    with unpacked(path, most) as (file, kind):
        try:
            yield _sheets(file, kind, mapping, most)
        except UnicodeError as error:
            message = _("%(path)s is not written in %(encoding)s.")
            raise BrokenFile(message % {"path": path, "encoding": mapping.encoding or "UTF-16"}) from error


def _sheets(file: Path, kind: FileKind, mapping: Mapping, most: int) -> tuple[tuple[Sheet, ...], str]:
    if kind in SPREADSHEETS:
        return read_spreadsheet(file, kind, most)
    if kind == FileKind.TEXT:
        return read_text(file, mapping)
    message = _("This is %(kind)s. Save it as Excel (.xlsx), OpenDocument (.ods), CSV or JSON lines.")
    raise BrokenFile(message % {"kind": NAMES[kind]})


def _tables(sheets: tuple[Sheet, ...], told: str, mapping: Mapping) -> tuple[Table, ...]:
    """The sheet that the mapping names, else all that have the headings."""
    if mapping.sheet:
        named = tuple(sheet for sheet in sheets if plain(sheet.name) == plain(mapping.sheet))
        if not named:
            names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
            message = _("This is %(told)s. It has no sheet “%(sheet)s” but %(names)s.")
            raise BrokenFile(message % {"told": told, "sheet": mapping.sheet, "names": names})
        sheets = named
    found = [(sheet, _head_of(sheet, mapping)) for sheet in sheets]
    tables = tuple(Table(sheet, head) for sheet, head in found if head and head.is_whole)
    if not tables:
        raise BrokenFile(_why_not(found, told))
    return tables


def _head_of(sheet: Sheet, mapping: Mapping) -> Head | None:
    return find_head(list(islice(sheet.lines(), LOOKED_AT)), mapping.needed_columns, mapping.header_row)


def _why_not(found: list[tuple[Sheet, Head | None]], told: str) -> str:
    """What the file is, and what its nearest sheet lacks."""
    near = [(sheet, head) for sheet, head in found if head]
    if not near:
        return _("This is %(told)s. It is empty.") % {"told": told}
    sheet, head = min(near, key=lambda each: len(each[1].missing))
    said = {
        "told": told,
        "sheet": sheet.name,
        "rows": LOOKED_AT,
        "names": ", ".join(head.missing or head.twice),
    }
    if head.missing and sheet.name:
        return (
            _(
                "This is %(told)s. None of the first %(rows)d rows of the sheet “%(sheet)s” has the columns %(names)s."
            )
            % said
        )
    if head.missing:
        return _("This is %(told)s. None of the first %(rows)d rows has the columns %(names)s.") % said
    return _("This is %(told)s. It has several columns %(names)s.") % said


def _records(table: Table) -> Iterator[Record]:
    """The rows below the headings; empty ones and repeated headings are passed over."""
    head = table.head
    again, fewest = [plain(cell) for cell in head.row.cells], head.fewest
    for line in table.sheet.lines():
        if line.number <= head.row.number or not (line.problem or any(cell.strip() for cell in line.cells)):
            continue
        if [plain(cell) for cell in line.cells] != again:
            yield _record(line, head, fewest)


def _record(line: Line, head: Head, fewest: int) -> Record:
    """Without what a heading stands over, a record is cut off; separators at the end of a line say nothing."""
    if line.problem:
        return Record(line.number, {}, line.problem)
    cells, width = line.cells, len(head.row.cells)
    if len(cells) < fewest or any(cell.strip() for cell in cells[width:]):
        problem = _("has %(found)s columns instead of %(expected)s")
        return Record(line.number, {}, problem % {"found": len(cells), "expected": width})
    return Record(line.number, {heading: cells[place] for heading, place in head.columns.items()})
