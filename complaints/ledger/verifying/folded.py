"""The rows of a case as its events recorded them (complaints/history/rows.py), and what of the stored rows is not so.

Pure but for the tables' own columns: stored rows come in as tuples, spelled as events spell them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from complaints.history.rows import CASE, ROWS, TABLES, Rows, Table

Stored = Mapping[str, list[tuple[Any, ...]]]  # code of the table → rows in the order of their keys
Columns = dict[str, Any]


class Unheard(ValueError):
    """An event changes a row that no event told of."""


@dataclass
class Folded:
    """Takes the events of a case one after the other. `since`: the event that told everything of the case for the
    first time; 0 while none has, as in what an older version wrote.

    Which event told what is worked out where something differs, by folding once more: nearly nothing ever does.
    """

    since: int = 0
    last: int = 0
    partly: Columns = field(default_factory=dict)  # of the case, before `since`
    rows: dict[str, list[Columns]] = field(default_factory=lambda: defaultdict(list))
    _said: list[tuple[int, Rows]] = field(default_factory=list)

    def take(self, seq: int, data: Mapping[str, Any]) -> None:
        """Raises Unheard, and KeyError or TypeError for rows of no form."""
        said: Rows = data.get(ROWS) or {}
        if said:
            self._said.append((seq, said))
            self._take(seq, said, None)

    def _take(self, seq: int, said: Rows, told_by: "_ToldBy | None") -> None:
        if not self.since and "+case" not in said:
            for entry in said.get("case", ()):
                self.partly.update(entry)
                if told_by is not None:
                    told_by.says(self.partly, entry, seq)
            return
        if "+case" in said:  # the first event, or all of it put on record anew
            self.rows.clear()
            self.since = seq
        for name, entries in said.items():
            table = TABLES.entries.get(name.lstrip("+-"))
            if table is not None:  # else of an app that is not installed any more
                for entry in entries:
                    row = self._take_row(name[0], table, entry)
                    if told_by is not None:
                        told_by.says(row, row if name[0] == "+" else entry, seq)
        self.last = seq

    def _take_row(self, sign: str, table: Table, entry: Columns) -> Columns:
        known = self.rows[table.code]
        if sign == "+":
            row = table.empty | entry
            known.append(row)
            return row
        row = _latest(known, table.key, entry)
        if sign == "-":
            known[:] = [each for each in known if each is not row]
        else:
            row.update(entry)
        return row

    def difference(self, stored: Stored) -> tuple[str, int] | None:
        """What differs first, as a code, and the event that says otherwise."""
        if not self.since:
            return self._partly_wrong(stored)
        for table in TABLES:
            expected = self.rows[table.code]
            found = stored.get(table.code, [])
            if list(map(table.in_order, expected)) != found:
                again, told_by = self._again()
                if wrong := again._wrong(table, found, told_by):
                    return wrong
        return None

    def _again(self) -> "tuple[Folded, _ToldBy]":
        again, told_by = Folded(), _ToldBy()
        for seq, said in self._said:
            again._take(seq, said, told_by)
        return again, told_by

    def _partly_wrong(self, stored: Stored) -> tuple[str, int] | None:
        there = dict(zip(CASE.fields, stored[CASE.code][0], strict=True))
        for column, value in self.partly.items():
            if there.get(column, value) != value:
                again, told_by = self._again()
                return _why(CASE, column), told_by.of(again.partly, column)
        return None

    def _wrong(
        self, table: Table, found: list[tuple[Any, ...]], told_by: "_ToldBy"
    ) -> tuple[str, int] | None:
        expected = self.rows[table.code]
        there = [dict(zip(table.fields, row, strict=True)) for row in found]
        for group in _groups(table, expected + there):
            ours = [row for row in expected if _key(table, row) == group]
            theirs = [row for row in there if _key(table, row) == group]
            if len(theirs) > len(ours):
                return f"{table.code}_added", self.last
            if len(theirs) < len(ours):
                return f"{table.code}_missing", told_by.of(ours[-1], next(iter(table.fields)))
            for row, other in zip(ours, theirs, strict=True):
                for column in table.fields:
                    if row[column] != other[column]:
                        return _why(table, column), told_by.of(row, column)
        return None


class _ToldBy:
    """Which event said what of a row. Holds the rows, so that no other takes the identity of one."""

    def __init__(self) -> None:
        self._rows: list[Columns] = []
        self._events: dict[int, dict[str, int]] = {}

    def says(self, row: Columns, columns: Iterable[str], seq: int) -> None:
        self._rows.append(row)
        self._events.setdefault(id(row), {}).update(dict.fromkeys(columns, seq))

    def of(self, row: Columns, column: str) -> int:
        return self._events[id(row)][column]


def _latest(known: list[Columns], key: tuple[str, ...], entry: Columns) -> Columns:
    """The last row that is named so."""
    for row in reversed(known):
        for name in key:
            if row[name] != entry.get(name):
                break
        else:
            return row
    raise Unheard


def _why(table: Table, column: str) -> str:
    name = column.removesuffix("_id")
    return f"{name}_differs" if table is CASE else f"{table.code}_{name}_differs"


def _key(table: Table, columns: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(columns[name] for name in table.key)


def _groups(table: Table, rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return list(dict.fromkeys(_key(table, row) for row in rows))
