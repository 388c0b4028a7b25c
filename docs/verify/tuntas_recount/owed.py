"""The figures about recommendations and promises: of those made in the period, and of those whose day lay in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tuntas_recount.cases import ratio
from tuntas_recount.data import Sheet
from tuntas_recount.judging import Row


def _within(rows: Iterable[Row], column: str, sheet: Sheet) -> list[Row]:
    """Days are texts, the empty one none."""
    first, last = sheet.days.first.isoformat(), sheet.days.last.isoformat()
    return [row for row in rows if first <= row[column] <= last]


def recommendations(sheet: Sheet) -> list[Row]:
    rows = sheet.rows("recommendations")
    return [
        {"basis": basis, **_advice(_within(rows, column, sheet), sheet.today)}
        for basis, column in (("issued", "issued_on"), ("due", "due_on"))
    ]


def _advice(rows: list[Row], today: str) -> Row:
    states = [row["state"] for row in rows]
    found: Row = {state: states.count(state) for state in ("complied", "partly", "not_complied", "withdrawn")}
    waiting = [row for row in rows if row["state"] == "issued"]
    overdue = sum(1 for row in waiting if row["due_on"] < today)
    judged = found["complied"] + found["partly"] + found["not_complied"]
    return {
        "count": len(rows),
        **found,
        "to_judge": states.count("answered"),
        "overdue": overdue,
        "not_due": len(waiting) - overdue,
        "complied_share": ratio(found["complied"], judged),
    }


def by_type(sheet: Sheet) -> list[Row]:
    return _tally(
        (row["maladministration"] for row in _within(sheet.rows("recommendations"), "issued_on", sheet)),
        "maladministration",
    )


def _tally(values: Iterable[Any], name: str) -> list[Row]:
    """The most frequent first; of as many by code."""
    counts: dict[Any, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return [
        {name: code, "count": n} for code, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def sign_answers(column: str) -> Callable[[Sheet], list[Row]]:
    """The most first; of as many by code. In time: the first answer by the last day for it."""

    def rows(sheet: Sheet) -> list[Row]:
        groups: dict[str, list[str]] = {}
        answers: dict[str, int] = {}
        for row in sheet.rows("sign_answers"):
            first, last = row["answered_on"], row["due_on"]
            if first:
                stands = "answered_in_time" if first <= last else "answered_late"
            else:
                stands = "not_answered" if last < sheet.today else "waiting"
            groups.setdefault(row[column], []).append(stands)
            answers[row[column]] = answers.get(row[column], 0) + row["answers"]
        found = [
            _answered(column, code, stands) | {"answers": answers[code]} for code, stands in groups.items()
        ]
        return sorted(found, key=lambda row: (-row["count"], row[column]))

    return rows


def _answered(column: str, code: str, stands: list[str]) -> Row:
    names = ("answered_in_time", "answered_late", "waiting", "not_answered")
    counts = {name: stands.count(name) for name in names}
    asked = len(stands) - counts["waiting"]
    answered_share = ratio(counts["answered_in_time"], asked)
    return {column: code, "count": len(stands), **counts, "answered_share": answered_share}


PARTS = ("kept_in_time", "kept_late", "broken", "overdue", "reported", "not_due")


def _promise_stands(row: Row, today: str) -> str:
    if row["state"] == "kept":
        return "kept_late" if row["done_on"] > row["due_on"] else "kept_in_time"
    if row["state"] == "open":
        return "overdue" if row["due_on"] < today else "not_due"
    return str(row["state"])


def _promised(rows: list[Row], today: str) -> Row:
    stand = [_promise_stands(row, today) for row in rows]
    counts = {name: stand.count(name) for name in PARTS}
    judged = sum(counts[name] for name in ("kept_in_time", "kept_late", "broken", "overdue"))
    return {"count": len(rows), **counts, "kept_in_time_share": ratio(counts["kept_in_time"], judged)}


def promises(sheet: Sheet) -> list[Row]:
    rows = sheet.rows("commitments")
    return [
        {"basis": basis, **_promised(_within(rows, column, sheet), sheet.today)}
        for basis, column in (("made", "made_on"), ("due", "due_on"))
    ]


def promises_by(column: str) -> Callable[[Sheet], list[Row]]:
    """The most first; of as many by code."""

    def rows(sheet: Sheet) -> list[Row]:
        groups: dict[str, list[Row]] = {}
        for row in _within(sheet.rows("commitments"), "due_on", sheet):
            groups.setdefault(row[column], []).append(row)
        found = [{column: code, **_promised(own, sheet.today)} for code, own in groups.items()]
        return sorted(found, key=lambda row: (-row["count"], row[column]))

    return rows


KEPT = (
    *("promise", "agency", "service", "kind", "done_on", "reports_before", "reports_after", "effect_days"),
    *("effect", "element", "mean_before", "mean_after", "means"),
)


def promises_kept(sheet: Sheet) -> list[Row]:
    """Those that were judged kept in the period, by their number."""
    kept = [row for row in _within(sheet.rows("commitments"), "ended_on", sheet) if row["state"] == "kept"]
    return [{name: row[name] for name in KEPT} for row in sorted(kept, key=lambda row: str(row["promise"]))]


DECIDED = ("case", "commitment", "answered", "declined")


def _inputs(rows: list[Row], today: str) -> Row:
    states = [row["state"] for row in rows]
    waiting = [row for row in rows if row["state"] == "waiting"]
    overdue = sum(1 for row in waiting if row["due_on"] < today)
    promised = [row for row in rows if row["state"] != "waiting" and row["due_on"]]
    in_time = sum(1 for row in promised if row["answered_on"] <= row["due_on"])
    return {
        "count": len(rows),
        **{state: states.count(state) for state in DECIDED},
        "waiting": len(waiting) - overdue,
        "overdue": overdue,
        "in_time": in_time,
        "in_time_share": ratio(in_time, len(promised) + overdue),
        "supports": sum(row["supports"] for row in rows),
    }


def inputs_by(column: str) -> Callable[[Sheet], list[Row]]:
    def rows(sheet: Sheet) -> list[Row]:
        groups: dict[str, list[Row]] = {}
        for row in sheet.rows("inputs"):
            groups.setdefault(row[column], []).append(row)
        found = [{column: code, **_inputs(own, sheet.today)} for code, own in groups.items()]
        return sorted(found, key=lambda row: (-row["count"], row[column]))

    return rows


def became(sheet: Sheet) -> list[Row]:
    found: list[Row] = []
    for state in ("case", "commitment"):
        own = (row["became"] for row in sheet.rows("inputs") if row["state"] == state)
        found += [{"state": state, **row} for row in _tally(own, "became")]
    return found


COUNTS: dict[str, Callable[[Sheet], Any]] = {
    "recommendations": recommendations,
    "recommendations_by_type": by_type,
    "sign_answers": sign_answers("signal"),
    "sign_answers_by_agency": sign_answers("agency"),
    "promises": promises,
    "promises_by_agency": promises_by("agency"),
    "promises_by_kind": promises_by("kind"),
    "promises_kept": promises_kept,
    "forum_inputs": lambda sheet: [_inputs(sheet.rows("inputs"), sheet.today)],
    **{f"forum_inputs_by_{column}": inputs_by(column) for column in ("source", "agency", "forum")},
    "forum_inputs_declined": lambda sheet: _tally(
        (row["reason"] for row in sheet.rows("inputs") if row["state"] == "declined"), "reason"
    ),
    "forum_inputs_became": became,
}
