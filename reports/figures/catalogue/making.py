"""Figures of the commonest shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop as _

from reports.figures.counting.cases import SHARES, by_group, shares
from reports.figures.figure import Column, Figure, Rule, Unit
from reports.figures.marks import MARKS
from reports.figures.sheet import Sheet

ALL_CASES = ("cases", "clocks")
PROMISE_COLUMNS = (
    Column("received", _("Received")),
    Column("ended", _("Ended")),
    Column("open", _("Open")),
    Column("with_target", _("Judged by a promise")),
    Column("met_target", _("In time")),
    Column("late", _("Late")),
    Column("not_yet_due", _("Open in time")),
    Column("excluded", _("In no share"), Unit.PARTS),
    Column("on_time_share", _("Share in time"), Unit.SHARE),
    Column("met_target_extended", _("In time, if more time given counts as promised")),
    Column("late_extended", _("Late, if more time given counts as promised")),
    Column("on_time_share_extended", _("Share in time, if more time given counts as promised"), Unit.SHARE),
    Column("hours_to_end_median", _("Median time"), Unit.HOURS),
    Column("hours_without_pauses_median", _("Median time without waiting for the citizen"), Unit.HOURS),
)


def cases_counted(
    code: str, name: str, definition: str, *, rule: Rule = Rule.COUNT, version: int = 1
) -> Figure:
    """A number of cases; those behind it are known by its mark."""

    def count(sheet: Sheet) -> int:
        return sheet.cases.sums[code]

    where = MARKS[code]
    return Figure(code, name, definition, Unit.COUNT, rule, count, ALL_CASES, where=where, version=version)


def share_of(code: str, name: str, definition: str) -> Figure:
    of = SHARES[code]

    def count(sheet: Sheet) -> Any:
        return shares(sheet.cases.sums, code)[code]

    return Figure(code, name, definition, Unit.SHARE, Rule.SHARE, count, ALL_CASES, of=of)


def hours(code: str, name: str, definition: str) -> Figure:
    """The median, the 90th percentile or the mean; the code says of which hours."""
    kind = code.rpartition("_")[0]

    def count(sheet: Sheet) -> Any:
        return sheet.cases.times(kind)[code]

    return Figure(code, name, definition, Unit.HOURS, Rule.TIME, count)


def grouped(column: str, name: str, definition: str, head: str, *, group: str = "") -> Figure:
    """The cases by a column: each in one row. `group`: where its codes have their words, if not by that name."""

    def count(sheet: Sheet) -> Any:
        return by_group(sheet.cases, column)

    columns = (Column(column, head, Unit.CODE, group or column), *PROMISE_COLUMNS)
    return table(f"by_{column}", name, definition, columns, count, tables=ALL_CASES)


def table(
    code: str,
    name: str,
    definition: str,
    columns: tuple[Column, ...],
    count: Callable[[Sheet], Any],
    *,
    rule: Rule = Rule.PARTS,
    tables: tuple[str, ...] = ("cases",),
    version: int = 1,
) -> Figure:
    return Figure(code, name, definition, Unit.TABLE, rule, count, tables, columns=columns, version=version)
