"""The times that cases were with agencies, each by the promise counted from when the case came there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tuntas_recount.cases import quantile, share
from tuntas_recount.data import Sheet
from tuntas_recount.judging import Row, moment

MOMENTS = ("began_at", "until_at", "first_due_at", "promised_at", "due_at")
STANDS = (
    *("in_time", "late", "open_in_time", "handed_on", "referred"),
    *("otherwise", "standing_still", "unknown"),
)
AS_IT_ENDED = {"answered": "in_time", "handed_on": "handed_on", "referred": "referred"}


def _stands(stay: Row, promise: str, sheet: Sheet) -> str:
    """What had passed is late, however it ended; so is what was handed on after the time of the first answer."""
    due, until = stay[promise], stay["until_at"]
    if stay["began_at"] is None:
        return "unknown"
    if due is not None and (until or sheet.built_at) > due:
        return "late"
    if until is None:
        return "standing_still" if due is None else "open_in_time"
    first = stay["first_due_at"]
    if stay["how"] == "handed_on" and first is not None and until > first:
        return "late"
    return AS_IT_ENDED.get(stay["how"], "otherwise")


def by_time_with(sheet: Sheet) -> list[Row]:
    """The agency with the most times first; of as many by code."""
    groups: dict[str, list[Row]] = {}
    for stay in sheet.rows("stays"):
        stay |= {name: moment(stay[name]) for name in MOMENTS}
        groups.setdefault(stay["agency"], []).append(stay)
    found = [_row(agency, own, sheet) for agency, own in groups.items()]
    return sorted(found, key=lambda row: (-row["stays"], row["agency"]))


def _row(agency: str, own: list[Row], sheet: Sheet) -> Row:
    first = [_stands(stay, "promised_at", sheet) for stay in own]
    extended = [_stands(stay, "due_at", sheet) for stay in own]
    met, late = extended.count("in_time"), extended.count("late")
    return {
        "agency": agency,
        "stays": len(own),
        **{name: first.count(name) for name in STANDS},
        "share": share(first.count("in_time"), first.count("late")),
        "in_time_extended": met,
        "late_extended": late,
        "share_extended": share(met, late),
        "typed": sum(1 for stay in own if stay["is_typed"]),
        "hours_median": quantile((_hours(stay) for stay in own), 0.5),
    }


def _hours(stay: Row) -> float | None:
    if stay["began_at"] is None or stay["until_at"] is None:
        return None
    seconds = (stay["until_at"] - stay["began_at"]).total_seconds() - stay["paused_seconds"]
    return float(seconds / 3600)


COUNTS: dict[str, Callable[[Sheet], Any]] = {"by_time_with": by_time_with}
