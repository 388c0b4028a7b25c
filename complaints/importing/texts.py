"""Reads CSV with any separator, and hands JSON on. Encoding and separator are found where the mapping names none."""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.importing.heads import LOOKED_AT, find_head
from complaints.importing.json_texts import is_json, json_lines, where_the_list_is
from complaints.importing.lines import BrokenFile, Line, Sheet, open_text
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
    if is_json(path, encoding):
        place = where_the_list_is(path, encoding, mapping.needed_columns)
        words = f"JSON, {told}"
        if place:
            words = _("%(told)s, the list “%(name)s” in it") % {"told": words, "name": ".".join(place)}
        return (Sheet("", partial(json_lines, path, encoding, place)),), words
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
    with open_text(path, encoding) as text:
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
