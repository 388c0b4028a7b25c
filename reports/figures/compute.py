"""The figures of a report: pure functions over its tables. Nothing is rounded here.

What each figure means stands in definitions.py; a case is ended once it was answered or is over
(not waiting for verification, agency or citizen), late once its target has passed without that.
"""

from __future__ import annotations

from datetime import datetime
from math import isnan
from typing import TYPE_CHECKING, Any

from complaints.states import ACTIVE, State
from reports.figures.periods import Period, steps
from reports.figures.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

Figures = dict[str, Any]

# Bands by their lower bound; the last is open upwards.
AGE_DAYS = (0, 8, 15, 31, 61, 181, 366)
DURATION_HOURS = (0, 24, 72, 168, 336, 720, 1440, 4320)
GROUPS = {
    "by_agency": "agency",
    "by_category": "category",
    "by_area": "area",
    "by_channel": "channel",
    "by_kind": "kind",
    "by_state": "state",
}


def compute(tables: Tables, period: Period, built_at: datetime, tz: Any) -> Figures:
    """Every figure of the report, over the cases received in the period, as they stood when it was built."""
    cases = judged(tables.cases, built_at)
    return {
        **main_figures(cases),
        **{name: by_group(cases, column) for name, column in GROUPS.items()},
        "by_step": by_step(cases, period, tz),
        "open_by_age": open_by_age(cases, built_at),
        "hours_to_end_bands": hours_bands(cases),
        "stages": stages(tables.clocks, built_at),
        "escalations": escalations(tables.escalations),
        **course(cases),
        "previous": main_figures(judged(tables.before, built_at)),
    }


def judged(cases: pd.DataFrame, built_at: datetime) -> pd.DataFrame:
    """The cases with what the figures count: is_ended, has_target, is_met, is_not_due, hours."""
    ended = ~cases["state"].isin(sorted(ACTIVE))
    has_target = cases["target_at"].notna()
    known_end = ended & cases["ended_at"].notna()
    hours = (cases["ended_at"] - cases["received_at"]).dt.total_seconds() / 3600
    return cases.assign(
        is_ended=ended,
        has_target=has_target,
        is_met=known_end & has_target & (cases["ended_at"] <= cases["target_at"]),
        is_not_due=has_target & ~ended & (cases["target_at"] >= built_at),
        is_known=known_end,
        hours=hours.where(known_end),
    )


def share(part: int, whole: int) -> float | None:
    """Per cent; None of nothing."""
    return 100 * part / whole if whole else None


def main_figures(cases: pd.DataFrame) -> Figures:
    with_target, met = int(cases["has_target"].sum()), int(cases["is_met"].sum())
    not_yet_due = int(cases["is_not_due"].sum())
    ended_with_target = int((cases["has_target"] & cases["is_ended"]).sum())
    ended = int(cases["is_ended"].sum())
    hours = cases["hours"].dropna()
    return {
        "received": len(cases),
        "ended": ended,
        "open": len(cases) - ended,
        "waiting_for_citizen": int((cases["state"] == State.AWAITING_CITIZEN).sum()),
        "end_unknown": int((cases["is_ended"] & ~cases["is_known"]).sum()),
        "with_target": with_target,
        "met_target": met,
        "not_yet_due": not_yet_due,
        "late": with_target - not_yet_due - met,
        "on_time_share": share(met, with_target - not_yet_due),
        "on_time_share_ended": share(met, ended_with_target),
        "hours_to_end_median": _number(hours.median()),
        "hours_to_end_p90": _number(hours.quantile(0.9, interpolation="linear")),
        "hours_to_end_mean": _number(hours.mean()),
    }


def _number(value: Any) -> float | None:
    return None if isnan(value) else float(value)


def by_group(cases: pd.DataFrame, column: str) -> list[Figures]:
    """One row a value of the column, most received first; a missing value is the empty code."""
    grouped = cases.groupby(column, sort=True)
    counts = grouped[["is_ended", "has_target", "is_met", "is_not_due"]].sum().astype(int)
    received = grouped.size()
    median = grouped["hours"].median()
    rows = []
    for code in counts.index:
        part = counts.loc[code]
        with_target, met = int(part["has_target"]), int(part["is_met"])
        rows.append(
            {
                column: code,
                "received": int(received[code]),
                "ended": int(part["is_ended"]),
                "open": int(received[code] - part["is_ended"]),
                "with_target": with_target,
                "met_target": met,
                "not_yet_due": int(part["is_not_due"]),
                "on_time_share": share(met, with_target - int(part["is_not_due"])),
                "hours_to_end_median": _number(median[code]),
            }
        )
    return sorted(rows, key=lambda row: (-row["received"], row[column]))


