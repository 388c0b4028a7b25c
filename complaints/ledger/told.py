"""Rows of no case as the ledger's own entries tell them, and as they are, both in one spelling (history/rows.py)."""

import marshal
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from complaints.history.rows import ROWS, Table, spell
from complaints.models import LedgerEntry

Columns = dict[str, Any]
CHUNK = 2000
KNOWN = "tables"  # in an entry's data: codes of tables of which all rows are on record from here on


def spelled(table: Table, keys: Collection[Any] | None = None) -> Iterator[tuple[Any, Columns]]:
    """Key and columns of each recorded row, or of those with these keys, in no order; what is empty is left out."""
    names, empty = list(table.fields), table.empty
    key = names.index(table.key[0])
    spellers = [_speller(table, name) for name in names]
    rows = table.values.all() if keys is None else table.values.filter(pk__in=keys)
    for values in rows.iterator(CHUNK):
        salt = values[-1] if table.salt else ""
        columns = {}
        for name, value, to in zip(names, values, spellers, strict=False):
            said = value if to is None or value is None else to(value, salt)
            if said != empty[name]:
                columns[name] = said
        yield values[key], columns


def _speller(table: Table, name: str) -> Callable[[Any, Any], Any] | None:
    """None where the value is spelled as it is."""
    if name in table.digested:
        return lambda value, salt: table.spell(name, value, salt)
    others = (models.DateField, models.TimeField, models.DecimalField)  # a DateTimeField is a DateField
    return (lambda value, _salt: spell(value)) if isinstance(table.fields[name], others) else None


@dataclass(slots=True)
class ToldRow:
    """`is_whole`: an entry told all of it; else of an older version, of which only what changed since is told."""

    seq: int  # of the entry that told it last
    is_whole: bool
    packed: bytes

    @property
    def columns(self) -> Columns:
        found: Columns = marshal.loads(self.packed)  # noqa: S302 - packed below
        return found


def _pack(columns: Columns) -> bytes:
    """A third of the memory of a dict. Never stored."""
    return marshal.dumps(columns)


class Told:
    """Folds the entries, each once; what a row is told to be takes some 400 bytes.

    `read_on` again takes what was written meanwhile.
    """

    def __init__(self, tables: Iterable[Table], kind: str | None = None) -> None:
        self.tables = {table.code: table for table in tables}
        self.known: set[str] = set()
        self.rows: dict[str, dict[Any, ToldRow]] = {code: {} for code in self.tables}
        self.until = 0
        self._kind = kind

    def read_on(self) -> None:
        entries = LedgerEntry.objects.filter(seq__gt=self.until).order_by("seq")
        if self._kind is not None:
            entries = entries.filter(kind=self._kind)
        for seq, data in entries.values_list("seq", "data").iterator(CHUNK):
            self.take(seq, data)

    def take(self, seq: int, data: Any) -> None:
        self.until = seq
        self.known.update(data.get(KNOWN, ()))
        said = data.get(ROWS)
        if not said:
            return
        # The database keeps no order of names: what is new comes before what changes, and that before what goes.
        for name in sorted(said, key=lambda name: "+ -".index(name[0] if name[0] in "+-" else " ")):
            table = self.tables.get(name.lstrip("+-"))
            if table is not None:
                for columns in said[name]:
                    self._take_row(name[0], table, seq, columns)

    def _take_row(self, sign: str, table: Table, seq: int, columns: Columns) -> None:
        rows, key = self.rows[table.code], columns[table.key[0]]
        if sign == "-":
            rows.pop(key, None)
        elif sign == "+":
            rows[key] = ToldRow(seq, True, _pack(columns))
        else:
            before = rows.get(key)
            whole = (before.columns if before else {}) | columns
            rows[key] = ToldRow(seq, before is not None and before.is_whole, _pack(whole))

    def difference(self, table: Table, key: Any, there: Columns | None) -> str:
        """What of a stored row, None where there is none, is not as it was told; "" where nothing is."""
        row = self.rows[table.code].get(key)
        if row is None or (table.code in self.known and not row.is_whole):
            return f"{table.code}_added" if there is not None and table.code in self.known else ""
        if there is None:
            return f"{table.code}_missing"
        told = row.columns
        for name in table.fields if row.is_whole else told:
            empty = table.empty.get(name)
            if name in table.fields and told.get(name, empty) != there.get(name, empty):
                return f"{table.code}_{name.removesuffix('_id')}_differs"
        return ""

    def told_by(self, table: Table, key: Any) -> int:
        row = self.rows[table.code].get(key)
        return row.seq if row else 0
