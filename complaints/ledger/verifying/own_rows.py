"""Rows of no case, against what the ledger's own entries say they are: settings, and what services record there."""

from collections.abc import Iterable
from typing import Any

from complaints.history.rows import OWN_ROWS, SETTINGS, Table
from complaints.ledger.told import Told, spelled
from complaints.ledger.verifying.found import BadEvent
from complaints.models.ledger import LEDGER

TRIES = 4  # at what does not fit: somebody may have written between two looks
Place = tuple[Table, object]  # a row, by its key


def check_own_rows(tables: Iterable[Table] | None = None) -> BadEvent | None:
    """The first row that differs. Of a table that no entry has told whole: only rows and columns that one names.

    All rows are read once. What does not fit is looked at again with the entries that came meanwhile.
    """
    tables = [*SETTINGS, *OWN_ROWS] if tables is None else list(tables)
    told = Told(tables)
    told.read_on()
    suspects = [place for table in tables for place in _suspects(told, table)]
    for _ in range(TRIES - 1):
        if not suspects:
            return None
        told.read_on()
        suspects = [place for place in suspects if _why(told, *place)]
    for table, key in suspects:
        if why := _why(told, table, key):
            return BadEvent(LEDGER, told.told_by(table, key), why, of_rows=True)
    return None


def _suspects(told: Told, table: Table) -> list[Place]:
    left = set(told.rows[table.code])
    found: list[Any] = []
    for key, columns in spelled(table):
        left.discard(key)
        if told.difference(table, key, columns):
            found.append(key)
    return [(table, key) for key in (*sorted(found), *sorted(left, key=str))]


def _why(told: Told, table: Table, key: object) -> str:
    there = next((columns for _key, columns in spelled(table, [key])), None)
    return told.difference(table, key, there)
