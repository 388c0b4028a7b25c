"""The public edition: no cell under five, so that no person can be recognised in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from complaints.clock.kept import share

SMALL = 5
OTHERS = "\0others"  # stands for all rows too small to be named
# What adds up when rows are put together; shares and medians do not.
SUMMED = (
    "received",
    "ended",
    "open",
    "with_target",
    "met_target",
    "late",
    "not_yet_due",
    "met_target_extended",
    "late_extended",
    "count",
)


def merge_small(rows: list[dict[str, Any]], key: str, count: str = "received") -> list[dict[str, Any]]:
    """Puts rows under five together; when those are still under five, the next smallest joins them."""
    kept = sorted((row for row in rows if row[count] >= SMALL), key=lambda row: -row[count])
    small = [row for row in rows if 0 < row[count] < SMALL]
    if not small:
        return kept + [row for row in rows if row[count] == 0]
    while kept and (sum(row[count] for row in small) < SMALL or len(small) < 2):
        small.append(kept.pop())
    if sum(row[count] for row in small) < SMALL:
        return kept
    return [*kept, total(small, key)]


def total(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """One row for several; a median cannot be added up and is left out."""
    summed: dict[str, Any] = {name: sum(row[name] for row in rows) for name in SUMMED if name in rows[0]}
    summed |= {key: OTHERS, "code": OTHERS, "hours_to_end_median": None, "hours_without_pauses_median": None}
    if "excluded" in rows[0]:
        summed["excluded"] = {why: sum(row["excluded"][why] for row in rows) for why in rows[0]["excluded"]}
        summed["on_time_share"] = share(summed["met_target"], summed["met_target"] + summed["late"])
        summed["on_time_share_extended"] = share(
            summed["met_target_extended"], summed["met_target_extended"] + summed["late_extended"]
        )
    return summed


def is_small(*counts: int) -> bool:
    """Whether one of these counts would have to be hidden."""
    return any(0 < count < SMALL for count in counts)


Row = dict[str, Any]
Hidden = set[str]


def hide(
    rows: list[Row],
    parts: Sequence[str],
    whole: str,
    *,
    total: Row | None = None,
    totals: Hidden | None = None,
    also: Sequence[Hidden] = (),
) -> list[Hidden]:
    """Which cells of a table are not shown: those under five, and as many more as it takes that no sum gives one
    away. In each row the `parts` add up to `whole`; each column adds up to that of `total`, where there is one.

    `totals` are the columns whose total is hidden; it grows where a column cannot be protected otherwise, and other
    tables with the same totals have to be asked again then. `also`: what else is to be hidden in each row.
    """
    names, totals = [*parts, whole], set() if totals is None else totals
    hidden = [{name for name in names if is_small(row[name])} for row in rows]
    for marked, more in zip(hidden, also, strict=False):
        marked |= more
    table, marks = list(rows), list(hidden)
    if total is not None:
        totals |= {name for name in names if is_small(total[name])}
        table, marks = [*rows, total], [*hidden, totals]
    lines = [_Line([(n, part) for part in parts], (n, whole)) for n in range(len(table))]
    if total is not None and rows:
        last = len(rows)
        lines += [_Line([(n, name) for n in range(last)], (last, name)) for name in names]
    while any(line.protect(table, marks) for line in lines):
        pass
    return hidden


@dataclass(frozen=True)
class _Line:
    """Cells that add up to another one: (row, column) each."""

    cells: list[tuple[int, str]]
    sum: tuple[int, str]

    def protect(self, table: list[Row], marks: list[Hidden]) -> bool:
        """Hides one more cell where what is hidden could be worked out; whether it did."""
        out = [table[n][name] for n, name in self.cells if name in marks[n]]
        if self.sum[1] in marks[self.sum[0]]:
            is_safe = bool(out) or not table[self.sum[0]][self.sum[1]]
        else:
            is_safe = not out or (len(out) > 1 and sum(out) >= SMALL)
        if is_safe:
            return False
        shown = [(table[n][name], n, name) for n, name in self.cells if name not in marks[n]]
        # Of what is there the smallest; a zero hides one cell that is large enough, but not a small one.
        useful = [cell for cell in shown if cell[0]] or (shown if sum(out) >= SMALL else [])
        _value, n, name = min(useful, default=(0, *self.sum))
        marks[n].add(name)
        return True
