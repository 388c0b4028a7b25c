"""How each case stands to its promises, over whole tables: `complaints/clock/kept.py`, said in pandas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import ANSWERED, Kept
from complaints.states import ACTIVE
from reports.figures.arrays import numbered, ruled, table_of

if TYPE_CHECKING:
    import pandas as pd

PROMISES = {"kept": "promised_at", "kept_extended": "due_at"}


def judged(cases: pd.DataFrame, clocks: pd.DataFrame, built_at: datetime) -> pd.DataFrame:
    """The cases with what the figures count: is_ended, is_known, kept, kept_extended, is_extended, was_answered,
    is_reopened, hours, hours_running.

    `kept` goes by the first promise of each round, `kept_extended` counts extensions as kept. Of a case that was
    taken over as history there are no clocks, only `target_at`.
    """
    (case, own), size = numbered(cases["case"], clocks["case"])
    ended = ~cases["state"].isin(sorted(ACTIVE))
    known_end = ended & cases["ended_at"].notna()
    hours = ((cases["ended_at"] - cases["received_at"]).dt.total_seconds() / 3600).where(known_end)
    is_round = (clocks["stage"] == "resolution").to_numpy()
    rounds = _Rounds(case, own[is_round], size, cases["cycle"].to_numpy(), clocks[is_round])
    rules = _but_for_late_rounds(cases, rounds, built_at)
    return cases.assign(
        is_ended=ended,
        is_known=known_end,
        is_extended=_has(case, own[clocks["extended_by"] > 0], size),
        was_answered=rounds.any_answered(),
        is_reopened=rounds.answered_before(),
        hours=hours,
        hours_running=hours - cases["paused_seconds"] / 3600,
        **{
            name: ruled(*rules, (rounds.late(promise, built_at), Kept.LATE.value), otherwise=cases["state"])
            for name, promise in PROMISES.items()
        },
    )


def _has(case: Any, own: Any, size: int) -> Any:
    """Whether any of its own is there of each case."""
    return table_of(size, own, True, False)[case]


@dataclass(frozen=True)
class _Rounds:
    """Of these cases, each known by a number of which there are so many."""

    case: Any
    own: Any  # of each round the number of its case
    size: int
    cycle: Any  # in which each case is
    clocks: pd.DataFrame

    def any(self) -> Any:
        return _has(self.case, self.own, self.size)

    def late(self, promise: str, built_at: datetime) -> Any:
        """Past this promise: the strongest rule."""
        due = self.clocks[promise]
        past = due.notna() & (self.clocks["stopped_at"].fillna(built_at) > due)
        return _has(self.case, self.own[past], self.size)

    def any_answered(self) -> Any:
        return _has(self.case, self.own[self._is_done()], self.size)

    def answered(self) -> Any:
        """Whether the round was answered in which each case is."""
        return _has(self.case, self.own[self._is_done() & (self._of_case() == self._now())], self.size)

    def answered_before(self) -> Any:
        """Those that went into another round after an answer; a round also begins where a body outside gave none."""
        return _has(self.case, self.own[self._is_done() & (self._of_case() < self._now())], self.size)

    def _is_done(self) -> Any:
        return (self.clocks["stopped_by"] == "done").to_numpy()

    def _of_case(self) -> Any:
        return self.clocks["cycle"].to_numpy()

    def _now(self) -> Any:
        return table_of(self.size, self.case, self.cycle, 0)[self.own]


def _but_for_late_rounds(cases: pd.DataFrame, rounds: _Rounds, built_at: datetime) -> list[tuple[Any, str]]:
    """The other rules, from the weakest to the strongest; each overrules those before."""
    active = cases["state"].isin(sorted(ACTIVE))
    has_round = rounds.any()
    no_target = cases["target_at"].isna()
    past_target = (active & (cases["target_at"] < built_at)) | (
        ~active & ~no_target & (cases["ended_at"].isna() | (cases["ended_at"] > cases["target_at"]))
    )
    return [
        (cases["state"].isin(sorted(ANSWERED)) | rounds.answered(), Kept.ON_TIME.value),
        (active, Kept.NOT_YET_DUE.value),
        (active & no_target, Kept.STANDING_STILL.value),
        (no_target & ~has_round, Kept.NO_TARGET.value),
        (past_target & ~has_round, Kept.LATE.value),
    ]