def by_step(cases: pd.DataFrame, period: Period, tz: Any) -> list[Figures]:
    """Over time, by day of receipt: received, of these ended and still open, and how many were in time."""
    rows = []
    for step in steps(period):
        start, end = step.bounds(tz)
        part = cases[(cases["received_at"] >= start) & (cases["received_at"] < end)]
        figures = main_figures(part)
        kept = ("received", "ended", "open", "with_target", "met_target", "not_yet_due", "on_time_share")
        rows.append(
            {"from": step.first.isoformat(), "to": step.last.isoformat()} | {k: figures[k] for k in kept}
        )
    return rows


def open_by_age(cases: pd.DataFrame, built_at: datetime) -> list[Figures]:
    """Open cases by whole days since receipt, and how many of each band are past their target."""
    waiting = cases[~cases["is_ended"]]
    days = (built_at - waiting["received_at"]).dt.days
    late = waiting["has_target"] & ~waiting["is_not_due"]
    return [band | {"late": int(late[inside].sum())} for band, inside in _bands(days, AGE_DAYS, "days")]


def hours_bands(cases: pd.DataFrame) -> list[Figures]:
    return [band for band, _inside in _bands(cases["hours"].dropna(), DURATION_HOURS, "hours")]


def _bands(values: Any, bounds: tuple[int, ...], unit: str) -> list[tuple[Figures, Any]]:
    bands = []
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        inside = values >= low if high is None else (values >= low) & (values < high)
        bands.append(({f"from_{unit}": low, f"below_{unit}": high, "count": int(inside.sum())}, inside))
    return bands


def stages(clocks: pd.DataFrame, built_at: datetime) -> list[Figures]:
    """How the targets of each stage were kept; a stage that ran twice counts twice.

    Late: stopped after its target, or still running past it. A clock that stands still has no target now.
    """
    rows = []
    for stage in ("verification", "first_response", "resolution"):
        own = clocks[clocks["stage"] == stage]
        stopped, due = own["stopped_at"], own["due_at"]
        met = stopped.notna() & due.notna() & (stopped <= due)
        running = stopped.isna() & due.notna() & (due >= built_at)
        paused = due.isna()
        judged_count = len(own) - int(running.sum()) - int(paused.sum())
        rows.append(
            {
                "stage": stage,
                "clocks": len(own),
                "met": int(met.sum()),
                "late": judged_count - int(met.sum()),
                "not_yet_due": int(running.sum()),
                "paused": int(paused.sum()),
                "share": share(int(met.sum()), judged_count),
            }
        )
    return rows


def escalations(raised: pd.DataFrame) -> list[Figures]:
    """How often cases were raised to each level, and what became of it."""
    rows = []
    for level in (1, 2, 3):
        states = raised.loc[raised["level"] == level, "state"]
        counts = {state: int((states == state).sum()) for state in ("acknowledged", "decided", "lifted")}
        rows.append(
            {"level": level, "raised": len(states), "waiting": int((states == "raised").sum())} | counts
        )
    return rows


def course(cases: pd.DataFrame) -> Figures:
    """What happened on the way: disputes, reopenings, handing back, rejections, how cases ended, ratings."""
    rejected = cases[cases["state"] == State.REJECTED]
    ended = cases[cases["is_ended"]]
    ratings = cases["rating"].dropna()
    return {
        "disputed": int(cases["is_disputed"].sum()),
        "reopened": int((cases["cycle"] > 1).sum()),
        "handed_back": int((cases["hand_backs"] > 0).sum()),
        "hand_backs": int(cases["hand_backs"].sum()),
        "rejected": _counted(rejected["end_reason"], "reason"),
        "ended_how": _counted(ended["how"], "how"),
        "ratings": len(ratings),
        "rating_mean": _number(ratings.mean()),
    }


def _counted(values: Any, name: str) -> list[Figures]:
    counts = values.value_counts(sort=False)
    rows = [{name: code, "count": int(count)} for code, count in counts.items()]
    return sorted(rows, key=lambda row: (-row["count"], row[name]))
