"""Reads Excel and OpenDocument as text: dates as ISO, whole numbers without a point."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from complaints.importing.kinds import NAMES, FileKind
from complaints.importing.lines import BrokenFile, Line, Sheet
from complaints.importing.unpacking import MAX_UNPACKED, too_large


def read_spreadsheet(path: Path, kind: FileKind, most: int = MAX_UNPACKED) -> tuple[tuple[Sheet, ...], str]:
    """Its sheets, hidden ones left out, and in words what it is. Raises BrokenFile."""
    if kind != FileKind.XLS:
        with zipfile.ZipFile(path) as packed:
            if sum(info.file_size for info in packed.infolist()) > most:
                raise too_large(most)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [
            about.name for about in book.sheets_metadata if about.visible == SheetVisibleEnum.Visible
        ] or list(book.sheet_names)
    except PasswordError as error:
        raise BrokenFile(_("This is %(kind)s protected by a password.") % {"kind": NAMES[kind]}) from error
    except (CalamineError, OSError, ValueError) as error:
        raise BrokenFile(_("This is %(kind)s, but a damaged one.") % {"kind": NAMES[kind]}) from error
    words = ngettext("%(kind)s with %(count)d sheet", "%(kind)s with %(count)d sheets", len(names))
    sheets = tuple(Sheet(name, partial(_lines, book, name)) for name in names)
    return sheets, words % {"kind": NAMES[kind], "count": len(names)}


def _lines(book: CalamineWorkbook, name: str) -> Iterator[Line]:
    try:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=True)
    except (CalamineError, ValueError) as error:
        raise BrokenFile(_("The sheet “%(name)s” cannot be read.") % {"name": name}) from error
    first = sheet.start[0] if sheet.start else 0
    for number, row in enumerate(rows, start=first + 1):
        yield Line(number, [_text(cell) for cell in row])


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("seconds")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
