"""Computes a question: all at once for the command, or slice by slice for the worker."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Agency
from complaints.clock.city_time import day_of, zone
from escalation.whatif.collect import Reader, cases_in, policy_in_force, policy_proposed
from escalation.whatif.figures import Sums, Window, report
from escalation.whatif.proposal import Proposal
from escalation.whatif.replay import repeated, replay, stored

SLICE = 1000  # cases at a time: what is held in memory


@dataclass(frozen=True)
class Question:
    """Which days, whose cases (None: the whole city's), and under what."""

    first: date
    last: date
    agency: Agency | None
    proposal: Proposal
    asked_at: datetime

    def window(self) -> Window:
        """ValueError when the period has not begun."""
        return Window.of(self.first, self.last, zone(), self.asked_at)


class Run:
    """A question under way. `step` until it returns 0, then `result`; in between `sums` and `after` may be put away."""

    def __init__(self, question: Question, sums: dict[str, Any] | None = None, after: int = 0) -> None:
        self.question, self.after = question, after
        self.window = question.window()
        self.sums = Sums.from_json(sums) if sums else Sums.empty(self.window)
        self.in_force = policy_in_force()
        today = day_of(question.asked_at)
        self.proposed = policy_proposed(question.proposal, self.in_force, today)
        self._reader = Reader()
        self._cases = cases_in(self.window, question.agency)

    def step(self, size: int = SLICE) -> int:
        """Counts the next `size` cases; how many there were."""
        found = self._reader.facts(self._cases, self.after, size)
        until = self.window.until
        for pk, case in found:
            self.sums.add(
                case,
                stored(case),
                replay(case, self.in_force, until),
                replay(case, self.proposed, until),
                self.window,
            )
            self.after = pk
        return len(found)

    def result(self) -> dict[str, Any]:
        """The figures. Adds what looks across cases, so it is asked once, at the end."""
        for tally, policy in ((self.sums.in_force, self.in_force), (self.sums.proposed, self.proposed)):
            if policy.rules.look_across:
                arrivals = self._reader.arrivals(self._cases)
                tally.add_raised(repeated(arrivals, policy, self.window.until), self.window)
        question = self.question
        return {
            "from": question.first.isoformat(),
            "to": question.last.isoformat(),
            "since": self.window.start.isoformat(),
            "until": self.window.until.isoformat(),
            "agency": question.agency.code if question.agency else "",
            **report(self.sums, self.window),
        }


def answer(question: Question) -> dict[str, Any]:
    """The whole answer at once. ValueError when the period has not begun."""
    run = Run(question)
    while run.step():
        pass
    return run.result()
