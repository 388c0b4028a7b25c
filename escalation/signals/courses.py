"""What happened to a case, as the rules of `rules.py` read it. Pure Python, no Django."""

from dataclasses import dataclass
from datetime import date, datetime

# Kinds of steps; what else happened to a case tells the rules nothing.
QUESTION, GIVEN, HANDED_BACK, ACCEPTED = "question", "given", "handed_back", "accepted"
ANSWER, DISPUTE, CORRECTED, EXTENDED = "answer", "dispute", "corrected", "extended"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `agency`: whose case it was then. `who`: the key of whoever did it, as text.

    `due` is the promise of the answer before the step, `due_after` the one after it; None while there was none.
    `stood_since`: since when the clock stands still before the step, with `due` as it was then.
    `words`: what an answer says to the citizen, None where it was erased.
    """

    kind: str
    at: datetime
    day: date  # in the city
    agency: str
    who: str = ""
    due: datetime | None = None
    due_after: datetime | None = None
    words: str | None = None
    stood_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A case from its receipt on. `was_promised`: whether a promise to answer ever ran."""

    case: int
    received_at: datetime
    day: date
    agency: str
    was_promised: bool
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One thing of which a rule asks whether it is a sign: `is_sign` says so."""

    case: int
    at: datetime
    agency: str
    is_sign: bool
