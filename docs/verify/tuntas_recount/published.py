"""The public copy: no rows, but the published cells. What adds up has to add up, and no small count may stand open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tuntas_recount.compare import Comparison

# What became of the cases of a row: together what was received.
PARTS = (
    *("met_target", "late", "not_yet_due"),
    *("no_target", "standing_still", "rejected", "merged", "referred", "withdrawn", "lapsed"),
)
PROGRESS = ("ended", "open")
# Tables of which each column adds up to the figure of the whole.
WHOLES = ("by_agency", "by_service", "by_category", "by_area", "by_channel", "by_kind", "by_step")
# One column that adds up to a figure: table, column, figure.
SUMS = (
    ("by_state", "received", "received"),
    ("by_day", "received", "received"),
    ("ended_how", "count", "ended"),
    ("open_by_age", "count", "open"),
)
SMALL = 5
Row = dict[str, Any]


def check(data: Row, comparison: Comparison) -> list[str]:
    """Compares what is given twice or adds up; returns the figures that only the copy for the archive can show."""
    whole: Row = dict(data["tables"]["figures"]["rows"])
    _row("", whole, comparison)
    for name in WHOLES:
        rows, columns = _rows(data, name)
        for row in rows:
            _row(f"{name}[{row[columns[0]]}].", row, comparison)
        for column in (*PARTS, *PROGRESS, "received"):
            if rows and column in columns:
                _sum(
                    f"{column} of all in {name}", whole.get(column), (row[column] for row in rows), comparison
                )
    for name, column, figure in SUMS:
        rows, _columns = _rows(data, name)
        if rows:
            _sum(f"{figure} of all in {name}", whole.get(figure), (row[column] for row in rows), comparison)
    for code, value in whole.items():
        if value is not None and data["figures"].get(code) is not None:
            comparison.compare(code, data["figures"][code], value)
    _look_for_small(data, comparison)
    return [code for code in data["figures"] if code.startswith("hours_")]


def _rows(data: Row, name: str) -> tuple[list[Row], list[str]]:
    table = data["tables"].get(name, {"columns": [], "rows": []})
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]], table["columns"]


def _row(name: str, row: Row, comparison: Comparison) -> None:
    for parts in (PARTS, PROGRESS):
        if all(part in row for part in parts):
            what = f"{name}received = {parts[0]} + {parts[1]} …"
            _sum(what, row["received"], (row[part] for part in parts), comparison)


def _sum(name: str, whole: Any, parts: Iterable[Any], comparison: Comparison) -> None:
    """Where nothing of it is hidden; else what is shown may not be more than the whole."""
    values = list(parts)
    shown = sum(value for value in values if value is not None)
    if whole is None:
        return
    if None in values:
        comparison.compare(f"{name} (some hidden)", max(whole, shown), whole)
    else:
        comparison.compare(name, whole, shown)


def _look_for_small(data: Row, comparison: Comparison) -> None:
    """A count of cases from one to four may not stand in a public copy."""
    open_ones = []
    for name in [*WHOLES, *(name for name, _column, _figure in SUMS)]:
        rows, columns = _rows(data, name)
        counts = [column for column in columns if column in (*PARTS, *PROGRESS, "received", "count")]
        open_ones += [
            f"{name}[{row[columns[0]]}].{column}"
            for row in rows
            for column in counts
            if row[column] is not None and 0 < row[column] < SMALL
        ]
    comparison.compare("small counts that stand open", ", ".join(open_ones[:20]), "")
