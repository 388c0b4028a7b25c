"""How the targets of each stage were kept, and what became of what was raised."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import DOES, MAY_GO_ON, share
from reports.figures.counting.cases import Figures
from reports.figures.judging import PROMISES

if TYPE_CHECKING:
    import pandas as pd

STAGES = ("verification", "first_response", "resolution")


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
    if not stopped.any():
        return own
    beside = own["case"].isin(own.loc[stopped, "case"])  # few, and only they are put in order
    few = own.loc[beside, ["case", "cycle", "stopped_at"]].assign(stopped=stopped[beside])
    last_first = few.sort_values(["stopped", "stopped_at"], ascending=[True, False])
    went_on = stopped & last_first.duplicated(["case", "cycle"]).reindex(own.index, fill_value=False)
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


def decided(raised: pd.DataFrame) -> Any:
    """The decision of each that has one."""
    return raised.loc[raised["decision"] != "", "decision"]


def kinds_corrected(corrections: pd.DataFrame) -> list[Figures]:
    changed = corrections[corrections["kind_before"] != ""]
    counts: Any = changed.groupby(["kind_before", "kind"], sort=True).size()
    rows = [
        {"kind_before": one, "kind": other, "count": int(count)} for (one, other), count in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row["count"], row["kind_before"], row["kind"]))


def signals(rows: pd.DataFrame) -> list[Figures]:
    """Of each sign how often a rule asked, how often it is one, and in how many cases."""
    found = []
    for code in sorted(rows["signal"].unique()):
        own = rows[rows["signal"] == code]
        signs, looks = int(own["signs"].sum()), int(own["looks"].sum())
        cases = int(own.loc[own["signs"] > 0, "case"].nunique())
        found.append(
            {"signal": code, "signs": signs, "of": looks, "share": share(signs, looks), "cases": cases}
        )
    return found
