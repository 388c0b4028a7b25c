"""What people said after their reports, by quarter: never mixed with the national index, and shown once the quarter
takes no more answers, since from one day's figures to the next a single answer could be read off."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from complaints.intervals import wilson
from complaints.shares import share_of
from surveys.aftercase.models import AfterCase, AfterCaseRound, Ending
from surveys.aftercase.quarters import next_quarter, quarter_of
from surveys.aftercase.services import ENDED_KEY
from surveys.index.figures import Index, index_of
from surveys.index.moments import STEPS, Moments
from surveys.index.suppression import SMALL, hidden_across, hidden_groups
from surveys.questionnaires.asking import NO, YES
from surveys.rounds.models import TYPED_BY_STAFF, Response, RoundState

ITEM = "satisfaction"
UNIT, ENDING = "unit", "ending"
FEW = 5  # cases: fewer could point to a person
COLUMNS = ("round_id", "channel", "answers__satisfaction", "answers__solved", f"answers__{ENDED_KEY}")


@dataclass
class Tally:
    """Counted answers: how many in all, by step of satisfaction, by yes and no, and typed by staff."""

    answers: int = 0
    steps: Counter[int] = field(default_factory=Counter)
    solved: Counter[str] = field(default_factory=Counter)
    typed: int = 0

    def add(self, other: "Tally") -> None:
        self.answers += other.answers
        self.steps.update(other.steps)
        self.solved.update(other.solved)
        self.typed += other.typed

    @property
    def index(self) -> Index:
        total = sum(self.steps.values())
        values = sum(step * count for step, count in self.steps.items())
        squares = sum(step * step * count for step, count in self.steps.items())
        counts = tuple(self.steps[step] for step in STEPS)
        left = self.answers - total
        return index_of(
            Moments(
                (ITEM,),
                total,
                total,
                left,
                (counts,),
                ((total,),),
                ((values,),),
                ((squares,),),
                (0,),
                (left,),
            )
        )

    @property
    def solved_total(self) -> int:
        return self.solved[YES] + self.solved[NO]

    @property
    def solved_share(self) -> tuple[float, float, float] | None:
        """Share, low and high in per cent; None where nobody said."""
        if not self.solved_total:
            return None
        low, high = wilson(self.solved[YES], self.solved_total)
        return 100 * self.solved[YES] / self.solved_total, 100 * low, 100 * high

    @property
    def solved_words(self) -> str:
        return share_of(self.solved[YES], self.solved_total)

    @property
    def typed_words(self) -> str:
        return share_of(self.typed, self.answers)


@dataclass
class Line:
    """A row of the page. `tally` is None where it is hidden: fewer than ten answered, or it could be worked out; so is
    `asked` of fewer than five, and as many more as it takes."""

    name: str
    answers: int
    asked: int | None
    tally: Tally | None
    code: str = ""  # of the unit or the ending

    @property
    def is_told(self) -> bool:
        """Whether its row says anything."""
        return self.tally is not None or self.asked is not None

    @property
    def rate(self) -> float | None:
        return 100 * self.answers / self.asked if self.asked else None


@dataclass
class Quarter:
    first: date
    is_complete: bool
    whole: Line
    units: list[Line]
    endings: list[Line]


def quarters() -> list[date]:
    """First days of those in which somebody was asked, the newest first."""
    days = AfterCase.objects.values_list("ended_on", flat=True).distinct()
    return sorted({quarter_of(day) for day in days}, reverse=True)


def quarter(first: date) -> Quarter:
    """In four queries, whatever was answered."""
    rounds = list(AfterCaseRound.objects.filter(quarter=first).select_related("agency", "round"))
    counted = [row for row in rounds if row.round.state != RoundState.ANNULLED]
    is_complete = bool(counted) and all(row.round.state == RoundState.CLOSED for row in counted)
    asked = _asked(first)
    told = _told(asked, {row.agency_id for row in counted})
    tallies = _tallies(Response.objects.filter(round__in=[row.round_id for row in counted]))
    hidden = hidden_across(
        (UNIT, ENDING), {(str(pk), ended): tally.answers for (pk, ended), tally in tallies.items()}
    )
    by_round, by_ending = _by(tallies, 0), _by(tallies, 1)
    whole = _sum(by_round.values())
    units = [
        Line(
            row.agency.local_name,
            by_round.get(row.round_id, Tally()).answers,
            told.get(row.agency_id),
            _shown(by_round.get(row.round_id), is_complete, str(row.round_id) in hidden[UNIT]),
            row.agency.code,
        )
        for row in sorted(counted, key=lambda row: row.agency.local_name)
    ]
    people = sum(asked.values())
    total = Line("", whole.answers, None if 0 < people < FEW else people, _shown(whole, is_complete))
    return Quarter(
        first, is_complete, total, units, _endings(by_ending, hidden[ENDING]) if is_complete else []
    )


def _endings(by_ending: dict[Any, Tally], hidden: Collection[str]) -> list[Line]:
    return [
        Line(
            str(ending.label),
            by_ending[ending].answers,
            None,
            _shown(by_ending[ending], True, ending in hidden),
            ending.value,
        )
        for ending in Ending
        if ending in by_ending
    ]


def _shown(tally: Tally | None, is_complete: bool, is_hidden: bool = False) -> Tally | None:
    return tally if tally and is_complete and not is_hidden and tally.answers >= SMALL else None


def _asked(first: date) -> dict[int, int]:
    rows = AfterCase.objects.filter(ended_on__gte=first, ended_on__lt=next_quarter(first)).order_by()
    return dict(rows.values_list("agency").annotate(count=Count("pk")))


def _told(asked: dict[int, int], units: set[int]) -> dict[int, int]:
    """Of how many units it is told how many were asked: not of fewer than five, nor of what would give these away."""
    counts = {str(pk): count for pk, count in asked.items()}
    elsewhere = {str(pk) for pk in asked.keys() - units}
    hidden = hidden_groups(counts, total=sum(asked.values()), also=elsewhere, few=FEW)
    return {pk: asked.get(pk, 0) for pk in units if str(pk) not in hidden}


def _tallies(responses: QuerySet[Response]) -> dict[tuple[int, str], Tally]:
    """By round and by how the case had ended."""
    found: dict[tuple[int, str], Tally] = {}
    for round_id, channel, step, solved, ended, count in (
        responses.order_by().values_list(*COLUMNS).annotate(count=Count("pk"))
    ):
        one = Tally(
            count,
            Counter({step: count} if step in STEPS else {}),
            Counter({solved: count} if solved in (YES, NO) else {}),
            count if channel in TYPED_BY_STAFF else 0,
        )
        found.setdefault((round_id, ended or ""), Tally()).add(one)
    return found


def _by(tallies: dict[tuple[int, str], Tally], place: int) -> dict[Any, Tally]:
    found: dict[Any, Tally] = {}
    for key, tally in tallies.items():
        found.setdefault(key[place], Tally()).add(tally)
    return found


def _sum(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole
