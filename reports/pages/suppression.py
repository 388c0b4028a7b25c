"""The public edition: no cell under five, so that no person can be recognised in a table."""

from typing import Any

SMALL = 5
OTHERS = "\0others"  # stands for all rows too small to be named
SUMMED = ("received", "ended", "open", "with_target", "met_target", "not_yet_due", "count", "late")


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
    summed |= {key: OTHERS, "code": OTHERS, "hours_to_end_median": None}
    if "with_target" in summed:
        due = summed["with_target"] - summed["not_yet_due"]
        summed["on_time_share"] = 100 * summed["met_target"] / due if due else None
    return summed


def is_small(*counts: int) -> bool:
    """Whether one of these counts would have to be hidden."""
    return any(0 < count < SMALL for count in counts)
