"""A slow second opinion on every figure: plain Python, one case at a time, no pandas, nothing of what it checks."""

from datetime import datetime, timedelta
from statistics import median
from typing import Any

ACTIVE = {"submitted", "awaiting_citizen", "assigned", "in_progress"}
EXCLUDED = ("no_target", "standing_still", "rejected", "merged", "referred", "withdrawn", "lapsed")
Row = dict[str, Any]


def percentile(values: list[float], share: float) -> float | None:
    """Linear interpolation between the two nearest of the sorted values."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def hours(row: Row) -> float | None:
    if row["state"] in ACTIVE or row["ended_at"] is None:
        return None
    return (row["ended_at"] - row["received_at"]) / timedelta(hours=1)


def stands(row: Row, clocks: list[Row], promise: str, built_at: datetime) -> str:
    """In time, late, open in time, or left out and why. `clocks`: all; `promise`: the column that counts."""
    rounds = [c for c in clocks if c["case"] == row["case"] and c["stage"] == "resolution"]
    is_open, target, ended = row["state"] in ACTIVE, row["target_at"], row["ended_at"]
    for clock in rounds:
        if clock[promise] is not None and clock[promise] < (clock["stopped_at"] or built_at):
            return "late"
    if not rounds:
        if target is None:
            return "no_target"
        if (built_at if is_open else ended or datetime.max.replace(tzinfo=built_at.tzinfo)) > target:
            return "late"
    if is_open:
        return "standing_still" if target is None else "not_yet_due"
    was_answered = any(c["cycle"] == row["cycle"] and c["stopped_by"] == "done" for c in rounds)
    return "on_time" if was_answered or row["state"] in ("resolved", "closed") else row["state"]


def in_time(rows: list[Row], clocks: list[Row], built_at: datetime) -> Row:
    first = [stands(row, clocks, "promised_at", built_at) for row in rows]
    extended = [stands(row, clocks, "due_at", built_at) for row in rows]
    met, late = first.count("on_time"), first.count("late")
    met_extended, late_extended = extended.count("on_time"), extended.count("late")
    return {
        "with_target": met + late + first.count("not_yet_due"),
        "met_target": met,
        "late": late,
        "not_yet_due": first.count("not_yet_due"),
        "excluded": {why: first.count(why) for why in EXCLUDED},
        "on_time_share": 100 * met / (met + late) if met + late else None,
        "met_target_extended": met_extended,
        "late_extended": late_extended,
        "on_time_share_extended": 100 * met_extended / (met_extended + late_extended)
        if met_extended + late_extended
        else None,
    }


def main(rows: list[Row], clocks: list[Row], built_at: datetime) -> Row:
    counts = dict.fromkeys(("received", "ended", "open", "waiting_for_citizen", "end_unknown"), 0)
    ended_on_time = ended_judged = 0
    for row in rows:
        is_open = row["state"] in ACTIVE
        counts["received"] += 1
        counts["open" if is_open else "ended"] += 1
        counts["waiting_for_citizen"] += row["state"] == "awaiting_citizen"
        counts["end_unknown"] += not is_open and row["ended_at"] is None
        how = stands(row, clocks, "promised_at", built_at)
        ended_on_time += how == "on_time"
        ended_judged += how == "on_time" or (how == "late" and not is_open)
    took = [value for row in rows if (value := hours(row)) is not None]
    ran = [value - row["paused_seconds"] / 3600 for row in rows if (value := hours(row)) is not None]
    return (
        counts
        | in_time(rows, clocks, built_at)
        | {"late_ended": ended_judged - ended_on_time}
        | {"on_time_share_ended": 100 * ended_on_time / ended_judged if ended_judged else None}
        | times("hours_to_end", took)
        | times("hours_without_pauses", ran)
    )


def times(name: str, values: list[float]) -> Row:
    return {
        f"{name}_median": median(values) if values else None,
        f"{name}_p90": percentile(values, 0.9),
        f"{name}_mean": sum(values) / len(values) if values else None,
    }


def grouped(rows: list[Row], clocks: list[Row], column: str, built_at: datetime) -> dict[str, Row]:
    codes = {row[column] for row in rows}
    return {code: main([row for row in rows if row[column] == code], clocks, built_at) for code in codes}


def went_on(clock: Row, clocks: list[Row]) -> bool:
    """Stopped by a merger, with the same promise of the same case in another clock: that one counts."""
    if (clock["stage"], clock["stopped_by"]) != ("resolution", "merged"):
        return False
    same = [c for c in clocks if all(c[n] == clock[n] for n in ("case", "stage", "cycle"))]
    return any(c["stopped_by"] != "merged" for c in same if c is not clock)


def stage(clocks: list[Row], name: str, promise: str, built_at: datetime) -> Row:
    found: Row = {"met": 0, "late": 0, "not_yet_due": 0, "paused": 0, "not_needed": {}}
    for clock in clocks:
        if clock["stage"] != name or went_on(clock, clocks):
            continue
        due, stopped, why = clock[promise], clock["stopped_at"], clock["stopped_by"]
        verified = name == "verification" and why in ("rejected", "merged")
        if due is not None and (stopped or built_at) > due:
            found["late"] += 1
        elif stopped is None:
            found["paused" if due is None else "not_yet_due"] += 1
        elif why == "done" or verified:
            found["met"] += 1
        else:
            found["not_needed"][why] = found["not_needed"].get(why, 0) + 1
    judged = found["met"] + found["late"]
    return found | {"share": 100 * found["met"] / judged if judged else None}


def band(value: float, bounds: tuple[int, ...]) -> int:
    """The lower bound of the band in which the value lies."""
    return max(low for low in bounds if low <= value)


def counted(values: list[Any]) -> dict[Any, int]:
    return {value: values.count(value) for value in set(values)}
