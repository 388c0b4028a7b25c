"""Every count of a public edition as a cell, every total as a sum, and how much the size of each row lets it tell."""

from collections.abc import Mapping
from typing import Any

from complaints.clock.kept import ENDED_OTHERWISE
from reports.suppression.cells import DEAREST, SMALL, Cells, Key
from reports.suppression.columns import (
    AGES,
    BESIDE,
    COUNTS,
    DAYS,
    FULL_FROM,
    GROUPED,
    ONE_WAY_BELOW,
    ONLY,
    PARTS,
    PROGRESS,
    SHORT,
    SHORT_FROM,
    STAYS,
    STAYS_PARTS,
    STAYS_TOLD,
    STEPS,
    TOGETHER,
    told_of_row,
    told_of_whole,
)
from reports.suppression.rows import OTHERS, Row, code_of, flat, merge_small, short_stay

DIFFERENCES = (
    ("open", "not_yet_due"),
    ("ended", "met_target"),
    ("met_target_extended", "met_target"),
    ("late", "late_extended"),
)
AGENCIES = "by_agency"
# What each count of times with an agency is near to among its cases: a small difference of the two tells of few.
NEAR = {"stays": "received", "in_time": "met_target", "late": "late"}
DEAR = {"received": 2, "met_target": 1, "late": 1, "ended": 1, "open": 1}
UNTOLD = "\0untold"  # the row of all rows of which less is told, for what they come to together
WHOLE = 9  # its figures are hidden last, and of these the ones that a city is judged by


def is_one_way(figures: Mapping[str, Any]) -> bool:
    return bool(figures["received"] < ONE_WAY_BELOW)


def written(figures: Mapping[str, Any], edition: str, *, is_bare: bool) -> "Book":
    """Every count of the public edition that hangs together with another, before anything is hidden."""
    book = Book(edition, is_one_way=is_one_way(figures))
    book.tell(figures["received"])
    if is_bare:
        return book
    book.row("", "", flat(dict(figures)), told_of_whole(figures["received"]))
    for name, key in GROUPED.items():
        if name in figures:
            book.table(name, key, figures[name])
    if STEPS in figures:
        book.table(STEPS, "from", figures[STEPS], merged=False)
    if not book.is_one_way:
        book.times(figures)
    if figures.get(DAYS):
        book.days(figures[DAYS])
    book.districts(figures)
    book.main(figures)
    if "by_state" in figures:
        book.states(figures)
    if AGES in figures and not book.is_one_way:
        book.ages(figures[AGES], with_late=figures["received"] >= FULL_FROM)
    if "hours_to_end_bands" in figures:
        book.bands(figures["hours_to_end_bands"])
    return book


