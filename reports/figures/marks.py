"""Which cases are behind a count: said once, for the whole, for each row of a table, and to open a figure to its cases.

Each takes judged cases (judging.py) and gives a truth value for each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import ANSWERED, EXCLUDED, JUDGED, Kept
from complaints.states import State

if TYPE_CHECKING:
    import pandas as pd

Mark = Callable[["pd.DataFrame"], Any]


def stands(*kept: Kept, column: str = "kept") -> Mark:
    """First promises; `kept_extended`: with extensions counted as promised."""
    wanted = [each.value for each in kept]
    return lambda cases: cases[column].isin(wanted)


def in_state(*states: str) -> Mark:
    wanted = [str(state) for state in states]
    return lambda cases: cases["state"].isin(wanted)


def _answered(cases: pd.DataFrame) -> Any:
    answered = cases["state"].isin(sorted(ANSWERED)) | cases["was_answered"]
    # Of what goes on after a merger the answer that was disputed was to the other case.
    return answered | cases["is_disputed"].astype(bool)


MARKS: dict[str, Mark] = {
    "received": lambda cases: cases["case"].notna(),
    "ended": lambda cases: cases["is_ended"],
    "open": lambda cases: ~cases["is_ended"],
    "waiting_for_citizen": in_state(State.AWAITING_CITIZEN),
    "end_unknown": lambda cases: cases["is_ended"] & ~cases["is_known"],
    "with_target": stands(*JUDGED),
    "met_target": stands(Kept.ON_TIME),
    "late": stands(Kept.LATE),
    "not_yet_due": stands(Kept.NOT_YET_DUE),
    "met_target_extended": stands(Kept.ON_TIME, column="kept_extended"),
    "late_extended": stands(Kept.LATE, column="kept_extended"),
    "late_ended": lambda cases: (cases["kept"] == Kept.LATE.value) & cases["is_ended"],
    "answered": _answered,
    "extended": lambda cases: cases["is_extended"],
    "paused": lambda cases: cases["pauses"] > 0,
    "disputed": lambda cases: cases["is_disputed"].astype(bool),
    "reopened": lambda cases: cases["is_reopened"],
    "handed_back": lambda cases: cases["hand_backs"] > 0,
    "escalated": lambda cases: cases["is_escalated"],
    "corrected": lambda cases: cases["is_corrected"],
    "typed_by_staff": lambda cases: cases["is_typed"].astype(bool),
    "ratings": lambda cases: cases["rating"].notna(),
}
# Why a case is in no share; of these `excluded` is made.
LEFT_OUT: dict[str, Mark] = {each.value: stands(each) for each in EXCLUDED}


def column_of(code: str) -> str:
    """Where a marked case keeps the truth value."""
    return f"mark {code}"


def marked(cases: pd.DataFrame) -> pd.DataFrame:
    """With every mark, taken once for all the figures that count it."""
    return cases.assign(**{column_of(code): mark(cases) for code, mark in (MARKS | LEFT_OUT).items()})
