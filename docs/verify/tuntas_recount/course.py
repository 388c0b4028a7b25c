"""The figures about what happened on the way: stages and their targets, what was raised to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tuntas_recount.cases import by, by_value, count, mean, quantile, share
from tuntas_recount.data import Sheet
from tuntas_recount.judging import OPEN, Row, moment

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


def kinds_corrected(sheet: Sheet) -> list[Row]:
    counts: dict[tuple[str, str], int] = {}
    for row in sheet.rows("corrections"):
        if row["kind_before"]:
            pair = row["kind_before"], row["kind"]
            counts[pair] = counts.get(pair, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"kind_before": one, "kind": other, "count": count} for (one, other), count in ordered]


def signals(sheet: Sheet) -> list[Row]:
    """Of each sign how often was asked, how often it was one, and in how many cases."""
    found: dict[str, Row] = {}
    cases: dict[str, set[str]] = {}
    for row in sheet.rows("signals"):
        code = row["signal"]
        line = found.setdefault(code, {"signal": code, "signs": 0, "of": 0})
        line["signs"] += row["signs"]
        line["of"] += row["looks"]
        cases.setdefault(code, set()).update([row["case"]] if row["signs"] else [])
    return [
        line | {"share": share(line["signs"], line["of"] - line["signs"]), "cases": len(cases[code])}
        for code, line in sorted(found.items())
    ]


def flow(sheet: Sheet) -> Row:
    """At the start + received = ended + at the end. Where no end is known, it counts as ended."""
    end = min(sheet.days.bounds(sheet.zone)[1], sheet.built_at)
    carried = [row | {"ended_at": moment(row["ended_at"])} for row in sheet.rows("carried")]
    ended = sum(
        1
        for row in [*sheet.cases, *carried]
        if row["state"] not in OPEN and (row["ended_at"] is None or row["ended_at"] < end)
    )
    whole = len(carried) + len(sheet.cases)
    return {"open_at_start": len(carried), "ended_in_period": ended, "open_at_end": whole - ended}


def _flow(code: str) -> Callable[[Sheet], Any]:
    return lambda sheet: flow(sheet)[code]


def residents(sheet: Sheet) -> int | None:
    known = [row["residents"] for row in sheet.rows("areas") if row["level"] == "city"]
    counted = [int(each) for each in known if each is not None]
    return sum(counted) if counted else None


def _per_thousand(count: int, people: int | None) -> float | None:
    return 1000 * count / people if people else None


def by_district(sheet: Sheet) -> list[Row]:
    people = {row["area"]: row["residents"] for row in sheet.rows("areas")}
    found = by("district")(sheet)
    for row in found:
        known = people.get(row["district"])
        row["residents"] = None if known is None else int(known)
        row["per_thousand"] = _per_thousand(row["received"], row["residents"])
    return found


STAFF = ("received", "ended", "open", "met_target", "late", "disputed", "reopened", "extended", "ratings")


def by_handler(sheet: Sheet) -> list[Row]:
    handlers = {row["case"]: row["handler"] for row in sheet.rows("handlers")}
    groups: dict[tuple[str, str], list[Row]] = {}
    for case in sheet.cases:
        if case["case"] in handlers:
            groups.setdefault((case["agency"], handlers[case["case"]]), []).append(case)
    return [
        {
            "handler": handler,
            "agency": agency,
            **{code: count(own, code) for code in STAFF},
            "rating_mean": mean(case["rating"] for case in own),
            "hours_to_end_median": quantile((case["hours"] for case in own), 0.5),
        }
        for (agency, handler), own in sorted(groups.items(), key=lambda item: item[0])
    ]


COUNTS: dict[str, Callable[[Sheet], Any]] = {
    "stages": stages,
    "escalations": escalations,
    "escalations_by_trigger": lambda sheet: by_value(sheet.rows("escalations"), "trigger", "trigger"),
    "decisions": lambda sheet: by_value(
        [row for row in sheet.rows("escalations") if row["decision"]], "decision", "decision"
    ),
    "kinds_corrected": kinds_corrected,
    "signals": signals,
    **{code: _flow(code) for code in ("open_at_start", "ended_in_period", "open_at_end")},
    "residents": residents,
    "received_per_thousand": lambda sheet: _per_thousand(len(sheet.cases), residents(sheet)),
    "by_district": by_district,
    "by_handler": by_handler,
}
