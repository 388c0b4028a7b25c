"""What a sample says about all the cases it was drawn from. Pure: no Django, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from complaints.intervals import wilson
from escalation.audits.agreement import Agreement, agreement

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Reviewed:
    """One case with all its reviews final: answers by code of question. `second` is None for one reviewer."""

    number: str
    rank: int
    first: Answers
    second: Answers | None = None
    agreed: Answers = field(default_factory=dict)

    def counted(self, code: str) -> str:
        """The answer that counts: what both agreed on, else the first reviewer's."""
        return self.agreed.get(code) or self.first[code]

    def is_unsettled(self, code: str) -> bool:
        """Whether the two differ and have not agreed."""
        return self.second is not None and self.first[code] != self.second[code] and code not in self.agreed


@dataclass(frozen=True)
class QuestionFigures:
    """How often a question was answered so, and the share of yes among yes and no with its 95 % interval.

    All fractions from 0 to 1; None where no case was one that the question applies to.
    """

    code: str
    yes: int
    no: int
    not_applicable: int
    share: float | None
    low: float | None
    high: float | None
    agreement: Agreement
    unsettled: int


def figures_of(code: str, cases: Sequence[Reviewed], frame_size: int) -> QuestionFigures:
    """One question over the reviewed cases of a sample from a frame of `frame_size`.

    How many cases of the frame the question applies to is not known; the interval takes it that they are as
    large a part of the frame as of the sample, so that a frame reviewed whole leaves no doubt.
    """
    given = [case.counted(code) for case in cases]
    yes, no = given.count(YES), given.count(NO)
    applicable = yes + no
    share = low = high = None
    if applicable:
        population = max(applicable, round(frame_size * applicable / len(given)))
        share = yes / applicable
        low, high = wilson(yes, applicable, population=population)
    pairs = [(case.first[code], case.second[code]) for case in cases if case.second is not None]
    unsettled = sum(case.is_unsettled(code) for case in cases)
    return QuestionFigures(
        code, yes, no, given.count(NOT_APPLICABLE), share, low, high, agreement(pairs), unsettled
    )


def figures(codes: Iterable[str], cases: Sequence[Reviewed], frame_size: int) -> list[QuestionFigures]:
    return [figures_of(code, cases, frame_size) for code in codes]


def overall(rows: Sequence[QuestionFigures]) -> tuple[int, int]:
    """Equal answers and pairs over all questions together."""
    return sum(row.agreement.same for row in rows), sum(row.agreement.pairs for row in rows)
