"""The figures about cases: what came in, how it stands to its promises, how long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tuntas_recount.data import Sheet
from tuntas_recount.judging import ANSWERED, Row

LEFT_OUT = ("no_target", "standing_still", "rejected", "merged", "referred", "withdrawn", "lapsed")
AGES = (0, 8, 15, 31, 61, 181, 366)
DURATIONS = (0, 24, 72, 168, 336, 720, 1440, 4320)


def share(part: int, rest: int) -> float | None:
    """Per cent of both together."""
    return 100 * part / (part + rest) if part + rest else None


def ratio(part: int, whole: int) -> float | None:
    """Per cent of the whole."""
    return 100 * part / whole if whole else None


def quantile(values: Iterable[float | None], at: float) -> float | None:
    """Between two values that lie around it, in proportion."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    place = at * (len(known) - 1)
    below = int(place)
    above = min(below + 1, len(known) - 1)
    return known[below] + (known[above] - known[below]) * (place - below)


def mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


Mark = Callable[[Row], bool]
MARKS: dict[str, Mark] = {
    "received": lambda case: True,
    "ended": lambda case: not case["is_open"],
    "open": lambda case: case["is_open"],
    "with_target": lambda case: case["stands"] in ("on_time", "late", "not_yet_due"),
    "met_target": lambda case: case["stands"] == "on_time",
    "late": lambda case: case["stands"] == "late",
    "not_yet_due": lambda case: case["stands"] == "not_yet_due",
    "met_target_extended": lambda case: case["stands_extended"] == "on_time",
    "late_extended": lambda case: case["stands_extended"] == "late",
    "late_ended": lambda case: case["stands"] == "late" and not case["is_open"],
    "waiting_for_citizen": lambda case: case["state"] == "awaiting_citizen",
    "end_unknown": lambda case: not case["is_open"] and case["ended_at"] is None,
    "answered": lambda case: case["state"] in ANSWERED or case["is_disputed"] or case["was_answered"],
    "disputed": lambda case: bool(case["is_disputed"]),
    "reopened": lambda case: case["is_reopened"],
    "extended": lambda case: case["is_extended"],
    "paused": lambda case: case["pauses"] > 0,
    "handed_back": lambda case: case["hand_backs"] > 0,
    "ratings": lambda case: case["rating"] is not None,
    "escalated": lambda case: case["is_escalated"],
    "corrected": lambda case: case["is_corrected"],
    "typed_by_staff": lambda case: bool(case["is_typed"]),
}
IN_ROWS = (
    "received",
    "ended",
    "open",
    "with_target",
    "met_target",
    "late",
    "not_yet_due",
    "met_target_extended",
    "late_extended",
)


def count(cases: list[Row], code: str) -> int:
    mark = MARKS[code]
    return sum(1 for case in cases if mark(case))


def excluded(cases: list[Row]) -> dict[str, int]:
    return {why: sum(1 for case in cases if case["stands"] == why) for why in LEFT_OUT}


def in_row(cases: list[Row]) -> Row:
    """What stands in each row of a table of cases."""
    counts: Row = {code: count(cases, code) for code in IN_ROWS}
    return counts | {
        "excluded": excluded(cases),
        "on_time_share": share(counts["met_target"], counts["late"]),
        "on_time_share_extended": share(counts["met_target_extended"], counts["late_extended"]),
        "hours_to_end_median": quantile((case["hours"] for case in cases), 0.5),
        "hours_without_pauses_median": quantile((case["hours_running"] for case in cases), 0.5),
    }


def by(column: str) -> Callable[[Sheet], list[Row]]:
    """The most received first; of as many by code."""

    def rows(sheet: Sheet) -> list[Row]:
        groups: dict[Any, list[Row]] = {}
        for case in sheet.cases:
            groups.setdefault(case[column], []).append(case)
        found = [{column: code, **in_row(cases)} for code, cases in groups.items()]
        return sorted(found, key=lambda row: (-row["received"], row[column]))

    return rows


