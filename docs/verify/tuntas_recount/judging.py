"""How a case stands to its promises: in time, late, open in time, or why it is in no share.

A case is open while it waits for verification, for an agency, or for the citizen; every other one is ended.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

OPEN = {"submitted", "assigned", "in_progress", "awaiting_citizen"}
ANSWERED = {"resolved", "closed"}
HOUR = 3600
Row = dict[str, Any]


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def judge(cases: list[Row], clocks: list[Row], built_at: datetime) -> list[Row]:
    """The cases, each with how it stands and how long it took."""
    rounds: dict[str, list[Row]] = {}
    extended = set()
    for clock in clocks:
        if clock["stage"] == "resolution":
            rounds.setdefault(clock["case"], []).append(clock)
        if clock["extended_by"] > 0:
            extended.add(clock["case"])
    for case in cases:
        case |= {name: moment(case[name]) for name in ("received_at", "ended_at", "target_at")}
        own = rounds.get(case["case"], [])
        case["is_open"] = case["state"] in OPEN
        case["stands"] = _stands(case, own, "promised_at", built_at)
        case["stands_extended"] = _stands(case, own, "due_at", built_at)
        case["was_answered"] = any(each["stopped_by"] == "done" for each in own)
        case["is_extended"] = case["case"] in extended
        case["is_reopened"] = any(
            each["stopped_by"] == "done" and each["cycle"] < case["cycle"] for each in own
        )
        case["hours"] = case["hours_running"] = None
        if not case["is_open"] and case["ended_at"] is not None:
            case["hours"] = (case["ended_at"] - case["received_at"]).total_seconds() / HOUR
            case["hours_running"] = case["hours"] - case["paused_seconds"] / HOUR
    return cases


def _stands(case: Row, rounds: list[Row], promise: str, built_at: datetime) -> str:
    """In time, late, open in time, or why it is in no share. Past is past: a promise that had passed is late however
    the case ended. Cases of another system have one target and no rounds."""
    for each in rounds:
        if each[promise] is not None and (each["stopped_at"] or built_at) > each[promise]:
            return "late"
    target = case["target_at"]
    if not rounds and target is None:
        return "no_target"
    if not rounds:
        end = built_at if case["is_open"] else case["ended_at"]
        if end is None or end > target:
            return "late"
    if case["is_open"]:
        return "standing_still" if target is None else "not_yet_due"
    is_answered = any(each["stopped_by"] == "done" and each["cycle"] == case["cycle"] for each in rounds)
    return "on_time" if is_answered or case["state"] in ANSWERED else str(case["state"])
