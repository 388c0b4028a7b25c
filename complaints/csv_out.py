"""The one writer of CSV: codes, numbers and moments, never a formula that a spreadsheet would run."""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

# What begins so is taken for a formula or hides one (OWASP, CSV injection); a spreadsheet for East Asian writing takes
# the wide signs as well.
SIGNS = "=+\\-@|%＝＋－＠﹢﹣−｜％"
# It begins a cell, behind blanks and marks that are not seen, or the part of one behind what a spreadsheet set to
# another separator takes for the end of a cell (of a country that writes decimals with a comma: the semicolon).
FORMULA = re.compile(rf"(^|[;\t\r\n])(?=[\s\u00a0\u200b-\u200f\u2060\ufeff\"']*[{SIGNS}])")
BEGINS = ("\t", "\r", "\n")
PIECE = 2**16  # bytes of a file that are sent at a time


def safe_cell(value: Any) -> str:
    """A value as a cell: None empty, numbers unrounded, text that could be a formula behind an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = FORMULA.sub(r"\1'", str(value))
    return f"'{text}" if text.startswith(BEGINS) else text


class _Line:
    """Takes what csv.writer writes, and hands it back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Line by line, for what is too long to be held."""
    writer: Any = csv.writer(_Line(), lineterminator="\r\n")
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def csv_text(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    return "".join(csv_lines(header, rows))


def csv_stream(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """The table as a download, however long it is."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def csv_response(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """The table as a download that no browser runs and no cache keeps."""
    return download(name, csv_text(header, rows), "text/csv; charset=utf-8")


def download(name: str, text: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def csv_file(name: str, content: IO[bytes]) -> FileResponse:
    """A file that was written already, as a download; it is closed with the answer."""
    response = FileResponse(
        content, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )
    response.block_size = PIECE
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
