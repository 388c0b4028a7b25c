"""How the targets of each stage were kept, and what became of what was raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import DOES, MAY_GO_ON, share
from reports.figures.arrays import ruled
from reports.figures.counting.cases import Figures
from reports.figures.counting.sums import alike
from reports.figures.judging import PROMISES

if TYPE_CHECKING:
    import pandas as pd

STAGES = ("verification", "first_response", "resolution")
COUNTS = ("met", "late", "not_yet_due", "paused")
Key = tuple[str, str, str]


def stage_counts(clocks: pd.DataFrame, built_at: datetime) -> Counter[Key]:
    """By stage and what is counted, and the reason where there is one."""
    found: Counter[Key] = Counter()
    own = _one_a_promise(clocks)
    for ending, promise in (("", PROMISES["kept"]), ("_extended", PROMISES["kept_extended"])):
        stands = _stands(own, promise, built_at)
        for (stage, why, name), count in alike(own["stage"], own["stopped_by"], stands).items():
            counted, reason = _counted(stage, why, name)
            found[stage, counted + ending, reason] += count
            if not ending:
                found[stage, "clocks", ""] += count
    return found


def _counted(stage: str, why: str, stands: str) -> tuple[str, str]:
    if stands != "in_time":
        return stands, ""
    return ("met", "") if why in DOES.get(stage, ()) else ("not_needed", why)


def stages(counts: Counter[Key]) -> list[Figures]:
    """How the targets of each stage were kept, by the first promise; a stage that ran twice counts twice.

    clocks = met + late + not yet due + paused + each that was not needed, by the reason it stopped. What stopped
    after its promise, or still runs past it, is late whatever stopped it.
    """
    return [
        _row(stage, {key[1:]: count for key, count in counts.items() if key[0] == stage}) for stage in STAGES
    ]


def _row(stage: str, own: dict[tuple[str, str], int]) -> Figures:
    count = {name: own.get((name, ""), 0) for name in ("clocks", *COUNTS, "met_extended", "late_extended")}
    reasons = {reason: number for (name, reason), number in sorted(own.items()) if name == "not_needed"}
    return {
        "stage": stage,
        **count,
        "not_needed": reasons,
        "share": share(count["met"], count["met"] + count["late"]),
        "share_extended": share(count["met_extended"], count["met_extended"] + count["late_extended"]),
    }


def _one_a_promise(clocks: pd.DataFrame) -> pd.DataFrame:
    """Without the clocks whose promise went on in another clock of the same case, stage and round."""
    stage, why = MAY_GO_ON
    stopped = (clocks["stage"] == stage) & (clocks["stopped_by"] == why)
    if not stopped.any():
        return clocks
    # Few, and only they are put in order.
    beside = (clocks["stage"] == stage) & clocks["case"].isin(clocks.loc[stopped, "case"])
    few = clocks.loc[beside, ["case", "cycle", "stopped_at"]].assign(stopped=stopped[beside])
    last_first = few.sort_values(["stopped", "stopped_at"], ascending=[True, False])
    went_on = stopped & last_first.duplicated(["case", "cycle"]).reindex(clocks.index, fill_value=False)
    return clocks[~went_on]


def _stands(clocks: pd.DataFrame, promise: str, built_at: datetime) -> Any:
    """How each stands to its promise: one of `in_time` and all of COUNTS but `met`."""
    stopped, due = clocks["stopped_at"], clocks[promise]
    return ruled(
        (stopped.notna(), "in_time"),
        (stopped.isna(), "not_yet_due"),
        (stopped.isna() & due.isna(), "paused"),
        (due.notna() & (stopped.fillna(built_at) > due), "late"),
    )


def rows_alike(rows: pd.DataFrame, columns: Sequence[str]) -> Counter[Any]:
    """How many rows have the same values in these columns."""
    return alike(*(rows[name] for name in columns))


ESCALATED = ("level", "trigger", "state", "decision")


def escalations(raised: Counter[Any]) -> list[Figures]:
    """How often cases were raised to each level, and what became of it. `raised`: how many of each ESCALATED."""
    rows = []
    for wanted in (1, 2, 3):
        states: Counter[str] = Counter()
        for (level, _trigger, state, _decision), count in raised.items():
            if level == wanted:
                states[state] += count
        counts = {state: states[state] for state in ("acknowledged", "decided", "lifted")}
        rows.append({"level": wanted, "raised": states.total(), "waiting": states["raised"]} | counts)
    return rows


def raised_by(raised: Counter[Any], name: str) -> Counter[str]:
    """How many of each value of one of ESCALATED."""
    found: Counter[str] = Counter()
    for row, count in raised.items():
        found[row[ESCALATED.index(name)]] += count
    return found


def decided(raised: Counter[Any]) -> dict[str, int]:
    """How many of each decision; what has none yet is left out."""
    return {decision: count for decision, count in raised_by(raised, "decision").items() if decision}


CORRECTED = ("kind_before", "kind")


def kinds_corrected(corrected: Counter[Any]) -> list[Figures]:
    rows = [
        {"kind_before": before, "kind": kind, "count": count}
        for (before, kind), count in corrected.items()
        if before != ""
    ]
    return sorted(rows, key=lambda row: (-row["count"], row["kind_before"], row["kind"]))


def sign_counts(rows: pd.DataFrame) -> Counter[tuple[str, str]]:
    """By sign and what is counted."""
    found: Counter[tuple[str, str]] = Counter()
    for code in rows["signal"].unique():
        own = rows[rows["signal"] == code]
        found[code, "signs"], found[code, "of"] = int(own["signs"].sum()), int(own["looks"].sum())
        found[code, "cases"] = int(own.loc[own["signs"] > 0, "case"].nunique())
    return found


def signals(counts: Counter[tuple[str, str]]) -> list[Figures]:
    """Of each sign how often a rule asked, how often it is one, and in how many cases."""
    return [
        {
            "signal": code,
            **{name: counts[code, name] for name in ("signs", "of", "cases")},
            "share": share(counts[code, "signs"], counts[code, "of"]),
        }
        for code in sorted({code for code, _name in counts})
    ]
