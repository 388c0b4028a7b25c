"""Recommendations and promises: of those made in the period, and of those whose day lay in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from complaints.clock.kept import share
from reports.figures.counting.cases import Figures

if TYPE_CHECKING:
    import pandas as pd

Days = tuple[str, str]
WAITING = ("issued", "answered")  # a recommendation of which nothing is judged yet
PROMISE_PARTS = ("kept_in_time", "kept_late", "broken", "overdue", "reported", "not_due")


def within(days: Any, period: Days) -> Any:
    return (days >= period[0]) & (days <= period[1])


def recommendations(rows: pd.DataFrame, period: Days, today: str) -> list[Figures]:
    """count = complied + partly + not complied + withdrawn + to be judged + overdue + not due."""
    bases = {"issued": within(rows["issued_on"], period), "due": within(rows["due_on"], period)}
    return [{"basis": basis} | _advice(rows[inside], today) for basis, inside in bases.items()]


def _advice(rows: pd.DataFrame, today: str) -> Figures:
    states = ("complied", "partly", "not_complied", "withdrawn")
    counts = {state: int((rows["state"] == state).sum()) for state in states}
    waits = rows["state"] == "issued"
    late = waits & (rows["due_on"] < today)
    judged = counts["complied"] + counts["partly"] + counts["not_complied"]
    return {
        "count": len(rows),
        **counts,
        "to_judge": int((rows["state"] == "answered").sum()),
        "overdue": int(late.sum()),
        "not_due": int((waits & ~late).sum()),
        "complied_share": share(counts["complied"], judged),
    }


def sign_answers(rows: pd.DataFrame, column: str, today: str) -> list[Figures]:
    """By sign or agency, the most first; asked = answered in time + answered late + awaited + not answered in time."""
    answered, over = rows["answered_on"] != "", rows["due_on"] < today
    in_time = answered & (rows["answered_on"] <= rows["due_on"])
    stands = {
        "answered_in_time": in_time,
        "answered_late": answered & ~in_time,
        "waiting": ~answered & ~over,
        "not_answered": ~answered & over,
    }
    found = []
    for code in rows[column].unique():
        own = rows[column] == code
        counts = {name: int((own & each).sum()) for name, each in stands.items()}
        asked = int(own.sum())
        in_time_share = share(counts["answered_in_time"], asked - counts["waiting"])
        answers = int(rows.loc[own, "answers"].sum())
        found.append(
            {column: code, "count": asked, **counts, "answered_share": in_time_share, "answers": answers}
        )
    return sorted(found, key=lambda row: (-row["count"], row[column]))


def promise_stands(rows: pd.DataFrame, today: str) -> Any:
    """Each promise in exactly one of PROMISE_PARTS."""
    late = rows["done_on"] > rows["due_on"]
    stands = rows["state"].astype("object").mask(rows["state"] == "open", "not_due")
    for rule, name in (
        ((rows["state"] == "open") & (rows["due_on"] < today), "overdue"),
        ((rows["state"] == "kept") & ~late, "kept_in_time"),
        ((rows["state"] == "kept") & late, "kept_late"),
    ):
        stands = stands.mask(rule, name)
    return stands


def promises(rows: pd.DataFrame, period: Days, today: str) -> list[Figures]:
    """count = kept in time + kept late + broken + overdue + reported as done + not due."""
    bases = {"made": within(rows["made_on"], period), "due": within(rows["due_on"], period)}
    return [{"basis": basis} | _promised(rows[inside], today) for basis, inside in bases.items()]


def promises_by(rows: pd.DataFrame, column: str, period: Days, today: str) -> list[Figures]:
    """Those whose day lay in the period, by agency or by what changes; most first."""
    due = rows[within(rows["due_on"], period)]
    found = [{column: code} | _promised(due[due[column] == code], today) for code in due[column].unique()]
    return sorted(found, key=lambda row: (-row["count"], row[column]))


def _promised(rows: pd.DataFrame, today: str) -> Figures:
    stands = promise_stands(rows, today)
    counts = {name: int((stands == name).sum()) for name in PROMISE_PARTS}
    judged = counts["kept_in_time"] + counts["kept_late"] + counts["broken"] + counts["overdue"]
    return {"count": len(rows), **counts, "kept_in_time_share": share(counts["kept_in_time"], judged)}


def effects(rows: pd.DataFrame, period: Days) -> list[Figures]:
    """The promises that were judged kept in the period, with what changed since."""
    kept = rows[(rows["state"] == "kept") & within(rows["ended_on"], period)]
    found = []
    for _n, row in kept.sort_values("promise").iterrows():
        counts = {name: _whole(row[name]) for name in ("reports_before", "reports_after", "effect_days")}
        means = {name: _known(row[name]) for name in ("mean_before", "mean_after")}
        words = {name: row[name] for name in ("promise", "agency", "service", "kind", "done_on")}
        found.append(
            words
            | counts
            | {"effect": row["effect"], "element": row["element"]}
            | means
            | {"means": row["means"]}
        )
    return found


def _known(value: Any) -> float | None:
    return None if value != value else float(value)


def _whole(value: Any) -> int | None:
    known = _known(value)
    return None if known is None else int(known)
