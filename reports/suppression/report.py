"""What the public edition of a report's figures hides: all its tables as one system of counts that add up.

`decide` is the one place that says so: paper, page and open data ask its `Marks`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from complaints.clock.kept import ENDED_OTHERWISE, EXCLUDED
from reports.suppression.cells import SMALL, Cells, Key, protect
from reports.suppression.editions import Edition, join
from reports.suppression.rows import OTHERS, Hidden, Row, merge_small

# What became of the cases of a row: these add up to what was received, and so do ended and open.
PARTS = ("met_target", "late", "not_yet_due", *(reason.value for reason in EXCLUDED))
PROGRESS = ("ended", "open")
EXTENDED = ("met_target_extended", "late_extended")
COUNTS = ("received", *PARTS, *PROGRESS, *EXTENDED)
# Tables of one row a code, by the column that holds it; each adds up to the whole. By step is by time of receipt.
GROUPED = {
    "by_agency": "agency",
    "by_service": "service",
    "by_category": "category",
    "by_area": "area",
    "by_district": "district",
    "by_channel": "channel",
    "by_kind": "kind",
}
STEPS, DAYS = "by_step", "by_day"
DEAR = {"received": 2, "met_target": 1, "late": 1, "ended": 1, "open": 1}
TOGETHER = "\0together"  # the row of a table's sum, where the whole has no figure of its own for it
# How the two are spelled where they are stored; no code of a row begins so.
_STORED = {OTHERS: "_others", TOGETHER: "_together"}
_READ = {stored: code for code, stored in _STORED.items()}
# Below this many cases tables are one-way: how many in each row, and not what became of them. Of 43 cases in four
# agencies nearly every cell of the table with both is a person.
ONE_WAY_BELOW = 200
# Below this many only their number is told.
BARE_BELOW = 20
EVERYTHING = frozenset({*COUNTS, "count", "late_ended", "waiting_for_citizen", "end_unknown"})
WHOLE = 9  # the figures of the whole are hidden last
How = Callable[[Cells], list[Key]]


def flat(row: Row) -> Row:
    """A row with the reasons beside the other counts."""
    return {**row, **row["excluded"]}


def code_of(row: Row, key: str) -> str:
    return str(row.get("code", row[key]))


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
    is_bare: bool = False
    before: Hidden = field(default_factory=set)  # of the main figures of the period before

    def hidden(self, table: str, code: str) -> Hidden:
        found = self.cells.get((table, code), set())
        if self.is_bare:
            return found | (EVERYTHING - ({"received"} if not table else set()))
        if self.is_one_way and (table in GROUPED or table == STEPS):
            return found | (set(COUNTS) - {"received"})
        if self.is_one_way and table == "open_by_age":
            return found | {"late"}
        return found

    @property
    def main(self) -> Hidden:
        return self.hidden("", "")

    def as_json(self) -> dict[str, Any]:
        """PostgreSQL keeps no NUL in a JSON."""
        cells = [
            [table, _STORED.get(code, code), sorted(names)]
            for (table, code), names in sorted(self.cells.items())
            if names
        ]
        kinds = {"is_one_way": self.is_one_way, "is_bare": self.is_bare}
        return kinds | {"cells": cells, "before": sorted(self.before)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        cells = {(table, _READ.get(code, code)): set(names) for table, code, names in data["cells"]}
        return cls(cells, data["is_one_way"], data["is_bare"], set(data["before"]))


def is_one_way(figures: Mapping[str, Any]) -> bool:
    return bool(figures["received"] < ONE_WAY_BELOW)


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
    """
    name = edition.name if edition else ""
    is_bare = is_bare or 0 < figures["received"] < BARE_BELOW
    cells = report_cells(figures, name, is_bare=is_bare)
    if edition:
        join(replace(edition, cells=cells), earlier)
    weak = how(cells)
    marks = Marks(is_one_way=is_one_way(figures), is_bare=is_bare)
    for key in cells.hidden - cells.nowhere:
        if key[0] == name:
            marks.cells[key[1], key[2]].add(key[3])
    for names in marks.cells.values():
        if "received" in names:  # a nought beside it would say what all the others are
            names |= set(COUNTS)
    return marks, cells, weak


