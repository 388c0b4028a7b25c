"""What people said in forums, in surveys and after their cases ended."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import share
from complaints.intervals import wilson
from reports.figures.counting.cases import Figures, by_value
from reports.figures.tables import STEPS
from surveys.index.bands import bands_on
from surveys.index.figures import Index, index_of
from surveys.index.moments import Moments, nothing, pool
from surveys.index.sample import check_sample

if TYPE_CHECKING:
    import pandas as pd

DECIDED = ("case", "commitment", "answered", "declined")


def inputs(rows: pd.DataFrame, today: str) -> Figures:
    """count = became a report + became a promise + answered + declined + waiting in time + waiting too long."""
    waits = rows["state"] == "waiting"
    late = waits & (rows["due_on"] < today)
    counts = {state: int((rows["state"] == state).sum()) for state in DECIDED}
    answered = rows[~waits]
    known = answered[answered["due_on"] != ""]
    in_time = int((known["answered_on"] <= known["due_on"]).sum())
    return {
        "count": len(rows),
        **counts,
        "waiting": int((waits & ~late).sum()),
        "overdue": int(late.sum()),
        "in_time": in_time,
        "in_time_share": share(in_time, len(known) + int(late.sum())),
        "supports": int(rows["supports"].sum()),
    }


def inputs_by(rows: pd.DataFrame, column: str, today: str) -> list[Figures]:
    found = [{column: code} | inputs(rows[rows[column] == code], today) for code in rows[column].unique()]
    return sorted(found, key=lambda row: (-row["count"], row[column]))


def declined(rows: pd.DataFrame) -> list[Figures]:
    return by_value(Counter(rows.loc[rows["state"] == "declined", "reason"]), "reason")


def became(rows: pd.DataFrame) -> list[Figures]:
    """How far the reports and the promises are that inputs became."""
    found = []
    for state in ("case", "commitment"):
        own = rows.loc[rows["state"] == state, "became"]
        found += [{"state": state, **row} for row in by_value(Counter(own), "became")]
    return found


def satisfaction(rows: pd.DataFrame) -> list[Figures]:
    """The index of each round, with its interval, its grade, and whether enough were asked."""
    return [_round(row) for row in _records(rows)]


def _round(row: dict[str, Any]) -> Figures:
    moments = _moments(row)
    population, target = _whole(row["population"]), _whole(row["target"])
    found = {name: row[name] for name in ("round", "agency", "service", "opens_on", "closes_on")}
    sample = check_sample(moments.respondents if moments else 0, population, target)
    found |= {"population": population, "asked_for": sample.target if sample.is_known else None}
    if moments is None:  # fewer than ten
        return found | {"respondents": None, "is_too_small": True, "response_share": None} | _index(None)
    index = index_of(moments, population=population, bands=bands_on(date.fromisoformat(row["closes_on"])))
    response = sample.response_share if sample.is_known else None
    return found | {
        "respondents": moments.respondents,
        "is_too_small": sample.is_too_small,
        "response_share": None if response is None else float(response),
        **_index(index),
    }


def _index(index: Index | None) -> Figures:
    if index is None or index.value is None:
        return {"index": None, "low": None, "high": None, "grade": "", "grades": ""}
    return {
        "index": float(index.value),
        "low": index.low,
        "high": index.high,
        "grade": index.grade,
        "grades": "".join(index.grades),  # each that the interval touches
    }


def satisfaction_by_element(rows: pd.DataFrame) -> list[Figures]:
    """The mean of each element in each round, and of all rounds together (without a round)."""
    found = []
    for row in _records(rows):
        moments = _moments(row)
        if moments is not None:
            found += _elements(moments, row["round"], _whole(row["population"]))
    together = _together(rows)
    return found + (_elements(together, "", None) if together is not None else [])


def satisfaction_together(rows: pd.DataFrame) -> Figures:
    """All answers of the period as if they had been asked once."""
    moments = _together(rows)
    index = index_of(moments) if moments is not None else None
    return {"respondents": moments.respondents if moments is not None else 0, **_index(index)}


def _elements(moments: Moments, code: str, population: int | None) -> list[Figures]:
    return [
        {
            "round": code,
            "element": each.key,
            "mean": float(each.mean),
            "low": each.low,
            "high": each.high,
            "answered": each.answered,
        }
        for each in index_of(moments, population=population).elements
        if each.mean is not None
    ]


def _together(rows: pd.DataFrame) -> Moments | None:
    """Rounds that asked after the same elements; the others, if any, stay by themselves."""
    parts = [moments for row in _records(rows) if (moments := _moments(row)) is not None]
    if not parts:
        return None
    most = max((part.items for part in parts), key=lambda items: (len(items), items))
    return pool([nothing(most), *(part for part in parts if part.items == most)])


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    found: Any = rows.to_dict("records")
    return list(found)


def _moments(row: dict[str, Any]) -> Moments | None:
    return Moments.from_json(row["moments"]) if isinstance(row["moments"], dict) else None


def _whole(value: Any) -> int | None:
    return None if value is None or value != value else int(value)


def after_case(rows: pd.DataFrame) -> list[Figures]:
    """What people said once their cases had ended, beside how the city says they ended."""
    return [_answers(row) for row in _records(rows)]


def _answers(row: dict[str, Any]) -> Figures:
    yes, no, answers = (_whole(row[name]) for name in ("yes", "no", "answers"))
    found = {name: row[name] for name in ("quarter", "by", "code")}
    found |= {"asked": _whole(row["asked"]), "answers": answers, "solved_yes": yes, "solved_no": no}
    steps = [_whole(row[step]) or 0 for step in STEPS]
    rated = sum(steps)
    said = (yes or 0) + (no or 0)
    low, high = wilson(yes or 0, said) if said else (None, None)
    return found | {
        "solved_share": share(yes or 0, said),
        "solved_low": None if low is None else 100 * low,
        "solved_high": None if high is None else 100 * high,
        "rated": rated if answers is not None else None,
        "satisfaction_mean": sum(n * count for n, count in enumerate(steps, 1)) / rated if rated else None,
        "typed": _whole(row["typed"]),
    }


def call_backs(rows: pd.DataFrame) -> list[Figures]:
    """What those who were drawn say: was it done? asked = answered + refused + not reached + silent."""
    return [_called(row) for row in _records(rows)]


def _called(row: dict[str, Any]) -> Figures:
    said = {name: _whole(row[name]) for name in ("done", "partly", "not_done")}
    silence = {name: int(row[name]) for name in ("refused", "not_reached", "silent")}
    asked, population = int(row["asked"]), int(row["population"])
    answered = asked - sum(silence.values())
    done = said["done"]
    low, high = (None, None) if done is None else wilson(done, answered, population=population)
    return {
        "quarter": row["quarter"],
        "population": population,
        "asked": asked,
        "answered": answered,
        **said,
        "done_share": None if done is None else share(done, answered),
        "done_low": None if low is None else 100 * low,
        "done_high": None if high is None else 100 * high,
        **silence,
        "typed": _whole(row["typed"]),
    }
