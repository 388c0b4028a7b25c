"""Whose a case was from when to when, and what of it counts for that person. Pure: no Django.

A turn begins when a case is named to an officer. A promise counts once: kept, for whoever answered, in the month of the
answer; passed, for whoever had the case at that moment, in the month in which it passed. So what was handed on before
counts with who got it, and what somebody did while another was away with who did it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from complaints.history.turns import ACCEPTED, ANSWERED, DISPUTED, GIVEN, Step

# Of the time from the beginning of the round to its promise; named later than this, a case came too late to be judged.
LATE_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Turn:
    """`until` None: they have it still. `is_answered`: it ended with an answer of theirs or of who stood in."""

    who: int
    agency: str
    first: datetime
    until: datetime | None = None
    is_answered: bool = False
    is_again: bool = False  # the same person's once more, after the citizen said no

    def covers(self, moment: datetime) -> bool:
        return self.first <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Answer:
    """`rating`: 1 to 4, of the last answer only."""

    who: int
    agency: str
    at: datetime
    is_disputed: bool = False
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """The first promise of one round (decision 42). `stopped` None: it runs. `is_done`: an answer stopped it."""

    began: datetime
    due: datetime
    stopped: datetime | None = None
    is_done: bool = False

    @property
    def is_kept(self) -> bool:
        return self.is_done and self.stopped is not None and self.stopped <= self.due

    def has_passed(self, now: datetime) -> bool:
        return self.due < (self.stopped or now)


@dataclass(frozen=True, slots=True)
class History:
    turns: tuple[Turn, ...]
    answers: tuple[Answer, ...]
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A month, half-open, and the beginning of the month before it."""

    before: datetime
    first: datetime
    end: datetime

    def has(self, moment: datetime) -> bool:
        return self.first <= moment < self.end

    def had_before(self, moment: datetime) -> bool:
        return self.before <= moment < self.first


Key = tuple[int, str]  # who, and the code of the agency they had it at
# What is counted; each row of a page has all of them.
COUNTED = (
    "named",
    "answered",
    "handed_on",
    "open_at_end",
    "in_time",
    "late",
    "late_while_away",
    "late_after_leaving",
    "came_late_in_time",
    "came_late_late",
    "answered_before",
    "disputed_before",
    "rated_before",
    "rated_well_before",
)
WELL = 3  # of 4


def read_steps(
    steps: Iterable[Step], rating: int | None = None
) -> tuple[tuple[Turn, ...], tuple[Answer, ...]]:
    """The turns and answers of a case, from its steps in their order."""
    turns: list[Turn] = []
    answers: list[Answer] = []
    running: Turn | None = None
    last: Turn | None = None  # that the citizen's no gives back
    agency = ""
    for step in steps:
        if step.kind == DISPUTED:
            if answers:
                answers[-1] = _disputed(answers[-1])
            running = Turn(last.who, last.agency, step.at, is_again=True) if last else None
            continue
        if running is not None:
            turns.append(_ended(running, step))
        last = running if step.kind == ANSWERED else None
        running = None
        if step.kind == GIVEN:
            agency = step.agency
        elif step.kind == ACCEPTED and step.who is not None:
            running = Turn(step.who, agency, step.at)
        elif step.kind == ANSWERED and step.who is not None:
            answers.append(Answer(step.who, agency, step.at))
    if running is not None:
        turns.append(running)
    if answers and rating is not None:
        at_last = answers[-1]
        answers[-1] = Answer(at_last.who, at_last.agency, at_last.at, at_last.is_disputed, rating)
    return tuple(turns), tuple(answers)


def _disputed(answer: Answer) -> Answer:
    return Answer(answer.who, answer.agency, answer.at, is_disputed=True)


def _ended(turn: Turn, step: Step) -> Turn:
    return Turn(turn.who, turn.agency, turn.first, step.at, step.kind == ANSWERED, turn.is_again)


@dataclass
class Count:
    """Adds the histories of cases up, for each person and agency."""

    span: Span
    now: datetime
    away: set[tuple[int, datetime]]  # who was away at a moment at which a promise passed
    there: set[Key] | None = None  # who is at which agency now; None: all are where they were

    def of(self, histories: Iterable[History]) -> dict[Key, Counter[str]]:
        found: dict[Key, Counter[str]] = {}
        for history in histories:
            for key, what in self._counted(history):
                found.setdefault(key, Counter())[what] += 1
        return found

    def _counted(self, history: History) -> list[tuple[Key, str]]:
        rows: list[tuple[Key, str]] = []
        for turn in history.turns:
            key = (turn.who, turn.agency)
            rows += [(key, "named")] * (self.span.has(turn.first) and not turn.is_again)
            rows += [(key, "open_at_end")] * (turn.covers(self.span.end) and self._is_there(key))
            left = turn.until is not None and self.span.has(turn.until) and not turn.is_answered
            rows += [(key, "handed_on")] * left
        for answer in history.answers:
            key = (answer.who, answer.agency)
            rows += [(key, "answered")] * self.span.has(answer.at)
            rows += [(key, what) for what in self._before(answer)]
        rows += [row for promise in history.promises for row in self._judged(history, promise)]
        return rows

    def _before(self, answer: Answer) -> list[str]:
        """What became of an answer of the month before, which its citizen has had weeks to speak on."""
        if not self.span.had_before(answer.at):
            return []
        rated = answer.rating is not None
        said = (
            ("answered_before", True),
            ("disputed_before", answer.is_disputed),
            ("rated_before", rated),
            ("rated_well_before", rated and (answer.rating or 0) >= WELL),
        )
        return [what for what, is_so in said if is_so]

    def _judged(self, history: History, promise: Promise) -> list[tuple[Key, str]]:
        if promise.is_kept:
            assert promise.stopped is not None
            if not self.span.has(promise.stopped):
                return []
            by = [answer for answer in history.answers if answer.at == promise.stopped]
            return [((answer.who, answer.agency), self._kept(history, promise, answer)) for answer in by[:1]]
        if not self.span.has(promise.due) or not promise.has_passed(self.now):
            return []
        return [
            ((turn.who, turn.agency), self._passed(turn, promise))
            for turn in history.turns
            if turn.covers(promise.due)
        ]

    def _kept(self, history: History, promise: Promise, answer: Answer) -> str:
        own = [turn for turn in history.turns if turn.who == answer.who and turn.until == answer.at]
        return "came_late_in_time" if own and came_late(own[0], promise) else "in_time"

    def _is_there(self, key: Key) -> bool:
        """A case keeps the name of who left until somebody takes it on; it is no more theirs than anybody's."""
        return self.there is None or key in self.there

    def _passed(self, turn: Turn, promise: Promise) -> str:
        if not self._is_there((turn.who, turn.agency)):
            return "late_after_leaving"
        if (turn.who, promise.due) in self.away:
            return "late_while_away"
        return "came_late_late" if came_late(turn, promise) else "late"


def came_late(turn: Turn, promise: Promise) -> bool:
    """Whether so little was left when the case was named that its promise says nothing of this person."""
    return turn.first > promise.began + LATE_SHARE * (promise.due - promise.began)
