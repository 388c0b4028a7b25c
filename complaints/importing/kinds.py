"""What a file is, by its first bytes and not by its name."""

import zipfile
from enum import StrEnum
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FileKind(StrEnum):
    TEXT = "text"
    GZIP = "gzip"
    ZIP = "zip"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    WEB_PAGE = "web_page"
    PDF = "pdf"
    DOCUMENT = "document"
    PICTURE = "picture"
    UNKNOWN = "unknown"


NAMES: dict[FileKind, str | Promise] = {
    FileKind.TEXT: _("a text file"),
    FileKind.GZIP: _("a gzip file"),
    FileKind.ZIP: _("a ZIP file"),
    FileKind.XLSX: _("an Excel file"),
    FileKind.XLS: _("an old Excel file"),
    FileKind.ODS: _("an OpenDocument spreadsheet"),
    FileKind.WEB_PAGE: _("a web page, as some systems call an Excel file"),
    FileKind.PDF: _("a PDF"),
    FileKind.DOCUMENT: _("a text document"),
    FileKind.PICTURE: _("a picture"),
    FileKind.UNKNOWN: _("a file of a kind that is not known here"),
}
SPREADSHEETS = frozenset({FileKind.XLSX, FileKind.XLS, FileKind.ODS})
_STARTS = (
    (b"\x1f\x8b", FileKind.GZIP),
    (b"%PDF", FileKind.PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.XLS),
    (b"\x89PNG", FileKind.PICTURE),
    (b"\xff\xd8\xff", FileKind.PICTURE),
    (b"GIF8", FileKind.PICTURE),
)
_PAGES = (b"<!doctype html", b"<html", b"<table")
_HEAD = 4096


def kind_of(path: Path) -> FileKind:
    """OSError where it cannot be read."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        return FileKind.WEB_PAGE
    return FileKind.UNKNOWN if _is_binary(head) else FileKind.TEXT


def _is_binary(head: bytes) -> bool:
    """A few NULs are dirt in a text; at every other place they are UTF-16."""
    nuls = head.count(0)
    is_utf16 = max(head[::2].count(0), head[1::2].count(0)) > nuls * 9 // 10
    return nuls > len(head) // 20 and not is_utf16


def _kind_of_zip(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            about = packed.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return FileKind.ZIP
    if b"spreadsheet" in about:
        return FileKind.ODS
    if any(name.startswith("xl/") for name in names):
        return FileKind.XLSX
    if b"opendocument" in about or any(name.startswith(("word/", "ppt/")) for name in names):
        return FileKind.DOCUMENT
    return FileKind.ZIP
