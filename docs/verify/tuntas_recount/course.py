"""The figures about what happened on the way: stages and their targets, what was raised to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tuntas_recount.cases import share
from tuntas_recount.data import Sheet
from tuntas_recount.judging import Row

# What does a stage, beside what merely ends it: who rejects or merges a case has verified it.
DONE = {
    "verification": {"done", "rejected", "merged"},
    "first_response": {"done"},
    "resolution": {"done"},
}


def stages(sheet: Sheet) -> list[Row]:
    found = []
    for stage, does in DONE.items():
        targets = [clock for clock in sheet.clocks if clock["stage"] == stage]
        if stage == "resolution":
            targets = _once_a_promise(targets)
        first, extended = (_became(targets, promise, does, sheet) for promise in ("promised_at", "due_at"))
        row = {"stage": stage, "clocks": len(targets), **first}
        found.append(row | {f"{name}_extended": extended[name] for name in ("met", "late", "share")})
    return found


def _once_a_promise(targets: list[Row]) -> list[Row]:
    """A promise that goes on after a merger counts once: of the clocks of one case and round, one that a merger stopped
    counts only where no other one is left, and of several such the last."""
    rounds: dict[tuple[str, int], list[Row]] = {}
    for clock in targets:
        rounds.setdefault((clock["case"], clock["cycle"]), []).append(clock)
    kept: list[Row] = []
    for clocks in rounds.values():
        on = [clock for clock in clocks if clock["stopped_by"] != "merged"]
        kept += on or [max(clocks, key=lambda clock: clock["stopped_at"])]
    return kept


def _became(targets: list[Row], promise: str, does: set[str], sheet: Sheet) -> Row:
    met = late = running = paused = 0
    not_needed: dict[str, int] = {}
    for clock in targets:
        due, stopped = clock[promise], clock["stopped_at"]
        if due is not None and (stopped or sheet.built_at) > due:
            late += 1
        elif stopped is None:
            running, paused = running + (due is not None), paused + (due is None)
        elif clock["stopped_by"] in does:
            met += 1
        else:
            not_needed[clock["stopped_by"]] = not_needed.get(clock["stopped_by"], 0) + 1
    return {
        "met": met,
        "late": late,
        "not_yet_due": running,
        "paused": paused,
        "not_needed": not_needed,
        "share": share(met, late),
    }


def escalations(sheet: Sheet) -> list[Row]:
    found = []
    for level in (1, 2, 3):
        states = [row["state"] for row in sheet.rows("escalations") if row["level"] == level]
        row = {"level": level, "raised": len(states), "waiting": states.count("raised")}
        found.append(row | {state: states.count(state) for state in ("acknowledged", "decided", "lifted")})
    return found


COUNTS: dict[str, Callable[[Sheet], Any]] = {"stages": stages, "escalations": escalations}
