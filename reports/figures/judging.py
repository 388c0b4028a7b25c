"""How each case stands to its promises, over whole tables: `complaints/clock/kept.py`, said in pandas."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import ANSWERED, Kept
from complaints.states import ACTIVE

if TYPE_CHECKING:
    import pandas as pd

PROMISES = {"kept": "promised_at", "kept_extended": "due_at"}


def judged(cases: pd.DataFrame, clocks: pd.DataFrame, built_at: datetime) -> pd.DataFrame:
    """The cases with what the figures count: is_ended, is_known, kept, kept_extended, is_extended, was_answered,
    is_reopened, hours, hours_running.

    `kept` goes by the first promise of each round, `kept_extended` counts extensions as kept. Of a case that was
    taken over as history there are no clocks, only `target_at`.
    """
    rounds = clocks[clocks["stage"] == "resolution"]
    ended = ~cases["state"].isin(sorted(ACTIVE))
    known_end = ended & cases["ended_at"].notna()
    hours = ((cases["ended_at"] - cases["received_at"]).dt.total_seconds() / 3600).where(known_end)
    stands = _but_for_late_rounds(cases, rounds, built_at)
    return cases.assign(
        is_ended=ended,
        is_known=known_end,
        is_extended=cases["case"].isin(clocks.loc[clocks["extended_by"] > 0, "case"]),
        was_answered=cases["case"].isin(rounds.loc[rounds["stopped_by"] == "done", "case"]),
        is_reopened=cases["case"].isin(_reopened(cases, rounds)),
        hours=hours,
        hours_running=hours - cases["paused_seconds"] / 3600,
        **{
            name: stands.mask(cases["case"].isin(_late(rounds, promise, built_at)), Kept.LATE.value)
            for name, promise in PROMISES.items()
        },
    )


def _late(rounds: pd.DataFrame, promise: str, built_at: datetime) -> Any:
    """The cases of rounds past this promise: the strongest rule."""
    past = rounds[promise].notna() & (rounds["stopped_at"].fillna(built_at) > rounds[promise])
    return rounds.loc[past, "case"]


def _but_for_late_rounds(cases: pd.DataFrame, rounds: pd.DataFrame, built_at: datetime) -> Any:
    """The other rules, from the weakest to the strongest; each overrules those before."""
    active = cases["state"].isin(sorted(ACTIVE))
    has_round = cases["case"].isin(rounds["case"])
    no_target = cases["target_at"].isna()
    past_target = (active & (cases["target_at"] < built_at)) | (
        ~active & ~no_target & (cases["ended_at"].isna() | (cases["ended_at"] > cases["target_at"]))
    )
    kept = cases["state"].astype("object")
    for rule, stands in (
        (cases["state"].isin(sorted(ANSWERED)) | _last_round_answered(cases, rounds), Kept.ON_TIME),
        (active, Kept.NOT_YET_DUE),
        (active & no_target, Kept.STANDING_STILL),
        (no_target & ~has_round, Kept.NO_TARGET),
        (past_target & ~has_round, Kept.LATE),
    ):
        kept = kept.mask(rule, stands.value)
    return kept


def _last_round_answered(cases: pd.DataFrame, rounds: pd.DataFrame) -> Any:
    answered = rounds.loc[rounds["stopped_by"] == "done", ["case", "cycle"]]
    answered = answered.drop_duplicates().assign(is_answered=True)
    return cases[["case", "cycle"]].merge(answered, how="left")["is_answered"].notna().to_numpy()


def _reopened(cases: pd.DataFrame, rounds: pd.DataFrame) -> Any:
    """Those that went into another round after an answer; a round also begins where a body outside gave none."""
    answers = rounds.loc[rounds["stopped_by"] == "done", ["case", "cycle"]]
    both = answers.merge(cases[["case", "cycle"]], on="case", suffixes=("", "_now"))
    return both.loc[both["cycle"] < both["cycle_now"], "case"]
