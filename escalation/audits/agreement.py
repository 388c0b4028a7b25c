"""How far two reviewers agree, beyond what chance would give. Pure: no Django.

Cohen's kappa (1960): (seen − chance) / (1 − chance), where chance is the agreement of two people who give
their answers as often as these two did, but at random.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Remark(StrEnum):
    """What has to be known to read a kappa."""

    NONE = ""
    NO_PAIRS = "no_pairs"  # nothing was reviewed twice
    ONE_ANSWER = "one_answer"  # both gave one and the same answer always: chance explains all, no kappa
    ONE_CONSTANT = "one_constant"  # one of them gave a single answer always: kappa is 0 whatever they share
    FEW = "few"


FEW_PAIRS = 10  # below, one answer more or less moves kappa by a lot


@dataclass(frozen=True)
class Agreement:
    """`same` of `pairs` answers were equal. `kappa` is None where it is not defined; `remark` says why."""

    pairs: int
    same: int
    kappa: float | None
    remark: Remark

    @property
    def share(self) -> float | None:
        return self.same / self.pairs if self.pairs else None


def agreement(answers: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Over pairs (first reviewer's answer, second reviewer's answer)."""
    pairs = list(answers)
    if not pairs:
        return Agreement(0, 0, None, Remark.NO_PAIRS)
    first, second = Counter(a for a, _b in pairs), Counter(b for _a, b in pairs)
    total, same = len(pairs), sum(a == b for a, b in pairs)
    # Whole numbers as long as possible: chance × total², so that "all by chance" is told exactly.
    chance = sum(count * second[answer] for answer, count in first.items())
    if chance == total * total:
        return Agreement(total, same, None, Remark.ONE_ANSWER)
    kappa = (total * same - chance) / (total * total - chance)
    if len(first) == 1 or len(second) == 1:
        return Agreement(total, same, kappa, Remark.ONE_CONSTANT)
    return Agreement(total, same, kappa, Remark.FEW if total < FEW_PAIRS else Remark.NONE)
