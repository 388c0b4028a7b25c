"""Tables of the public edition by their rows: small rows put together, cells of a table by itself hidden."""

from collections.abc import Mapping, Sequence
from typing import Any

from complaints.clock.kept import share
from reports.suppression.cells import SMALL, Cells, protect

Row = dict[str, Any]
Hidden = set[str]
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


def flat(row: Row) -> Row:
    """A row with the reasons beside the other counts."""
    return {**row, **row["excluded"]}


def short_stay(row: Mapping[str, Any]) -> Row:
    """Of times with an agency: what is neither in time nor late nor handed on in one count, and nothing beside."""
    counts = {name: row[name] for name in ("agency", "stays", "in_time", "late", "handed_on")}
    rest = row["stays"] - row["in_time"] - row["late"] - row["handed_on"]
    return counts | {"rest": rest, "share": share(row["in_time"], row["in_time"] + row["late"])}


def code_of(row: Row, key: str) -> str:
    return str(row.get("code", row[key]))


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


def hide(
    rows: list[Row],
    parts: Sequence[str],
    whole: str,
    *,
    total: Row | None = None,
    also: Sequence[Hidden] = (),
) -> list[Hidden]:
    """Which cells of a table that stands by itself are not shown: those under five, and as many more as it takes that
    no sum gives one away. In each row the `parts` add up to `whole`; each column adds up to that of `total`, where
    there is one. `also`: what else is to be hidden in each row.
    """
    names, cells = [*parts, whole], Cells()
    lines = [(str(n), row) for n, row in enumerate(rows)]
    for n, row in [*lines, *([("", total)] if total is not None else [])]:
        for name in names:
            cells.add((n, name), row[name])
        cells.add_sum((n, whole), [(n, part) for part in parts])
    if total is not None and rows:
        for name in names:
            cells.add_sum(("", name), [(n, name) for n, _row in lines])
    cells.hidden |= {(str(n), name) for n, more in enumerate(also) for name in more}
    protect(cells)
    return [{name for name in names if (n, name) in cells.hidden} for n, _row in lines]
