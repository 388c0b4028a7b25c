"""What a call-back says about all reports that it was drawn from. Pure: no Django, no clock."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from complaints.intervals import wilson

DONE, PARTLY, NOT_DONE = "done", "partly", "not_done"
REFUSED, NOT_REACHED, SILENT = "refused", "not_reached", "silent"
ANSWERS = (DONE, PARTLY, NOT_DONE)
OUTCOMES = (*ANSWERS, REFUSED, NOT_REACHED, SILENT)
FEWEST = 10  # answers, below which nothing is shown of them


@dataclass(frozen=True)
class Tally:
    """asked = done + partly + not done + refused + not reached + silent. `typed`: of the answers, those of calls."""

    asked: int
    done: int = 0
    partly: int = 0
    not_done: int = 0
    refused: int = 0
    not_reached: int = 0
    silent: int = 0
    typed: int = 0

    @classmethod
    def of(cls, outcomes: Iterable[tuple[str, bool]]) -> "Tally":
        """From how each case that was drawn ended, and whether staff typed it."""
        rows = list(outcomes)
        counts = Counter(said for said, _typed in rows)
        typed = sum(is_typed for said, is_typed in rows if said in ANSWERS)
        return cls(len(rows), typed=typed, **{name: counts[name] for name in OUTCOMES})

    @classmethod
    def from_json(cls, data: Mapping[str, int]) -> "Tally":
        return cls(**data)

    def as_json(self) -> dict[str, int]:
        return asdict(self)

    @property
    def answered(self) -> int:
        return self.done + self.partly + self.not_done

    @property
    def unanswered(self) -> int:
        return self.asked - self.answered

    @property
    def is_shown(self) -> bool:
        return self.answered >= FEWEST

    def share_done(self, population: int) -> tuple[float, float, float] | None:
        """Of those who answered the share that says it was done, with its 95 % interval, in per cent; None while too
        few answered. The interval is narrower the more of the `population` answered. "Partly" is not done."""
        if not self.is_shown:
            return None
        low, high = wilson(self.done, self.answered, population=population)
        return 100 * self.done / self.answered, 100 * low, 100 * high

    @property
    def bounds(self) -> tuple[float, float]:
        """The share of all that were asked, in per cent, if whoever did not answer had said no, and if yes."""
        return 100 * self.done / self.asked, 100 * (self.done + self.unanswered) / self.asked