def report_cells(figures: Mapping[str, Any], edition: str = "", *, is_bare: bool = False) -> Cells:
    """Every count of the public edition that hangs together with another, before anything is hidden."""
    book = _Book(edition, is_one_way=is_one_way(figures))
    book.tell(figures["received"])
    if is_bare:
        return book.cells
    book.row("", "", flat(dict(figures)), dear=WHOLE)
    for name, key in GROUPED.items():
        if name in figures:
            book.table(name, key, figures[name])
    if STEPS in figures:
        book.table(STEPS, "from", figures[STEPS], merged=False)
    if figures.get(DAYS):
        book.days(figures[DAYS])
    book.districts(figures)
    book.main(figures)
    if "by_state" in figures:
        book.states(figures)
    if "open_by_age" in figures:
        book.ages(figures["open_by_age"])
    if "hours_to_end_bands" in figures:
        book.bands(figures["hours_to_end_bands"])
    return book.cells


class _Book:
    def __init__(self, edition: str, *, is_one_way: bool) -> None:
        self.edition, self.cells, self.is_one_way = edition, Cells(), is_one_way

    def key(self, table: str, code: str, name: str) -> Key:
        return (self.edition, table, code, name)

    def whole(self, name: str) -> Key:
        return self.key("", "", name)

    def tell(self, received: int) -> None:
        """How many cases there were in all tells of nobody: it is neither hidden for others nor protected. A few are
        not printed all the same."""
        key = self.cells.add(self.whole("received"), received, dear=WHOLE)
        self.cells.told.add(key)
        if 0 < received < SMALL:
            self.cells.hidden.add(key)
        else:
            self.cells.settled.add(key)

    def row(self, table: str, code: str, row: Row, *, dear: int = 0) -> None:
        cells, made = self.cells, {}
        for name in COUNTS:
            made[name] = cells.add(self.key(table, code, name), row[name], dear=dear or DEAR.get(name, 0))
        cells.add_sum(made["received"], [made[name] for name in PARTS])
        cells.add_sum(made["received"], [made[name] for name in PROGRESS])
        for more, less in (
            ("open", "not_yet_due"),
            ("ended", "met_target"),
            ("met_target_extended", "met_target"),
            ("late", "late_extended"),
        ):
            cells.difference(self.key(table, code, f"{more} - {less}"), made[more], made[less])

    def table(self, name: str, key: str, rows: list[Row], *, merged: bool = True) -> None:
        shown = merge_small(rows, key) if merged else rows
        columns = ("received",) if self.is_one_way else COUNTS
        for row in shown:
            if self.is_one_way:
                self.cells.add(self.key(name, code_of(row, key), "received"), row["received"])
            else:
                self.row(name, code_of(row, key), flat(row))
        if not shown:
            return
        self.members(name, key, rows, shown, "received")
        for column in columns:
            self.cells.add_sum(
                self.whole(column), [self.key(name, code_of(row, key), column) for row in shown]
            )

    def days(self, rows: list[Row]) -> None:
        """How many came in on each day."""
        keys = [self.cells.add(self.key(DAYS, str(row["day"]), "received"), row["received"]) for row in rows]
        self.cells.add_sum(self.whole("received"), keys)

    def districts(self, figures: Mapping[str, Any]) -> None:
        """A district is all its wards: their codes begin with its own."""
        cells = self.cells
        wards = [code_of(row, "area") for row in figures.get("by_area", ())]
        for row in figures.get("by_district", ()):
            code = code_of(row, "district")
            own = [
                self.key("by_area", ward, "received")
                for ward in wards
                if ward == code or ward.startswith(f"{code}.")
            ]
            whole = self.key("by_district", code, "received")
            if code and whole in cells.values and all(key in cells.values for key in own):
                cells.add_sum(whole, own)

    def members(self, name: str, key: str, rows: list[Row], shown: list[Row], column: str) -> list[Key]:
        """Rows that were put together: each stands nowhere, all together as one."""
        printed = {code_of(row, key) for row in shown}
        joined = [row for row in rows if code_of(row, key) not in printed]
        keys = [
            self.cells.add(self.key(name, code_of(row, key), column), row[column], nowhere=True)
            for row in joined
        ]
        if OTHERS in printed:
            self.cells.add_sum(self.key(name, OTHERS, column), keys)
        return keys

    def main(self, figures: Mapping[str, Any]) -> None:
        """What only the whole says."""
        cells = self.cells
        for name in ("late_ended", "waiting_for_citizen", "end_unknown"):
            if name in figures:
                cells.add(self.whole(name), figures[name], dear=1)
        if "late_ended" in figures:
            cells.difference(self.whole("late_open"), self.whole("late"), self.whole("late_ended"))
        if "waiting_for_citizen" in figures:
            least = self.whole("standing_still")
            cells.difference(self.whole("waiting - still"), self.whole("waiting_for_citizen"), least)

    def counted(self, name: str, key: str, rows: list[Row], column: str) -> list[Key]:
        """A table of counts alone, small ones put together; all its keys, those put together too."""
        shown = merge_small(rows, key, column)
        for row in shown:
            self.cells.add(self.key(name, code_of(row, key), column), row[column])
        self.members(name, key, rows, shown, column)
        return [self.key(name, code_of(row, key), column) for row in rows]

    def states(self, figures: Mapping[str, Any]) -> None:
        """By state, by outcome, and the reasons of rejections: the same cases three times."""
        cells = self.cells
        states = figures["by_state"]
        cells.add_sum(self.whole("received"), self.counted("by_state", "state", states, "received"))
        known = {row["state"]: self.key("by_state", row["state"], "received") for row in states}
        for reason in ENDED_OTHERWISE:
            if reason in known:
                key = self.whole(f"{reason} - in time")
                cells.difference(key, known[reason], self.whole(reason.value))
        if "ended_how" in figures:
            ended = self.counted("ended_how", "how", figures["ended_how"], "count")
            cells.add_sum(self.whole("ended"), ended)
            for key in ended:
                if key[2] in known and cells.values[key] == cells.values[known[key[2]]]:
                    cells.add_sum(known[key[2]], [key])
        if figures.get("rejected"):
            reasons = self.counted("rejected", "reason", figures["rejected"], "count")
            total = cells.add(
                self.key("rejected", TOGETHER, "count"), sum(cells.values[key] for key in reasons)
            )
            cells.add_sum(total, reasons)
            if "rejected" in known:
                cells.add_sum(known["rejected"], [total])
        if "answered" in figures:
            answered = cells.add(self.key("course", "answered", "count"), figures["answered"])
            done = [known[state] for state in ("resolved", "closed") if state in known]
            left = figures["answered"] - sum(cells.values[key] for key in done)
            if left >= 0:
                rest = cells.add(self.key("course", "answered again", "count"), left, nowhere=True)
                cells.add_sum(answered, [*done, rest])

    def ages(self, rows: list[Row]) -> None:
        cells = self.cells
        for row in rows:
            code = str(row["from_days"])
            count = cells.add(self.key("open_by_age", code, "count"), row["count"])
            if not self.is_one_way:
                late = cells.add(self.key("open_by_age", code, "late"), row["late"])
                cells.difference(self.key("open_by_age", code, "rest"), count, late)
        codes = [str(row["from_days"]) for row in rows]
        cells.add_sum(self.whole("open"), [self.key("open_by_age", code, "count") for code in codes])
        if self.whole("late_open") in cells.values and not self.is_one_way:
            cells.add_sum(self.whole("late_open"), [self.key("open_by_age", code, "late") for code in codes])

    def bands(self, rows: list[Row]) -> None:
        cells = self.cells
        keys = [
            cells.add(self.key("hours_to_end_bands", str(row["from_hours"]), "count"), row["count"])
            for row in rows
        ]
        unknown = self.whole("end_unknown")
        cells.add_sum(self.whole("ended"), [*keys, *([unknown] if unknown in cells.values else [])])
