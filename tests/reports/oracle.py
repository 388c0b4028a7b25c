"""A slow second opinion on every figure: plain Python, one case at a time, no pandas."""

from datetime import datetime, timedelta
from statistics import median
from typing import Any

ACTIVE = {"submitted", "awaiting_citizen", "assigned", "in_progress"}
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


def main(rows: list[Row], built_at: datetime) -> Row:
    counts = dict.fromkeys(
        ("received", "ended", "open", "waiting_for_citizen", "end_unknown", "with_target"), 0
    ) | dict.fromkeys(("met_target", "not_yet_due", "late"), 0)
    ended_with_target = 0
    for row in rows:
        counts["received"] += 1
        is_open = row["state"] in ACTIVE
        counts["open" if is_open else "ended"] += 1
        counts["waiting_for_citizen"] += row["state"] == "awaiting_citizen"
        counts["end_unknown"] += not is_open and row["ended_at"] is None
        if row["target_at"] is None:
            continue
        counts["with_target"] += 1
        ended_with_target += not is_open
        if not is_open and row["ended_at"] is not None and row["ended_at"] <= row["target_at"]:
            counts["met_target"] += 1
        elif is_open and row["target_at"] >= built_at:
            counts["not_yet_due"] += 1
        else:
            counts["late"] += 1
    took = [value for row in rows if (value := hours(row)) is not None]
    judged = counts["met_target"] + counts["late"]
    return counts | {
        "on_time_share": 100 * counts["met_target"] / judged if judged else None,
        "on_time_share_ended": 100 * counts["met_target"] / ended_with_target if ended_with_target else None,
        "hours_to_end_median": median(took) if took else None,
        "hours_to_end_p90": percentile(took, 0.9),
        "hours_to_end_mean": sum(took) / len(took) if took else None,
    }


def grouped(rows: list[Row], column: str, built_at: datetime) -> dict[str, Row]:
    codes = {row[column] for row in rows}
    return {code: main([row for row in rows if row[column] == code], built_at) for code in codes}


def band(value: float, bounds: tuple[int, ...]) -> int:
    """The lower bound of the band in which the value lies."""
    return max(low for low in bounds if low <= value)


def counted(values: list[Any]) -> dict[Any, int]:
    return {value: values.count(value) for value in set(values)}
