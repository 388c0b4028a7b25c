"""What the public edition of a report's figures hides: all its tables as one system of counts that add up.

`decide` is the one place that says so: paper, page and open data ask its `Marks`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from reports.suppression.book import written
from reports.suppression.cells import SMALL, Cells, Key, protect
from reports.suppression.columns import (
    COUNTS,
    EVERYTHING,
    FROM_MANY,
    GROUPED,
    ONLY,
    STAYS,
    STEPS,
    TIMES,
    TOGETHER,
    told_together,
)
from reports.suppression.editions import Edition, join
from reports.suppression.rows import OTHERS, Hidden, Row, code_of, merge_small

# How the two are spelled where they are stored; no code of a row begins so.
_STORED = {OTHERS: "_others", TOGETHER: "_together"}
_READ = {stored: code for code, stored in _STORED.items()}
# Below this many only their number is told.
BARE_BELOW = 20
How = Callable[[Cells], list[Key]]


def public_rows(rows: list[Row], key: str, column: str = "received") -> list[Row]:
    """The rows of a table as the public edition names them: small ones put together."""
    return merge_small(rows, key, column)


def alone(figures: Mapping[str, Any]) -> Row:
    """The main figures of a whole of which no table is printed."""
    return {code: value for code, value in figures.items() if not isinstance(value, list)}


@dataclass
class Marks:
    """The hidden counts of one public edition: by table and code of the row; "" and "" is the whole."""

    cells: dict[tuple[str, str], Hidden] = field(default_factory=lambda: defaultdict(set))
    is_one_way: bool = False
    # What is told of a row by its size alone; of one that is not named, what its table allows.
    told: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    is_bare: bool = False
    before: Hidden = field(default_factory=set)  # of the main figures of the period before

    def hidden(self, table: str, code: str) -> Hidden:
        found = self.cells.get((table, code), set())
        if self.is_bare:
            return found | (EVERYTHING - ({"received"} if not table else set()))
        return found | EVERYTHING.difference(self.told_of(table, code))

    def told_of(self, table: str, code: str) -> tuple[str, ...]:
        """What the size of a row allows to tell of it; some of that may be hidden all the same."""
        if (table, code) in self.told or not self.is_one_way:
            return self.told.get((table, code), tuple(EVERYTHING))
        if table in FROM_MANY and code != TOGETHER:
            return ()
        return ONLY if table in GROUPED or table == STEPS else tuple(EVERYTHING)

    def told_in(self, table: str, codes: Iterable[str]) -> tuple[str, ...]:
        """The columns of a table with these rows."""
        return told_together([self.told_of(table, code) for code in codes])

    def told_in_band(self, table: str, rows: Iterable[Row], key: str) -> tuple[str, ...]:
        """Which of count and late a table of ages tells."""
        told = [self.told_of(table, str(row[key])) for row in rows]
        return tuple(name for name in ("count", "late") if any(name in each for each in told))

    @property
    def main(self) -> Hidden:
        return self.hidden("", "")

    def as_json(self) -> dict[str, Any]:
        """PostgreSQL keeps no NUL in a JSON."""
        kinds = {"is_one_way": self.is_one_way, "is_bare": self.is_bare, "before": sorted(self.before)}
        return kinds | {"cells": _stored(self.cells), "told": _stored(self.told)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        cells = {(table, _READ.get(code, code)): set(names) for table, code, names in data["cells"]}
        told = {(table, _READ.get(code, code)): tuple(names) for table, code, names in data.get("told", ())}
        return cls(cells, data["is_one_way"], told, data["is_bare"], set(data["before"]))


def _stored(rows: Mapping[tuple[str, str], Iterable[str]]) -> list[list[Any]]:
    return [
        [table, _STORED.get(code, code), sorted(names)]
        for (table, code), names in sorted(rows.items())
        if names
    ]


def decide(
    figures: Mapping[str, Any],
    *,
    edition: Edition | None = None,
    earlier: Iterable[Edition] = (),
    how: How = protect,
    is_bare: bool = False,
) -> tuple[Marks, Cells, list[Key]]:
    """What is hidden, the counts as they are published then, and which of them nothing protects.

    `edition`: of which period and scope this is, and `earlier` what is out already, where that matters. `how`:
    `attack.protect_and_attack` where something is about to be published. `is_bare`: only how many cases there were.
    Times with agencies are told where all that is told can be protected: better without them than without all else.
    """
    earlier = list(earlier)
    decided = _decided(figures, edition, earlier, how, is_bare)
    if decided[2] and STAYS in figures:
        rest = {name: figure for name, figure in figures.items() if name != STAYS}
        return _decided(rest, edition, earlier, how, is_bare)
    return decided


def _decided(
    figures: Mapping[str, Any], edition: Edition | None, earlier: list[Edition], how: How, is_bare: bool
) -> tuple[Marks, Cells, list[Key]]:
    name = edition.name if edition else ""
    is_bare = is_bare or 0 < figures["received"] < BARE_BELOW
    book = written(figures, name, is_bare=is_bare)
    cells = book.cells
    if edition:
        join(replace(edition, cells=cells), earlier)
    weak = how(cells)
    marks = Marks(is_one_way=book.is_one_way, told=book.told, is_bare=is_bare)
    for key in cells.hidden - cells.nowhere:
        if key[0] == name:
            marks.cells[key[1], key[2]].add(key[3])
    _hide_times_of_few(figures, marks)
    for names in marks.cells.values():
        if "received" in names:  # a nought beside it would say what all the others are
            names |= set(COUNTS)
    return marks, cells, weak


def _hide_times_of_few(figures: Mapping[str, Any], marks: Marks) -> None:
    """A median of one or two says how long one of them took. Where other systems did not tell when cases ended, few of
    many ended ones have a time; of how many that is so is known of the whole alone, and may all be in one row."""
    unknown = figures.get("end_unknown", 0)
    wholes = [("", "", figures)]
    rows = [
        (name, code_of(row, key), row)
        for name, key in {**GROUPED, STEPS: "from"}.items()
        for row in figures.get(name, ())
    ]
    for table, code, row in [*wholes, *rows] if unknown else []:
        if 0 < row.get("ended", 0) < unknown + SMALL:
            marks.cells[table, code] |= TIMES


def report_cells(figures: Mapping[str, Any], edition: str = "", *, is_bare: bool = False) -> Cells:
    """Every count of the public edition that hangs together with another, before anything is hidden."""
    return written(figures, edition, is_bare=is_bare).cells
