"""The public copy: no rows, but the published cells. What adds up has to add up, and no small count may stand open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tuntas_recount.cases import share
from tuntas_recount.compare import Comparison

# What became of the cases of a row: together what was received.
LEFT_OUT = ("no_target", "standing_still", "rejected", "merged", "referred", "withdrawn", "lapsed")
PARTS = ("met_target", "late", "not_yet_due", *LEFT_OUT)
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
# What each share divides: the first by both together.
SHARES = {
    "on_time_share": ("met_target", "late"),
    "on_time_share_extended": ("met_target_extended", "late_extended"),
    "on_time_share_ended": ("met_target", "late_ended"),
}
# Of the times with agencies: together all of them.
STAYS = ("in_time", "late", "handed_on", "rest")
SMALL = 5
Row = dict[str, Any]


class Seen:
    """What was compared: codes of figures, and those of which some cells are hidden, so that what is shown may only
    not be more than the whole."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison, self.whole, self.part = comparison, set[str](), set[str]()

    def sum(self, name: str, whole: Any, parts: Iterable[Any], codes: Iterable[str]) -> None:
        values = list(parts)
        shown = sum(value for value in values if value is not None)
        if whole is None:
            return
        if None in values:
            self.part |= set(codes)
            self.comparison.compare(f"{name} (some hidden)", max(whole, shown), whole)
        else:
            self.whole |= set(codes)
            self.comparison.compare(name, whole, shown)


def check(data: Row, comparison: Comparison) -> tuple[list[str], list[str]]:
    """Compares what is given twice or adds up. Returns the codes of the figures that only the copy for the archive can
    show, and of those that could be compared in part, since cells of theirs are hidden."""
    seen = Seen(comparison)
    whole: Row = dict(data["tables"]["figures"]["rows"])
    _row("", whole, seen, _figures_of(whole))
    for name in WHOLES:
        rows, columns = _rows(data, name)
        for row in rows:
            _row(f"{name}[{row[columns[0]]}].", row, seen, [name])
        for column in (*PARTS, *PROGRESS, "received"):
            if rows and column in columns:
                what = f"{column} of all in {name}"
                seen.sum(
                    what, whole.get(column), (row[column] for row in rows), [name, *_figures_of([column])]
                )
    for name, column, figure in SUMS:
        rows, _columns = _rows(data, name)
        if rows:
            what = f"{figure} of all in {name}"
            seen.sum(what, whole.get(figure), (row[column] for row in rows), [name, figure])
    _times_with(data, seen)
    for code, value in whole.items():
        if value is not None and data["figures"].get(code) is not None:
            comparison.compare(code, data["figures"][code], value)
    for figures, prefix in ((data["figures"], ""), (data["figures"]["previous"], "previous.")):
        _shares(figures, prefix, seen)
    _look_for_small(data, comparison)
    named = [*data["definitions"], *(f"previous.{code}" for code in data["figures"]["previous"])]
    part = seen.part - seen.whole
    return [code for code in named if code not in seen.whole | part], sorted(part)


def _times_with(data: Row, seen: Seen) -> None:
    for row in _rows(data, "by_time_with")[0]:
        what = f"by_time_with[{row['agency']}].stays = {STAYS[0]} + {STAYS[1]} …"
        seen.sum(what, row["stays"], (row[part] for part in STAYS), ["by_time_with"])


def _figures_of(codes: Iterable[str]) -> list[str]:
    """By the names that definitions give them."""
    return [
        "excluded" if code in LEFT_OUT else code for code in codes if code in (*PARTS, *PROGRESS, "received")
    ]


def _shares(figures: Row, prefix: str, seen: Seen) -> None:
    for code, parts in SHARES.items():
        met, late = (figures.get(part) for part in parts)
        if met is None or late is None or figures.get(code) is None:
            continue
        seen.whole |= {f"{prefix}{each}" for each in (code, *parts)}
        seen.comparison.compare(f"{prefix}{code}", figures[code], share(met, late))


def _rows(data: Row, name: str) -> tuple[list[Row], list[str]]:
    table = data["tables"].get(name, {"columns": [], "rows": []})
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]], table["columns"]


def _row(name: str, row: Row, seen: Seen, codes: Iterable[str]) -> None:
    for parts in (PARTS, PROGRESS):
        if all(part in row for part in parts):
            what = f"{name}received = {parts[0]} + {parts[1]} …"
            own = [code for code in codes if code in ("received", *_figures_of(parts))] or codes
            seen.sum(what, row["received"], (row[part] for part in parts), own)


def _look_for_small(data: Row, comparison: Comparison) -> None:
    """A count of cases from one to four may not stand in a public copy."""
    open_ones = []
    for name in [*WHOLES, "by_time_with", *(name for name, _column, _figure in SUMS)]:
        rows, columns = _rows(data, name)
        counts = [
            column
            for column in columns
            if column in (*PARTS, *PROGRESS, *STAYS, "stays", "received", "count")
        ]
        open_ones += [
            f"{name}[{row[columns[0]]}].{column}"
            for row in rows
            for column in counts
            if row[column] is not None and 0 < row[column] < SMALL
        ]
    comparison.compare("small counts that stand open", ", ".join(open_ones[:20]), "")
