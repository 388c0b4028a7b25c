"""The figures of a report: pure functions over its tables. Nothing is rounded here.

What each figure means stands in definitions.py; a case is ended once it was answered or is over
(not waiting for verification, agency or citizen). How it stands to its promises is judging.py's.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from math import isnan
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import ANSWERED, DOES, EXCLUDED, JUDGED, MAY_GO_ON, Kept, share
from complaints.states import State
from reports.figures.judging import PROMISES, judged
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
STAGES = ("verification", "first_response", "resolution")
MEDIANS = ("hours_to_end_median", "hours_without_pauses_median")
IN_TIME = (
    "with_target",
    "met_target",
    "late",
    "not_yet_due",
    "excluded",
    "on_time_share",
    "met_target_extended",
    "late_extended",
    "on_time_share_extended",
)


def compute(tables: Tables, period: Period, built_at: datetime, tz: Any) -> Figures:
    """Every figure of the report, over the cases received in the period, as they stood when it was built."""
    cases = judged(tables.cases, tables.clocks, built_at)
    return {
        **main_figures(cases),
        **{name: by_group(cases, column) for name, column in GROUPS.items()},
        "by_step": by_step(cases, period, tz),
        "open_by_age": open_by_age(cases, built_at),
        "hours_to_end_bands": hours_bands(cases),
        "stages": stages(tables.clocks, built_at),
        "escalations": escalations(tables.escalations),
        **course(cases, tables.clocks),
        "previous": main_figures(judged(tables.before, tables.before_clocks, built_at)),
    }


def main_figures(cases: pd.DataFrame) -> Figures:
    ended = int(cases["is_ended"].sum())
    counts = standing(cases["kept"])
    ended_late = int(((cases["kept"] == Kept.LATE.value) & cases["is_ended"]).sum())
    return {
        "received": len(cases),
        "ended": ended,
        "open": len(cases) - ended,
        "waiting_for_citizen": int((cases["state"] == State.AWAITING_CITIZEN).sum()),
        "end_unknown": int((cases["is_ended"] & ~cases["is_known"]).sum()),
        **shares(counts, standing(cases["kept_extended"])),
        "late_ended": ended_late,
        "on_time_share_ended": share(counts[Kept.ON_TIME], counts[Kept.ON_TIME] + ended_late),
        **times(cases["hours"], "hours_to_end"),
        **times(cases["hours_running"], "hours_without_pauses"),
    }


def standing(kept: Any) -> dict[str, int]:
    """How many cases are in each of `Kept`; they add up to all."""
    counts = kept.value_counts()
    return {each.value: int(counts.get(each.value, 0)) for each in Kept}


def shares(first: dict[str, int], extended: dict[str, int]) -> Figures:
    """The shares in time with all that makes them: received = met + late + not yet due + each that is left out."""
    return {
        "with_target": sum(first[each] for each in JUDGED),
        "met_target": first[Kept.ON_TIME],
        "late": first[Kept.LATE],
        "not_yet_due": first[Kept.NOT_YET_DUE],
        "excluded": {each.value: first[each] for each in EXCLUDED},
        "on_time_share": share(first[Kept.ON_TIME], first[Kept.ON_TIME] + first[Kept.LATE]),
        "met_target_extended": extended[Kept.ON_TIME],
        "late_extended": extended[Kept.LATE],
        "on_time_share_extended": share(extended[Kept.ON_TIME], extended[Kept.ON_TIME] + extended[Kept.LATE]),
    }


def times(hours: Any, name: str) -> Figures:
    known = hours.dropna()
    return {
        f"{name}_median": _number(known.median()),
        f"{name}_p90": _number(known.quantile(0.9, interpolation="linear")),
        f"{name}_mean": _number(known.mean()),
    }


def _number(value: Any) -> float | None:
    return None if isnan(value) else float(value)


def by_group(cases: pd.DataFrame, column: str) -> list[Figures]:
    """One row a value of the column, most received first; a missing value is the empty code."""
    grouped: Any = cases.groupby(column, sort=True)
    ended = grouped["is_ended"].sum().astype(int)
    medians = {name: grouped[name].median() for name in ("hours", "hours_running")}
    first, extended = (_by_standing(cases, column, name) for name in ("kept", "kept_extended"))
    rows = []
    for code, received in grouped.size().items():
        rows.append(
            {
                column: code,
                "received": int(received),
                "ended": int(ended[code]),
                "open": int(received - ended[code]),
                **shares(first[code], extended[code]),
                "hours_to_end_median": _number(medians["hours"][code]),
                "hours_without_pauses_median": _number(medians["hours_running"][code]),
            }
        )
    return sorted(rows, key=lambda row: (-row["received"], row[column]))


def _by_standing(cases: pd.DataFrame, column: str, kept: str) -> dict[Any, dict[str, int]]:
    """`standing` of each group, in one pass."""
    found: dict[Any, dict[str, int]] = defaultdict(lambda: dict.fromkeys([k.value for k in Kept], 0))
    sizes: Any = cases.groupby([column, kept]).size()
    for (code, stands), count in sizes.items():
        found[code][stands] = int(count)
    return found


def by_step(cases: pd.DataFrame, period: Period, tz: Any) -> list[Figures]:
    """Over time, by day of receipt: received, of these ended and still open, and how many were in time."""
    rows = []
    for step in steps(period):
        start, end = step.bounds(tz)
        part = cases[(cases["received_at"] >= start) & (cases["received_at"] < end)]
        figures = main_figures(part)
        counted = {name: figures[name] for name in ("received", "ended", "open", *IN_TIME, *MEDIANS)}
        rows.append({"from": step.first.isoformat(), "to": step.last.isoformat()} | counted)
    return rows


def open_by_age(cases: pd.DataFrame, built_at: datetime) -> list[Figures]:
    """Open cases by whole days since receipt, and how many of each band are past their promise."""
    waiting = cases[~cases["is_ended"]]
    days = (built_at - waiting["received_at"]).dt.days
    late = waiting["kept"] == Kept.LATE.value
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
    """How the targets of each stage were kept, by the first promise; a stage that ran twice counts twice.

    clocks = met + late + not yet due + paused + each that was not needed, by the reason it stopped. What stopped
    after its promise, or still runs past it, is late whatever stopped it.
    """
    rows = []
    for stage in STAGES:
        own = _one_a_promise(clocks[clocks["stage"] == stage])
        first, extended = (_stage(own, stage, promise, built_at) for promise in PROMISES.values())
        rows.append(
            {"stage": stage, "clocks": len(own), **first}
            | {f"{name}_extended": extended[name] for name in ("met", "late", "share")}
        )
    return rows


def _one_a_promise(own: pd.DataFrame) -> pd.DataFrame:
    """Of one stage, without the clocks whose promise went on in another clock of the same case and round."""
    stage, why = MAY_GO_ON
    stopped = (own["stage"] == stage) & (own["stopped_by"] == why)
    last_first = own.assign(stopped=stopped).sort_values(["stopped", "stopped_at"], ascending=[True, False])
    went_on = stopped & last_first.duplicated(["case", "cycle"]).reindex(own.index)
    return own[~went_on]


def _stage(own: pd.DataFrame, stage: str, promise: str, built_at: datetime) -> Figures:
    stopped, due = own["stopped_at"], own[promise]
    late = due.notna() & (stopped.fillna(built_at) > due)
    in_time = stopped.notna() & ~late
    done = in_time & own["stopped_by"].isin(DOES[stage])
    met, missed = int(done.sum()), int(late.sum())
    reasons = own.loc[in_time & ~done, "stopped_by"].value_counts()
    return {
        "met": met,
        "late": missed,
        "not_yet_due": int((stopped.isna() & due.notna() & ~late).sum()),
        "paused": int((stopped.isna() & due.isna()).sum()),
        "not_needed": {reason: int(count) for reason, count in sorted(reasons.items())},
        "share": share(met, met + missed),
    }


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


def course(cases: pd.DataFrame, clocks: pd.DataFrame) -> Figures:
    """What happened on the way: answers, disputes, extensions, pauses, handing back, rejections, how cases ended,
    ratings."""
    rejected = cases[cases["state"] == State.REJECTED]
    ended = cases[cases["is_ended"]]
    ratings = cases["rating"].dropna()
    extended = clocks.loc[clocks["extended_by"] > 0, "case"]
    return {
        "answered": int((cases["state"].isin(sorted(ANSWERED)) | cases["is_disputed"].astype(bool)).sum()),
        "extended": int(cases["case"].isin(extended).sum()),
        "paused": int((cases["pauses"] > 0).sum()),
        "pauses": int(cases["pauses"].sum()),
        "disputed": int(cases["is_disputed"].sum()),
        "reopened": _reopened(cases, clocks),
        "handed_back": int((cases["hand_backs"] > 0).sum()),
        "hand_backs": int(cases["hand_backs"].sum()),
        "rejected": _counted(rejected["end_reason"], "reason"),
        "ended_how": _counted(ended["how"], "how"),
        "ratings": len(ratings),
        "rating_mean": _number(ratings.mean()),
    }


def _reopened(cases: pd.DataFrame, clocks: pd.DataFrame) -> int:
    """How many went into another round after an answer; a round also begins where a body outside gave none."""
    answers = clocks.loc[
        (clocks["stage"] == "resolution") & (clocks["stopped_by"] == "done"), ["case", "cycle"]
    ]
    rounds = answers.merge(cases[["case", "cycle"]], on="case", suffixes=("", "_now"))
    return int(rounds.loc[rounds["cycle"] < rounds["cycle_now"], "case"].nunique())


def _counted(values: Any, name: str) -> list[Figures]:
    counts = values.value_counts(sort=False)
    rows = [{name: code, "count": int(count)} for code, count in counts.items()]
    return sorted(rows, key=lambda row: (-row["count"], row[name]))
