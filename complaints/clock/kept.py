"""How a case stands to what was promised: reports, desk and public pages count by this alone (decision 42).

Pure: no Django. `kept_in_sql.py` says the same to the database; a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from complaints.states import ACTIVE, State

ANSWERED = frozenset({State.RESOLVED, State.CLOSED})


class Kept(StrEnum):
    """Each case is in exactly one of these, so that they add up to what was received.

    The first three are those that are judged, or will be; the others are left out, each for its reason.
    """

    ON_TIME = "on_time"
    LATE = "late"
    NOT_YET_DUE = "not_yet_due"
    NO_TARGET = "no_target"
    STANDING_STILL = "standing_still"  # waits for the citizen, and the promise had not passed before
    REJECTED = "rejected"
    MERGED = "merged"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


JUDGED = (Kept.ON_TIME, Kept.LATE, Kept.NOT_YET_DUE)
ENDED_OTHERWISE = (Kept.REJECTED, Kept.MERGED, Kept.REFERRED, Kept.WITHDRAWN, Kept.LAPSED)
EXCLUDED = (Kept.NO_TARGET, Kept.STANDING_STILL, *ENDED_OTHERWISE)
# Stopped so, another clock of the same case and round may go on with the same promise: what was merged may go on by
# itself. The two are one target.
MAY_GO_ON = ("resolution", "merged")
# What stops a stage's clock by doing what the stage is for; stopped by anything else before its promise, it was not
# needed. Who rejects or merges has verified.
DOES = {
    "verification": ("done", "rejected", "merged"),
    "first_response": ("done",),
    "resolution": ("done",),
}


@dataclass(frozen=True, slots=True)
class Round:
    """One promise of a case: from receipt to the answer, and anew from each dispute.

    `due` is the first promise, or, where extensions count as kept, what it was moved to; None while it stands still.
    `stopped` None: it still runs.
    """

    due: datetime | None
    stopped: datetime | None = None
    is_answered: bool = False

    def is_late(self, now: datetime) -> bool:
        return self.due is not None and (self.stopped or now) > self.due


def judge(
    state: str,
    rounds: Iterable[Round],
    now: datetime,
    *,
    target: datetime | None = None,
    ended: datetime | None = None,
) -> Kept:
    """How the case stands at `now`. What was taken over as history has no rounds, only `target` and `ended`.

    A promise that had passed was not kept, however the case ended afterwards: taking it back, merging, referring or
    rejecting it does not mend that.
    """
    rounds, is_active = list(rounds), state in ACTIVE
    if not rounds and target is not None:
        if not is_active and ended is None:
            return Kept.LATE  # over, and nobody knows since when
        rounds = [Round(target, ended, state in ANSWERED)]
    if any(each.is_late(now) for each in rounds):
        return Kept.LATE
    if not rounds:
        return Kept.NO_TARGET
    last = rounds[-1]
    if is_active:
        return Kept.STANDING_STILL if last.due is None else Kept.NOT_YET_DUE
    if last.is_answered or state in ANSWERED:
        return Kept.ON_TIME
    return Kept(state)


def share(part: int, whole: int) -> float | None:
    """Per cent; None of nothing."""
    return 100 * part / whole if whole else None
