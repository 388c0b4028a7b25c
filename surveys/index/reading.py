"""Reads a file of raw answers, one respondent a row, as offices write it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

DELIMITERS = (",", ";", "\t", "|")


class NoAnswers(ValueError):
    """The file cannot be read as a table; the message is for its owner."""


def read_answers(path: Path) -> pd.DataFrame:
    """The table as text, without empty rows; whatever its delimiter, with or without a mark of byte order.

    Raises NoAnswers, or OSError where there is no file.
    """
    import pandas as pd

    text = _decoded(path.read_bytes())
    header = next((line for line in text.splitlines() if line.strip()), "")
    if not header:
        raise NoAnswers("the file is empty")
    delimiter = max(DELIMITERS, key=header.count)
    try:
        frame = pd.read_csv(
            StringIO(text),
            sep=delimiter,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=True,
            skipinitialspace=True,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise NoAnswers(str(error)) from error
    frame.columns = [str(name).strip() for name in frame.columns]
    is_blank = (frame == "").all(axis=1)
    return frame[~is_blank].reset_index(drop=True)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
