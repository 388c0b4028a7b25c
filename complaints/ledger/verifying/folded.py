"""The rows of a case as its events recorded them (complaints/history/rows.py), and what of the stored rows is not so.

Pure but for the tables' own columns: stored rows come in as tuples, spelled as events spell them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from complaints.history.rows import CASE, ROWS, TABLES, Rows, Table

Stored = Mapping[str, list[tuple[Any, ...]]]  # code of the table → rows in the order of their keys


class Unheard(ValueError):
    """An event changes a row that no event told of."""


@dataclass
class FoldedRow:
    columns: dict[str, Any]
    told_by: dict[str, int]  # column → the event that said so


@dataclass
class Folded:
    """Takes the events of a case one after the other. `since`: the event that told everything of the case for the
    first time; 0 while none has, as in what an older version wrote."""

    since: int = 0
    last: int = 0
    partly: FoldedRow = field(default_factory=lambda: FoldedRow({}, {}))  # of the case, before `since`
    rows: dict[str, list[FoldedRow]] = field(default_factory=lambda: defaultdict(list))

    def take(self, seq: int, data: Mapping[str, Any]) -> None:
        """Raises Unheard, and KeyError or TypeError for rows of no form."""
        said: Rows = data.get(ROWS) or {}
        if not self.since and "+case" not in said:
            for entry in said.get("case", ()):
                self.partly.columns.update(entry)
                self.partly.told_by.update(dict.fromkeys(entry, seq))
            return
        if "+case" in said:  # the first event, or all of it put on record anew
            self.rows.clear()
            self.since = seq
        for name, entries in said.items():
            for entry in entries:
                self._take_row(name, seq, entry)
        if said:
            self.last = seq

    def _take_row(self, name: str, seq: int, entry: dict[str, Any]) -> None:
        table = TABLES.entries.get(name.lstrip("+-"))
        if table is None:
            return  # of an app that is not installed any more
        if name[0] == "+":
            columns = table.empty | entry
            self.rows[table.code].append(FoldedRow(columns, dict.fromkeys(columns, seq)))
            return
        known = self.rows[table.code]
        alike = [row for row in known if all(row.columns[key] == entry.get(key) for key in table.key)]
        if not alike:
            raise Unheard(table.code)
        if name[0] == "-":
            known.remove(alike[-1])
        else:
            alike[-1].columns.update(entry)
            alike[-1].told_by.update(dict.fromkeys(entry, seq))

    def difference(self, stored: Stored) -> tuple[str, int] | None:
        """What differs first, as a code, and the event that says otherwise."""
        if not self.since:
            return self._partly_wrong(stored)
        for table in TABLES:
            expected = self.rows[table.code]
            found = stored.get(table.code, [])
            if [tuple(map(row.columns.__getitem__, table.fields)) for row in expected] == found:
                continue
            if wrong := self._wrong(table, expected, found):
                return wrong
        return None

    def _partly_wrong(self, stored: Stored) -> tuple[str, int] | None:
        there = dict(zip(CASE.fields, stored[CASE.code][0], strict=True))
        for column, value in self.partly.columns.items():
            if there.get(column, value) != value:
                return _why(CASE, column), self.partly.told_by[column]
        return None

    def _wrong(
        self, table: Table, expected: list[FoldedRow], found: list[tuple[Any, ...]]
    ) -> tuple[str, int] | None:
        there = [dict(zip(table.fields, row, strict=True)) for row in found]
        for group in _groups(table, [row.columns for row in expected] + there):
            ours = [row for row in expected if _key(table, row.columns) == group]
            theirs = [row for row in there if _key(table, row) == group]
            if len(theirs) != len(ours):
                if len(theirs) > len(ours):
                    return f"{table.code}_added", self.last
                return f"{table.code}_missing", ours[-1].told_by[next(iter(table.fields))]
            for row, other in zip(ours, theirs, strict=True):
                for column in table.fields:
                    if row.columns[column] != other[column]:
                        return _why(table, column), row.told_by[column]
        return None


def _why(table: Table, column: str) -> str:
    name = column.removesuffix("_id")
    return f"{name}_differs" if table is CASE else f"{table.code}_{name}_differs"


def _key(table: Table, columns: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(columns[name] for name in table.key)


def _groups(table: Table, rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return list(dict.fromkeys(_key(table, row) for row in rows))
