"""The satisfaction index from whole numbers: means of the elements, equal weights, their sum times 25 (Permenpan-RB
14/2017), and how sure that is; and what citizens said after their cases ended.

A round keeps of its elements, in pairs: how many answered both (`both`), over these the sum of the first (`sums`) and
the sum of the products (`products`). Rounds of fewer than ten respondents keep nothing. Intervals: sureness.py.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tuntas_recount.cases import ratio
from tuntas_recount.data import Sheet
from tuntas_recount.judging import Row
from tuntas_recount.sureness import asked_for, ends_of_index, ends_of_mean, wilson

# The lowest index of each grade, rounded to two decimals.
GRADES = (("A", Fraction("88.31")), ("B", Fraction("76.61")), ("C", Fraction(65)), ("D", Fraction(25)))
LEAST = 30  # respondents, where nobody said how many users there are
PAIRED = ("both", "sums", "products")


def _rounded(value: Fraction) -> Fraction:
    """To two decimals, halves upwards."""
    return Fraction((200 * value.numerator + value.denominator) // (2 * value.denominator), 100)


def _grade(value: Fraction) -> str:
    return next((name for name, least in GRADES if _rounded(value) >= least), "D")


def element_means(moments: Row) -> dict[str, Fraction]:
    """Of those who answered the element; without those that nobody answered."""
    found = {}
    for n, item in enumerate(moments["items"]):
        answered = moments["both"][n][n]
        if answered:
            found[item] = Fraction(moments["sums"][n][n], answered)
    return found


def index_value(moments: Row) -> Fraction | None:
    means = element_means(moments)
    return 25 * sum(means.values(), Fraction(0)) / len(means) if means else None


def together(sheet: Sheet) -> Row | None:
    """The rounds that asked after the most elements, as if they had been asked once."""
    parts = [row["moments"] for row in sheet.rows("rounds") if row["moments"] is not None]
    if not parts:
        return None
    most = max((part["items"] for part in parts), key=lambda items: (len(items), items))
    same = [part for part in parts if part["items"] == most]
    size = range(len(most))
    found: Row = {"items": most, "respondents": sum(part["respondents"] for part in same)}
    for name in PAIRED:
        found[name] = [[sum(part[name][a][b] for part in same) for b in size] for a in size]
    return found


def _figures(moments: Row | None, population: int | None = None) -> Row:
    """The index of these answers with the ends of its interval, its grade, and each grade that the interval touches."""
    value = index_value(moments) if moments else None
    if moments is None or value is None:
        return {"index": None, "low": None, "high": None, "grade": "", "grades": ""}
    low, high = ends_of_index(moments, float(value), population)
    grade = _grade(value)
    grades = grade
    if low is not None and high is not None:
        names = [name for name, _least in GRADES]
        best, worst = (names.index(_grade(Fraction(repr(end)))) for end in (high, low))
        grades = "".join(names[best : worst + 1])
    return {"index": float(value), "low": low, "high": high, "grade": grade, "grades": grades}


def rounds(sheet: Sheet) -> list[Row]:
    found = []
    for row in sheet.rows("rounds"):
        moments, population, target = row["moments"], row["population"], row["target"]
        wanted = asked_for(population, target)
        answered = moments["respondents"] if moments else None
        found.append(
            {
                name: row[name]
                for name in ("round", "agency", "service", "opens_on", "closes_on", "population")
            }
            | {
                "asked_for": wanted,
                "respondents": answered,
                "is_too_small": answered is None or answered < (wanted or LEAST),
                "response_share": _response(answered, wanted),
            }
            | _figures(moments, population)
        )
    return found


def _response(answered: int | None, wanted: int | None) -> float | None:
    """Per cent of the sample asked for, to one decimal, halves upwards."""
    if answered is None or not wanted:
        return None
    return (2000 * answered + wanted) // (2 * wanted) / 10


def _whole(what: str) -> Callable[[Sheet], Any]:
    def counted(sheet: Sheet) -> Any:
        moments = together(sheet)
        if what == "respondents":
            return moments["respondents"] if moments else 0
        return _figures(moments)[what]

    return counted


def elements(sheet: Sheet) -> list[Row]:
    parts = [
        (row["round"], row["moments"], row["population"])
        for row in sheet.rows("rounds")
        if row["moments"] is not None
    ]
    whole = together(sheet)
    found = []
    for name, moments, population in [*parts, *([("", whole, None)] if whole else [])]:
        for n, item in enumerate(moments["items"]):
            answered = moments["both"][n][n]
            if answered:
                mean = float(Fraction(moments["sums"][n][n], answered))
                low, high = ends_of_mean(moments, n, population)
                found.append(
                    {"round": name, "element": item, "mean": mean}
                    | {"low": low, "high": high, "answered": answered}
                )
    return found


def after_case(sheet: Sheet) -> list[Row]:
    found = []
    for row in sheet.rows("after_case"):
        steps = [row[name] or 0 for name in row if name.startswith("step")]
        yes, no, rated = row["yes"], row["no"], sum(steps)
        said = (yes or 0) + (no or 0)
        low, high = wilson(yes or 0, said) if said else (None, None)
        found.append(
            {name: row[name] for name in ("quarter", "by", "code", "asked", "answers", "typed")}
            | {
                "solved_yes": yes,
                "solved_no": no,
                "solved_share": ratio(yes or 0, said),
                "solved_low": None if low is None else 100 * low,
                "solved_high": None if high is None else 100 * high,
                "rated": None if row["answers"] is None else rated,
                "satisfaction_mean": sum(n * count for n, count in enumerate(steps, 1)) / rated
                if rated
                else None,
            }
        )
    return found


def call_backs(sheet: Sheet) -> list[Row]:
    """Was it done? Of fewer than ten answers the rows say nothing."""
    found = []
    for row in sheet.rows("call_backs"):
        answered = row["asked"] - row["refused"] - row["not_reached"] - row["silent"]
        shown = row["done"] is not None
        low, high = wilson(row["done"], answered, row["population"]) if shown else (0.0, 0.0)
        found.append(
            row
            | {
                "answered": answered,
                "done_share": ratio(row["done"], answered) if shown else None,
                "done_low": 100 * low if shown else None,
                "done_high": 100 * high if shown else None,
            }
        )
    return found


COUNTS: dict[str, Callable[[Sheet], Any]] = {
    "satisfaction": rounds,
    "satisfaction_by_element": elements,
    **{f"satisfaction_{what}": _whole(what) for what in ("index", "low", "high", "grade", "respondents")},
    "after_case": after_case,
    "call_backs": call_backs,
}
