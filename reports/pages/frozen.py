"""Tables printed as the snapshot describes their columns: names in both languages, units, what codes are called.

Nothing here knows a figure by itself: an older snapshot is printed with its own words.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports.pages import words
from reports.pages.labels import in_language, name_of
from reports.pages.parts import Table
from surveys.index.numbers import decimal as rounded

Row = dict[str, Any]
NUMBERS = {"count", "share", "hours", "mean", "rate", "index"}
# A share is printed as its two numbers where they are few: which of the row they are.
DIVIDED = {
    "complied_share": ("complied", ("complied", "partly", "not_complied")),
    "kept_in_time_share": ("kept_in_time", ("kept_in_time", "kept_late", "broken", "overdue")),
    "answered_share": ("answered_in_time", ("answered_in_time", "answered_late", "not_answered")),
    "solved_share": ("solved_yes", ("solved_yes", "solved_no")),
    "done_share": ("done", ("done", "partly", "not_done")),
    "response_share": ("respondents", ("asked_for",)),
    "share": ("signs", ("of",)),
}


class Frozen:
    """The tables of one snapshot."""

    def __init__(self, data: Row) -> None:
        self.data, self.figures = data, data["figures"]

    def rows(self, code: str) -> list[Row]:
        """Empty where the snapshot does not know it."""
        rows: list[Row] = self.figures.get(code) or []
        return rows

    def title(self, code: str) -> str:
        return in_language(self.data["definitions"][code]["name"])

    def definition(self, code: str) -> str:
        return in_language(self.data["definitions"][code]["definition"])

    def table(self, code: str, columns: Sequence[str], rows: Sequence[Row] | None = None) -> Table:
        """These columns of the table; without a line where it has none."""
        known = {each["code"]: each for each in self.data["definitions"][code]["columns"]}
        shown = [known[column] for column in columns if column in known]
        said = {"count": _("Count"), "quarter": _("Quarter")}
        heads = [
            (said.get(each["code"]) or in_language(each["name"]), each["unit"] in NUMBERS) for each in shown
        ]
        cells = [
            [self.cell(each, row) for each in shown] for row in (self.rows(code) if rows is None else rows)
        ]
        return Table(self.title(code), heads, cells)

    def cell(self, column: Row, row: Row) -> str:
        code, unit = column["code"], column["unit"]
        value = row.get(code)
        if code in DIVIDED:
            part, whole = DIVIDED[code]
            if None in [row.get(part), *(row.get(name) for name in whole)]:
                return words.NONE
            return words.share(row[part], sum(int(row[name]) for name in whole))
        if value is None:
            return words.NONE
        if unit == "count":
            return words.number(value)
        if unit == "hours":
            return words.duration(value)
        if unit == "share":
            return words.per_cent(value)
        if unit in ("mean", "index"):
            return rounded(value)  # as the pages of the survey have it, and its grade
        if unit == "rate":
            return words.decimal(value, 2)
        if unit == "day":
            return _day(code, value)
        return self._named(column["group"], row, value)

    def _named(self, group: str, row: Row, value: Any) -> str:
        if group == "after_case":  # a unit's code, how the cases ended, or that of no part
            if row["by"] == "whole":
                return words.NONE
            group = "agency" if row["by"] == "unit" else "ending"
        return name_of(self.data, group, value) if group else str(value)


def _day(code: str, value: str) -> str:
    """A quarter is frozen as its first day."""
    if not value:
        return words.NONE
    day = date.fromisoformat(value)
    return words.quarter(day) if code == "quarter" else words.day(day)


def is_there(rows: Sequence[Row], column: str = "count") -> bool:
    return any(row.get(column) for row in rows)
