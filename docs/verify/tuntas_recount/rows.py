"""Whether the rows themselves can be: each named once, of a case that is there, in the days that they belong to."""

from __future__ import annotations

from datetime import datetime

from tuntas_recount.compare import Comparison
from tuntas_recount.data import Sheet
from tuntas_recount.judging import Row

# Tables in which the first column names a row.
NAMED = (
    "cases",
    "carried",
    "stays",
    "handlers",
    "sign_answers",
    "recommendations",
    "commitments",
    "inputs",
    "rounds",
    "agencies",
    "areas",
)
OF_CASES = ("clocks", "escalations", "corrections", "handlers", "signals")


def check(sheet: Sheet, prefix: str, comparison: Comparison) -> None:
    for name in NAMED:
        names = [next(iter(row.values())) for row in sheet.rows(name)]
        comparison.compare(f"{prefix}rows of {name} that are named twice", len(names) - len(set(names)), 0)
    known = {case["case"] for case in sheet.cases}
    for name in OF_CASES:
        strange = sum(1 for row in sheet.rows(name) if row["case"] not in known)
        comparison.compare(f"{prefix}rows of {name} of no case of the period", strange, 0)
    if not sheet.about.get("scope", {}).get(
        "agency"
    ):  # an agency's report has what was handed on, but not the case
        strange = sum(1 for row in sheet.rows("stays") if row["case"] not in known)
        comparison.compare(f"{prefix}rows of stays of no case of the period", strange, 0)
    for table, column in _complete(sheet):
        places = {row[column] for row in sheet.rows(table)} | {""}
        strange = sum(1 for case in sheet.cases if case[column] not in places)
        comparison.compare(f"{prefix}cases of no row of {table}", strange, 0)
    for name, outside in (("cases", _received_outside), ("carried", _not_before), ("inputs", _said_outside)):
        comparison.compare(f"{prefix}rows of {name} of other days", outside(sheet), 0)
    unlike = sum(
        1 for row in sheet.rows("rounds") if row["respondents"] != (row["moments"] or row)["respondents"]
    )
    comparison.compare(f"{prefix}rounds of another number of respondents than their answers", unlike, 0)


def _complete(sheet: Sheet) -> list[tuple[str, str]]:
    """Tables that have each place of a case: an agency's report has its own agencies alone."""
    is_city = not sheet.about.get("scope", {}).get("agency")
    return [("areas", "area")] + ([("agencies", "agency")] if is_city else [])


def _received_outside(sheet: Sheet) -> int:
    begin, end = sheet.days.bounds(sheet.zone)
    return sum(1 for case in sheet.cases if not begin <= case["received_at"] < end)


def _not_before(sheet: Sheet) -> int:
    begin, _end = sheet.days.bounds(sheet.zone)
    return sum(1 for case in sheet.rows("carried") if _at(case) >= begin)


def _at(case: Row) -> datetime:
    return datetime.fromisoformat(case["received_at"])


def _said_outside(sheet: Sheet) -> int:
    first, last = sheet.days.first.isoformat(), sheet.days.last.isoformat()
    return sum(1 for row in sheet.rows("inputs") if not first <= row["on"] <= last)
