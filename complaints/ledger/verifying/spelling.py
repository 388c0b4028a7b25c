"""An event's leaf made from the columns as the database gives them, several times quicker than from a model.

The result is byte for byte `canonical(event_body(…))`; what is not spelled as Tuntas spells it gives None.
"""

import json
from collections.abc import Callable
from datetime import UTC
from functools import lru_cache
from typing import Any, TypeVar

from django.db import OperationalError, connection
from django.utils.dateparse import parse_datetime

from complaints.database.quick_json import as_django, encoder_of

T = TypeVar("T")
KNOWN = 50_000  # spellings remembered: short data is mostly that of another event too
SHORT = 200
MOMENT, MOMENT_MICRO = len("2026-11-20 03:00:00"), len("2026-11-20 03:00:00.000001")
PG_MOMENT = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""


_encode = encoder_of(json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False))
_decode = json.JSONDecoder().raw_decode  # without looking for blanks around it: databases store none


def whatever_the_bytes(read: Callable[[], T]) -> T:
    """What `read` gives; once more where SQLite has text that is not UTF-8, so that a changed byte is named and
    does not end the reading."""
    try:
        return read()
    except OperationalError:
        if connection.vendor == "postgresql":
            raise
    connection.connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        return read()
    finally:
        connection.connection.text_factory = str


def moment_column(name: str) -> str:
    """SQL that gives a moment as text: PostgreSQL in the ledger's spelling, SQLite as it is stored."""
    return PG_MOMENT.format(name) if connection.vendor == "postgresql" else f"CAST({name} AS TEXT)"


def any_moment_column(name: str) -> str:
    """The same where there may be what no clock says: PostgreSQL knows a moment that never comes."""
    if connection.vendor != "postgresql":
        return moment_column(name)
    return f"CASE WHEN isfinite({name}) THEN {moment_column(name)} ELSE CAST({name} AS TEXT) END"


def json_column(name: str) -> str:
    return f"CAST({name} AS TEXT)"


def moment_reader() -> Callable[[str], str]:
    """Brings that text into the ledger's spelling."""
    return _as_is if connection.vendor == "postgresql" else _from_sqlite


def _as_is(text: str) -> str:
    return text


def _from_sqlite(text: str) -> str:
    if text[10:11] == " ":
        if len(text) == MOMENT:
            return f"{text[:10]}T{text[11:]}.000000+00:00"
        if len(text) == MOMENT_MICRO:
            return f"{text[:10]}T{text[11:]}+00:00"
    return ""


def short_moment_reader() -> Callable[[str], str]:
    """Brings it into the spelling of rows in events, which have a fraction only where there is one."""
    read = moment_reader()
    return lambda text: (read(text) or _parsed(text)).replace(".000000", "")


def _parsed(text: str) -> str:
    """What Django would read, of a moment that something else wrote; else as it is."""
    found = parse_datetime(text) if len(text) < SHORT else None
    if found is None:
        return text
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def json_reader() -> Callable[[str], tuple[Any, str] | None]:
    """Reads stored JSON: the data and its canonical spelling. Short texts are remembered."""
    is_exact = connection.vendor == "postgresql"  # which stores no spelling, only the data

    def read(text: str) -> tuple[Any, str] | None:
        try:
            data, end = _decode(text)
        except ValueError:
            return None
        if end != len(text):
            return None
        if not is_exact and as_django(data) != text:
            return None
        return data, _encode(data)

    return read


def remembered(read: Callable[[str], tuple[Any, str] | None]) -> Callable[[str], tuple[Any, str] | None]:
    known = lru_cache(KNOWN)(read)
    return lambda text: known(text) if len(text) <= SHORT else read(text)
