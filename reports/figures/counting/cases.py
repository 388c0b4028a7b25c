"""The main figures, for the whole, for each value of a column, and for each step of the period."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import share
from reports.figures.marks import LEFT_OUT
from reports.figures.periods import Period, steps

if TYPE_CHECKING:
    from reports.figures.counting.gathered import Cases

Figures = dict[str, Any]

# What each share divides: the first by both together.
SHARES = {
    "on_time_share": ("met_target", "late"),
    "on_time_share_extended": ("met_target_extended", "late_extended"),
    "on_time_share_ended": ("met_target", "late_ended"),
}
HOURS = {"hours_to_end": "hours", "hours_without_pauses": "hours_running"}
# What stands in each row of a table by group.
GROUP_COUNTS = (
    "received",
    "ended",
    "open",
    "with_target",
    "met_target",
    "late",
    "not_yet_due",
    "met_target_extended",
    "late_extended",
)
GROUP_SHARES = ("on_time_share", "on_time_share_extended")
GROUP_HOURS = {"hours_to_end_median": "hours", "hours_without_pauses_median": "hours_running"}


def excluded(sums: Figures) -> dict[str, int]:
    return {code: sums[code] for code in LEFT_OUT}


def shares(counts: Figures, *codes: str) -> Figures:
    return {
        code: share(counts[SHARES[code][0]], sum(counts[part] for part in SHARES[code])) for code in codes
    }


def number(value: Any) -> float | None:
    return None if isnan(value) else float(value)


def mean(total: int, count: int) -> float | None:
    return total / count if count else None


def by_group(cases: Cases, column: str) -> list[Figures]:
    """One row a value of the column, most received first; a missing value is the empty code."""
    medians = cases.medians(column)
    rows = [{column: value} | _row(sums, medians[value]) for value, sums in cases.by(column).items()]
    return sorted(rows, key=lambda row: (-row["received"], row[column]))


def _row(sums: Figures, medians: Figures) -> Figures:
    return {
        **{code: sums[code] for code in GROUP_COUNTS},
        "excluded": excluded(sums),
        **shares(sums, *GROUP_SHARES),
        **{code: number(medians[name]) for code, name in GROUP_HOURS.items()},
    }


def by_step(cases: Cases, period: Period) -> list[Figures]:
    """Over time, by day of receipt: received, of these ended and still open, and how many were in time."""
    sums, medians = cases.by("step"), cases.medians("step")
    nothing = dict.fromkeys(cases.sums, 0), dict.fromkeys(GROUP_HOURS.values(), float("nan"))
    return [
        {"from": step.first.isoformat(), "to": step.last.isoformat()}
        | _row(sums.get(n, nothing[0]), medians.get(n, nothing[1]))
        for n, step in enumerate(steps(period))
    ]


def by_value(counts: dict[Any, int], name: str) -> list[Figures]:
    """How often each value is there, the most frequent first."""
    rows = [{name: code, "count": count} for code, count in counts.items()]
    return sorted(rows, key=lambda row: (-row["count"], row[name]))
