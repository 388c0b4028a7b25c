"""Reads the records of a CSV file, plain or gzipped, with the physical line on which each begins."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from complaints.importing.mapping import Mapping

GZIP_MAGIC = b"\x1f\x8b"
# A cell may be long, but not without end; beyond this the file is broken (a quotation mark never closed).
MAX_CELL = 4_000_000


class BrokenFile(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it begins on, and its cells by heading or why there are none."""

    line: int
    cells: dict[str, str]
    problem: str = ""


def count_records(path: Path, mapping: Mapping) -> int:
    """How many records the file has. Reads it to the end, so that a broken one is known before anything is
    written. Raises BrokenFile."""
    return sum(1 for _record in read_records(path, mapping))


def read_records(path: Path, mapping: Mapping) -> Iterator[Record]:
    """The records of the file one by one. Raises BrokenFile."""
    csv.field_size_limit(MAX_CELL)
    try:
        with _open(path, mapping.encoding) as text:
            yield from _records(text, mapping)
    except OSError as error:
        why = error.strerror or str(error)
        raise BrokenFile(_("%(path)s cannot be read: %(why)s.") % {"path": path, "why": why}) from error
    except (EOFError, zlib.error) as error:
        raise BrokenFile(_("%(path)s is a damaged or half-sent gzip file.") % {"path": path}) from error
    except UnicodeError as error:
        message = _("%(path)s is not written in %(encoding)s.")
        raise BrokenFile(message % {"path": path, "encoding": mapping.encoding}) from error


def _open(path: Path, encoding: str) -> IO[str]:
    """By content, not by name: a download may have lost its ".gz". Foreign bytes are found row by row."""
    with path.open("rb") as start:
        is_gzip = start.read(2) == GZIP_MAGIC
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    if is_gzip:
        return gzip.open(path, "rt", encoding=encoding, errors=errors, newline="")
    return path.open("rt", encoding=encoding, errors=errors, newline="")


def _records(text: IO[str], mapping: Mapping) -> Iterator[Record]:
    reader = csv.reader(text, delimiter=mapping.delimiter, strict=True)
    try:
        headings = [heading.strip() for heading in next(reader, [])]
    except csv.Error as error:
        raise BrokenFile(_("The first line cannot be read: %(why)s.") % {"why": error}) from error
    _check_headings(headings, mapping)
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error) or "field larger" in str(error):
                message = _("Line %(line)s opens a quotation mark that is never closed.")
                raise BrokenFile(message % {"line": line}) from error
            yield Record(line, {}, _("not readable as CSV: %(why)s") % {"why": error})
            continue
        if values:
            yield _record(line, headings, values)


def _record(line: int, headings: list[str], values: list[str]) -> Record:
    if len(values) != len(headings):
        problem = _("has %(found)s columns instead of %(expected)s")
        return Record(line, {}, problem % {"found": len(values), "expected": len(headings)})
    return Record(line, dict(zip(headings, values, strict=True)))


def _check_headings(headings: list[str], mapping: Mapping) -> None:
    missing = sorted(mapping.needed_columns - set(headings))
    if missing:
        raise BrokenFile(_("The file has no column %(names)s.") % {"names": ", ".join(missing)})
    used_twice = sorted(name for name in mapping.needed_columns if headings.count(name) > 1)
    if used_twice:
        raise BrokenFile(_("The file has several columns %(names)s.") % {"names": ", ".join(used_twice)})