def by_agency(sheet: Sheet) -> list[Row]:
    """By name, with the code beside it."""
    names = sheet.names.get("agency", {})
    return [
        row | {"code": row["agency"], "agency": names.get(row["agency"], {}).get("id", "")}
        for row in by("agency")(sheet)
    ]


def by_step(sheet: Sheet) -> list[Row]:
    rows = []
    for step in sheet.days.steps():
        begin, end = step.bounds(sheet.zone)
        part = [case for case in sheet.cases if begin <= case["received_at"] < end]
        rows.append({"from": step.first.isoformat(), "to": step.last.isoformat(), **in_row(part)})
    return rows


def open_by_age(sheet: Sheet) -> list[Row]:
    waiting = [case for case in sheet.cases if case["is_open"]]
    found = []
    for low, high, inside in _bands(waiting, lambda case: (sheet.built_at - case["received_at"]).days, AGES):
        late = sum(1 for case in inside if case["stands"] == "late")
        found.append({"from_days": low, "below_days": high, "count": len(inside), "late": late})
    return found


def hours_bands(sheet: Sheet) -> list[Row]:
    known = [case for case in sheet.cases if case["hours"] is not None]
    return [
        {"from_hours": low, "below_hours": high, "count": len(inside)}
        for low, high, inside in _bands(known, lambda case: case["hours"], DURATIONS)
    ]


def _bands(
    cases: list[Row], value: Callable[[Row], float], bounds: tuple[int, ...]
) -> list[tuple[int, int | None, list[Row]]]:
    ends = [*bounds[1:], None]
    return [
        (low, high, [case for case in cases if value(case) >= low and (high is None or value(case) < high)])
        for low, high in zip(bounds, ends, strict=True)
    ]


def by_value(cases: list[Row], column: str, name: str) -> list[Row]:
    """The most frequent first; of as many by code."""
    counts: dict[Any, int] = {}
    for case in cases:
        counts[case[column]] = counts.get(case[column], 0) + 1
    return [
        {name: code, "count": number}
        for code, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _counted(code: str) -> Callable[[Sheet], int]:
    return lambda sheet: count(sheet.cases, code)


def _shared(part: str, rest: str) -> Callable[[Sheet], float | None]:
    return lambda sheet: share(count(sheet.cases, part), count(sheet.cases, rest))


def _times(column: str, name: str) -> dict[str, Callable[[Sheet], Any]]:
    return {
        f"{name}_median": lambda sheet: quantile((case[column] for case in sheet.cases), 0.5),
        f"{name}_p90": lambda sheet: quantile((case[column] for case in sheet.cases), 0.9),
        f"{name}_mean": lambda sheet: mean(case[column] for case in sheet.cases),
    }


COLUMNS = ("office", "service", "category", "area", "channel", "kind", "state")
COUNTS: dict[str, Callable[[Sheet], Any]] = {
    **{code: _counted(code) for code in MARKS},
    "excluded": lambda sheet: excluded(sheet.cases),
    "on_time_share": _shared("met_target", "late"),
    "on_time_share_extended": _shared("met_target_extended", "late_extended"),
    "on_time_share_ended": _shared("met_target", "late_ended"),
    **_times("hours", "hours_to_end"),
    **_times("hours_running", "hours_without_pauses"),
    "by_agency": by_agency,
    **{f"by_{column}": by(column) for column in COLUMNS},
    "by_step": by_step,
    "open_by_age": open_by_age,
    "hours_to_end_bands": hours_bands,
    "pauses": lambda sheet: sum(case["pauses"] for case in sheet.cases),
    "hand_backs": lambda sheet: sum(case["hand_backs"] for case in sheet.cases),
    "rejected": lambda sheet: by_value(
        [case for case in sheet.cases if case["state"] == "rejected"], "end_reason", "reason"
    ),
    "ended_how": lambda sheet: by_value([case for case in sheet.cases if not case["is_open"]], "how", "how"),
    "rating_mean": lambda sheet: mean(case["rating"] for case in sheet.cases),
}
