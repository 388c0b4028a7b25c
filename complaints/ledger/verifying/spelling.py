"""An event's leaf made from the columns as the database gives them, several times quicker than from a model.

The result is byte for byte `canonical(event_body(…))`; what is not spelled as Tuntas spells it gives None.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import Any, TypeVar

from django.db import OperationalError, connection

T = TypeVar("T")
KNOWN = 50_000  # spellings remembered: short data is mostly that of another event too
SHORT = 200
MOMENT, MOMENT_MICRO = len("2026-11-20 03:00:00"), len("2026-11-20 03:00:00.000001")
PG_MOMENT = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


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


def json_reader() -> Callable[[str], tuple[Any, str] | None]:
    """Reads stored JSON: the data and its canonical spelling. Short texts are remembered."""
    is_exact = connection.vendor == "postgresql"  # which stores no spelling, only the data

    def read(text: str) -> tuple[Any, str] | None:
        try:
            data = json.loads(text)
        except ValueError:
            return None
        if not is_exact and json.dumps(data) != text:
            return None
        return data, _encode(data)

    return read


def remembered(read: Callable[[str], tuple[Any, str] | None]) -> Callable[[str], tuple[Any, str] | None]:
    known = lru_cache(KNOWN)(read)
    return lambda text: known(text) if len(text) <= SHORT else read(text)


def leaf(
    number: str,
    seq: int,
    kind: str,
    at: str,
    actor: int | None,
    role: str,
    data: str,
    content: str,
    prev: str,
) -> bytes:
    """The canonical body; `data` is its canonical JSON already."""
    who = "null" if actor is None else actor
    return (
        f'{{"actor":{who},"at":"{at}","case":{quote(number)},"content":{quote(content)},"data":{data},'
        f'"kind":{quote(kind)},"prev":{quote(prev)},"role":{quote(role)},"seq":{seq}}}'
    ).encode()
