"""The main figures, for the whole, for each value of a column, and for each step of the period."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import share
from reports.figures.marks import LEFT_OUT, column_of, counted
from reports.figures.periods import Period, steps

if TYPE_CHECKING:
    import pandas as pd

Figures = dict[str, Any]

COUNTS = (
    "received",
    "ended",
    "open",
    "waiting_for_citizen",
    "end_unknown",
    "with_target",
    "met_target",
    "late",
    "not_yet_due",
    "met_target_extended",
    "late_extended",
    "late_ended",
)
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


def main_figures(cases: pd.DataFrame) -> Figures:
    counts = counted(cases, *COUNTS)
    return {
        **counts,
        "excluded": excluded(cases),
        **shares(counts, *SHARES),
        **times(cases["hours"], "hours_to_end"),
        **times(cases["hours_running"], "hours_without_pauses"),
    }


def excluded(cases: pd.DataFrame) -> dict[str, int]:
    return counted(cases, *LEFT_OUT)


def shares(counts: Figures, *codes: str) -> Figures:
    return {
        code: share(counts[SHARES[code][0]], sum(counts[part] for part in SHARES[code])) for code in codes
    }


def times(hours: Any, name: str) -> Figures:
    known = hours.dropna()
    return {
        f"{name}_median": number(known.median()),
        f"{name}_p90": number(known.quantile(0.9, interpolation="linear")),
        f"{name}_mean": number(known.mean()),
    }


def number(value: Any) -> float | None:
    return None if isnan(value) else float(value)


def by_group(cases: pd.DataFrame, column: str) -> list[Figures]:
    """One row a value of the column, most received first; a missing value is the empty code."""
    codes = (*GROUP_COUNTS, *LEFT_OUT)
    grouped: Any = cases.groupby(column, sort=True)
    sums = grouped[[column_of(code) for code in codes]].sum()
    medians = grouped[list(GROUP_HOURS.values())].median()
    rows = []
    for value, line, middles in zip(
        sums.index.tolist(), sums.to_numpy().tolist(), medians.to_numpy().tolist(), strict=True
    ):
        all_counts = {code: int(count) for code, count in zip(codes, line, strict=True)}
        counts = {code: all_counts[code] for code in GROUP_COUNTS}
        rows.append(
            {
                column: value,
                **counts,
                "excluded": {code: all_counts[code] for code in LEFT_OUT},
                **shares(counts, *GROUP_SHARES),
                **{name: number(middle) for name, middle in zip(GROUP_HOURS, middles, strict=True)},
            }
        )
    return sorted(rows, key=lambda row: (-row["received"], row[column]))


def by_step(cases: pd.DataFrame, period: Period, tz: Any) -> list[Figures]:
    """Over time, by day of receipt: received, of these ended and still open, and how many were in time."""
    kept = (*GROUP_COUNTS, "excluded", *GROUP_SHARES, *GROUP_HOURS)
    rows = []
    for step in steps(period):
        start, end = step.bounds(tz)
        part = cases[(cases["received_at"] >= start) & (cases["received_at"] < end)]
        figures = main_figures(part)
        row = {"from": step.first.isoformat(), "to": step.last.isoformat()}
        rows.append(row | {name: figures[name] for name in kept})
    return rows


def by_value(values: Any, name: str) -> list[Figures]:
    """How often each value is there, the most frequent first."""
    counts = values.value_counts(sort=False)
    rows = [{name: code, "count": int(count)} for code, count in counts.items()]
    return sorted(rows, key=lambda row: (-row["count"], row[name]))
