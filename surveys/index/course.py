"""How an element or an index went over the rounds of a unit, read from what is kept."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import Agency
from complaints.models import Service
from surveys.index.bands import bands_on
from surveys.index.counted import FORMAT, moments_of
from surveys.index.figures import ElementFigure, Index, index_of
from surveys.index.models import RoundResult
from surveys.index.suppression import SMALL
from surveys.questionnaires.models import Survey
from surveys.rounds.models import Round, RoundState


@dataclass(frozen=True)
class ElementPoint:
    """The mean of one element in one round, 1 to 4, with its interval at 95 %."""

    round: Round
    figure: ElementFigure

    @property
    def opens_on(self) -> date:
        return self.round.opens_on

    @property
    def closes_on(self) -> date:
        return self.round.closes_on

    @property
    def answered(self) -> int:
        return self.figure.answered

    @property
    def mean(self) -> float:
        return float(self.figure.mean or 0)

    @property
    def low(self) -> float | None:
        return self.figure.low

    @property
    def high(self) -> float | None:
        return self.figure.high


def result_index(result: RoundResult) -> Index:
    """The index of a kept result; `result.round` should be loaded. The one way from what is kept to a figure."""
    row = result.round
    return index_of(moments_of(result.data), population=row.population or None, bands=bands_on(row.closes_on))


def final_results() -> QuerySet[RoundResult]:
    """Of closed rounds, none annulled, the first to open first."""
    rows = RoundResult.objects.filter(is_final=True, format=FORMAT, round__state=RoundState.CLOSED)
    return (
        rows.select_related("round__agency", "round__service", "round__version__survey")
        .defer("lines")
        .order_by("round__opens_on", "round_id")
    )


def element_course(element: str, agency: Agency, service: Service | None = None) -> list[ElementPoint]:
    """Its mean in each closed national round of the unit, oldest first; `service` None: the rounds about all of its
    services. Rounds in which fewer than ten answered it are left out."""
    rows = final_results().filter(
        round__agency=agency,
        round__service=service,
        round__version__survey__purpose=Survey.Purpose.NATIONAL,
    )
    points = []
    for result in rows:
        figure = next((each for each in result_index(result).elements if each.key == element), None)
        if figure is not None and figure.answered >= SMALL:
            points.append(ElementPoint(result.round, figure))
    return points
