"""What stands of a case on the ladder: the levels called, the words given, who is charged with it until when.

Pure: lists of escalations of one case, nothing asked of the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from escalation.ladder.models import DATED, Decision, Escalation, EscalationState


@dataclass(frozen=True)
class Round:
    """What counts of the escalations of a case, and of these the open ones and the words that stand."""

    all: list[Escalation]
    open: list[Escalation]
    words: list[Escalation]

    @classmethod
    def of(cls, escalations: Iterable[Escalation], began: datetime | None) -> "Round":
        counting = of_this_round(escalations, began)
        return cls(counting, [e for e in counting if e.is_open], words_that_stand(counting))


def of_this_round(escalations: Iterable[Escalation], began: datetime | None) -> list[Escalation]:
    """Those that count: not lifted, and not settled by the answer that is disputed now, or by the referral that
    came back."""
    found = [e for e in escalations if e.state != EscalationState.LIFTED]
    if began is None:
        return found
    return [e for e in found if e.is_open or (e.decided_at is not None and e.decided_at >= began)]


def words_that_stand(round_: list[Escalation]) -> list[Escalation]:
    """The dated decisions that no later one, made on the same level or above, took the place of. Of several
    decided by one word the highest stands for all."""
    words = [e for e in round_ if e.decision in DATED]
    return [e for e in words if not any(_replaces(other, e) for other in words)]


def _replaces(other: Escalation, word: Escalation) -> bool:
    assert other.decided_at is not None
    assert word.decided_at is not None
    if other.level < word.level:
        return False
    return (other.decided_at, other.level, -other.id) > (word.decided_at, word.level, -word.id)


def highest_called(round_: list[Escalation]) -> Escalation | None:
    """The newest escalation on the highest level that was called."""
    return max(round_, key=lambda e: (e.level, e.raised_at, e.id or 0), default=None)


def charged_until(round_: Round, now: datetime) -> list[datetime]:
    """The days ahead until which somebody is charged with the case: to acknowledge, to decide, to see a word
    heeded, or to look again after finding no ground."""
    standing = round_.words + round_.open
    standing += [e for e in round_.all if e.decision == Decision.UNFOUNDED]
    return [e.due_at for e in standing if e.due_at > now]
