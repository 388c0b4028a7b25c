"""Reads CSV with any separator, and JSON lines. Encoding and separator are found where the mapping names none."""

import csv
import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.importing.heads import LOOKED_AT, find_head
from complaints.importing.lines import BrokenFile, Line, Sheet
from complaints.importing.mapping import Mapping

# A cell may be long, but not without end; beyond this the file is broken (a quotation mark never closed).
MAX_CELL = 4_000_000
_SEPARATORS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}
_UTF8, _OLD = "utf-8-sig", "cp1252"
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", _UTF8))


def read_text(path: Path, mapping: Mapping) -> tuple[tuple[Sheet, ...], str]:
    """The only sheet, and in words what was found."""
    csv.field_size_limit(MAX_CELL)
    encoding = mapping.encoding or find_encoding(path)
    told = encoding.removesuffix("-sig")
    if _is_json(path, encoding):
        return (Sheet("", partial(_json_lines, path, encoding)),), f"JSON, {told}"
    separator = mapping.delimiter or _find_separator(path, encoding, mapping)
    name = _SEPARATORS.get(separator, separator)
    words = _("CSV, %(encoding)s, separated by: %(separator)s") % {"encoding": told, "separator": name}
    return (Sheet("", partial(_csv_lines, path, encoding, separator)),), words


def find_encoding(path: Path) -> str:
    """UTF-8, with single foreign bytes or without, UTF-16, or else Western Windows."""
    content = path.read_bytes()
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    start = content[:200]
    if start.count(0) > len(start) * 2 // 5:  # letters of ours have a zero beside them
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    text = content.decode("utf-8", "surrogateescape")
    foreign = sum(1 for char in text if "\ud800" <= char <= "\udfff") if not text.isascii() else 0
    good = sum(1 for char in text if char > "\x7f") - foreign if foreign else 0
    return _UTF8 if good >= foreign else _OLD


def _open(path: Path, encoding: str) -> Any:
    """Foreign bytes are found row by row."""
    errors = "surrogateescape" if encoding.startswith("utf-8") or encoding == _OLD else "strict"
    return path.open("rt", encoding=encoding, errors=errors, newline="")


def _find_separator(path: Path, encoding: str, mapping: Mapping) -> str:
    """By which most of the headings are found, else most columns."""

    def fit(separator: str) -> tuple[int, int]:
        try:
            lines = list(islice(_csv_lines(path, encoding, separator), LOOKED_AT))
        except (BrokenFile, UnicodeError):
            lines = []
        head = find_head(lines, mapping.needed_columns, mapping.header_row)
        widest = max((len(line.cells) for line in lines), default=0)
        return (len(head.columns) if head else 0, widest)

    return max(_SEPARATORS, key=fit)


def _csv_lines(path: Path, encoding: str, separator: str) -> Iterator[Line]:
    with _open(path, encoding) as text:
        reader = csv.reader(text, delimiter=separator, strict=True)
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "end of data" in str(error) or "field larger" in str(error):
                    message = _("Line %(line)s opens a quotation mark that is never closed.")
                    raise BrokenFile(message % {"line": number}) from error
                yield Line(number, [], _("not readable as CSV: %(why)s") % {"why": error})
                continue
            yield Line(number, cells)


def _is_json(path: Path, encoding: str) -> bool:
    with _open(path, encoding) as text:
        start = next((line.strip() for line in text if line.strip()), "")
    if start.startswith("["):
        return start == "[" or start[1:].lstrip().startswith("{")
    try:
        return isinstance(json.loads(start), dict)
    except ValueError:
        return False


def _json_lines(path: Path, encoding: str) -> Iterator[Line]:
    """First the names that occur, as headings; then one line for each object."""
    names: dict[str, None] = {}
    for _number, found in _objects(path, encoding):
        names |= dict.fromkeys(found if isinstance(found, dict) else ())
    yield Line(0, list(names))
    for number, found in _objects(path, encoding):
        if isinstance(found, dict):
            yield Line(number, [found.get(name, "") for name in names])
        else:
            yield Line(number, [], _("not readable as JSON: %(why)s") % {"why": found})


def _objects(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Line, or place in a list, and the object by its flat names, or why there is none."""
    with _open(path, encoding) as text:
        try:
            whole = json.load(text) if text.read(1) == "[" and not text.seek(0) else None
        except ValueError as error:
            raise BrokenFile(_("not readable as JSON: %(why)s") % {"why": error}) from error
        if whole is not None:
            yield from ((place, _flat(each)) for place, each in enumerate(whole, start=1))
            return
        text.seek(0)
        for number, line in enumerate(text, start=1):
            if line.strip():
                yield number, _parsed(line)


def _parsed(line: str) -> dict[str, str] | str:
    try:
        return _flat(json.loads(line))
    except (ValueError, RecursionError) as error:
        return str(error)


def _flat(value: Any, prefix: str = "") -> dict[str, str] | str:
    if not isinstance(value, dict):
        return _("no object")
    cells: dict[str, str] = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and prefix.count(".") < 5:
            inner_cells = _flat(inner, f"{prefix}{name}.")
            cells |= inner_cells if isinstance(inner_cells, dict) else {}
        else:
            cells[prefix + name] = _cell(inner)
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return ", ".join(str(part) for part in value)
    return json.dumps(value, ensure_ascii=False)