class Book:
    """The counts of an edition as cells and sums, and what is told of each row."""

    def __init__(self, edition: str, *, is_one_way: bool) -> None:
        self.edition, self.cells, self.is_one_way = edition, Cells(), is_one_way
        self.told: dict[tuple[str, str], tuple[str, ...]] = {}

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

    def row(
        self,
        table: str,
        code: str,
        row: Row,
        told: tuple[str, ...],
        *,
        nowhere: bool = False,
    ) -> None:
        """The counts that are told of a row. What is left of a short one can be worked out and stands nowhere."""
        cells, made = self.cells, {}
        if not nowhere and told != COUNTS:
            self.told[table, code] = told
        for name in COUNTS:
            if name in told:
                worth = DEAR.get(name, 0) if table else DEAREST if name in SHORT else WHOLE
                made[name] = cells.add(self.key(table, code, name), row[name], nowhere=nowhere, dear=worth)
        if "not_yet_due" in made:
            cells.add_sum(made["received"], [made[name] for name in PARTS])
        elif "met_target" in made:
            left = row["received"] - row["met_target"] - row["late"]
            rest = cells.add(self.key(table, code, "rest"), left, nowhere=True)
            cells.add_sum(made["received"], [made["met_target"], made["late"], rest])
        if "ended" in made:
            cells.add_sum(made["received"], [made[name] for name in PROGRESS])
        for more, less in DIFFERENCES:
            if more in made and less in made:
                cells.difference(self.key(table, code, f"{more} - {less}"), made[more], made[less])

    def table(self, name: str, key: str, rows: list[Row], *, merged: bool = True) -> None:
        shown = merge_small(rows, key) if merged else rows
        if not shown:
            return
        counted = []
        for row in shown:
            code = code_of(row, key)
            told = told_of_row(row["received"], is_one_way=self.is_one_way)
            self.row(name, code, flat(row), told)
            if told == ONLY:
                counted.append((code, flat(row)))
        self.members(name, key, rows, shown, "received")
        codes = [code_of(row, key) for row in shown]
        self.cells.add_sum(self.whole("received"), [self.key(name, code, "received") for code in codes])
        if len(counted) < len(codes) or name == AGENCIES:
            self.counted_only(name, counted, each=name == AGENCIES)
            self.columns(name, shown, key)

    def counted_only(self, name: str, counted: list[tuple[str, Row]], *, each: bool) -> None:
        """What rows that are only counted come to together can be worked out from the whole and the other rows; `each`:
        what one of them was may stand in an edition of its own."""
        if not counted:
            return
        together = {column: sum(row[column] for _code, row in counted) for column in SHORT}
        self.row(name, UNTOLD, together, SHORT, nowhere=True)
        for column in SHORT if each else ONLY:
            keys = [self.key(name, code, column) for code, _row in counted]
            if column != "received":
                for key, (_code, row) in zip(keys, counted, strict=True):
                    self.cells.add(key, row[column], nowhere=True)
            self.cells.add_sum(self.key(name, UNTOLD, column), keys)
        if each:
            for code, row in counted:
                self.parts_of(name, code, row)

    def parts_of(self, name: str, code: str, row: Row) -> None:
        """The sums of a row of which nothing but its number stands anywhere."""
        left = row["received"] - row["met_target"] - row["late"]
        rest = self.cells.add(self.key(name, code, "rest"), left, nowhere=True)
        met, late, ended, still = (self.key(name, code, column) for column in SHORT[1:])
        self.cells.add_sum(self.key(name, code, "received"), [met, late, rest])
        self.cells.add_sum(self.key(name, code, "received"), [ended, still])

    def columns(self, name: str, shown: list[Row], key: str) -> None:
        """Each column adds up to that of the whole; what the rows that do not tell it have of it stands nowhere."""
        cells = self.cells
        for column in COUNTS[1:]:
            whole = self.whole(column)
            keys = [
                each
                for row in shown
                if (each := self.key(name, code_of(row, key), column)) in cells.values
                and each not in cells.nowhere
            ]
            left = (
                cells.values[whole] - sum(cells.values[each] for each in keys) if whole in cells.values else 0
            )
            untold = self.key(name, UNTOLD, column)
            if whole not in cells.values or (not keys and untold not in cells.values):
                continue
            if len(keys) < len(shown):
                if untold not in cells.values:
                    cells.add(untold, left, nowhere=True)
                keys.append(untold)
            cells.add_sum(whole, keys)

    def times(self, figures: Mapping[str, Any]) -> None:
        """Times with agencies of forty cases and forty times or more, each held against the cases of the same agency:
        what is near to a small count of them is hidden as well."""
        cells, cases = self.cells, {code_of(row, "agency"): row for row in figures.get(AGENCIES, ())}
        for row in map(short_stay, figures.get(STAYS, ())):
            code = row["agency"]
            if row["stays"] < SHORT_FROM or code not in cases or cases[code]["received"] < SHORT_FROM:
                continue
            self.told[STAYS, code] = STAYS_TOLD
            made = {name: cells.add(self.key(STAYS, code, name), row[name], dear=1) for name in STAYS_TOLD}
            cells.add_sum(made["stays"], [made[name] for name in STAYS_PARTS])
            for name, other in NEAR.items():
                own, theirs = made[name], self.key(AGENCIES, code, other)
                if theirs not in cells.values:
                    continue
                more, less = (own, theirs) if row[name] >= cells.values[theirs] else (theirs, own)
                cells.difference(self.key(STAYS, code, f"{name} beside cases"), more, less)
                if cells.is_sensitive(theirs):
                    cells.hidden.add(own)
                    cells.moved.add(own)

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
        told = [name for name in BESIDE if name in figures and name in self.told["", ""]]
        for name in told:
            cells.add(self.whole(name), figures[name], dear=1)
        if "late_ended" in told:
            cells.difference(self.whole("late_open"), self.whole("late"), self.whole("late_ended"))
        if "waiting_for_citizen" in told:
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
            if reason in known and self.whole(reason.value) in cells.values:
                key = self.whole(f"{reason} - in time")
                cells.difference(key, known[reason], self.whole(reason.value))
        if "ended_how" in figures:
            ended = self.counted("ended_how", "how", figures["ended_how"], "count")
            cells.add_sum(self.whole("ended"), ended)
            for key in ended:
                if key[2] in known and cells.values[key] == cells.values[known[key[2]]]:
                    cells.add_sum(known[key[2]], [key])
        if figures.get("rejected"):
            count = sum(row["count"] for row in figures["rejected"])
            total = cells.add(self.key("rejected", TOGETHER, "count"), count)
            if not self.is_one_way:
                cells.add_sum(total, self.counted("rejected", "reason", figures["rejected"], "count"))
            if "rejected" in known:
                cells.add_sum(known["rejected"], [total])
        if "answered" in figures:
            self.answered(figures["answered"], known)

    def answered(self, count: int, known: Mapping[str, Key]) -> None:
        """All that was answered in time was answered: what is left was late."""
        cells = self.cells
        answered = cells.add(self.key("course", "answered", "count"), count)
        done = [known[state] for state in ("resolved", "closed") if state in known]
        left = count - sum(cells.values[key] for key in done)
        if left >= 0:
            rest = cells.add(self.key("course", "answered again", "count"), left, nowhere=True)
            cells.add_sum(answered, [*done, rest])
        cells.difference(self.key("course", "answered late", "count"), answered, self.whole("met_target"))

    def ages(self, rows: list[Row], *, with_late: bool) -> None:
        cells = self.cells
        for row in rows:
            code = str(row["from_days"])
            count = cells.add(self.key(AGES, code, "count"), row["count"])
            if with_late:
                late = cells.add(self.key(AGES, code, "late"), row["late"])
                cells.difference(self.key(AGES, code, "rest"), count, late)
            else:
                self.told[AGES, code] = ("count",)
        codes = [str(row["from_days"]) for row in rows]
        cells.add_sum(self.whole("open"), [self.key(AGES, code, "count") for code in codes])
        if self.whole("late_open") in cells.values and with_late:
            cells.add_sum(self.whole("late_open"), [self.key(AGES, code, "late") for code in codes])

    def bands(self, rows: list[Row]) -> None:
        cells = self.cells
        keys = [
            cells.add(self.key("hours_to_end_bands", str(row["from_hours"]), "count"), row["count"])
            for row in rows
        ]
        unknown = self.whole("end_unknown")
        if unknown not in cells.values:
            left = cells.values[self.whole("ended")] - sum(cells.values[key] for key in keys)
            cells.add(unknown, left, nowhere=True)
        cells.add_sum(self.whole("ended"), [*keys, unknown])
