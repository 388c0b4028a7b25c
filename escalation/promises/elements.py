"""The means of a round's elements, read from what is kept of each round (surveys/index)."""

from django.db.models import QuerySet

from accounts.models import Agency
from complaints.models import Service
from escalation.promises.choosing import ElementMean
from escalation.promises.effect_figures import Point
from escalation.promises.models.commitment import Commitment, SourceKind
from surveys.index.counted import FORMAT
from surveys.index.course import element_course, final_results, result_index
from surveys.rounds.models import Round, RoundState


def counted_rounds() -> QuerySet[Round]:
    """Those of which `elements_of` knows the means."""
    return Round.objects.filter(state=RoundState.CLOSED, result__is_final=True, result__format=FORMAT)


def elements_of(survey_round: Round) -> list[ElementMean] | None:
    """Each element that somebody answered; None where the round is not counted yet."""
    result = final_results().filter(round=survey_round).first()
    if result is None:
        return None
    return [
        ElementMean(each.key, float(each.mean), each.low, each.high, each.answered)
        for each in result_index(result).elements
        if each.mean is not None
    ]


def points_of(element: str, row: Commitment) -> list[Point]:
    """The mean of an element over the rounds of the unit: of those that asked as the round behind the promise did; else
    of those about its service; else of those about all services."""
    source = row.sources.filter(kind=SourceKind.SURVEY_ELEMENT, element=element).select_related(
        "survey_round__agency", "survey_round__service"
    )
    found = source.order_by("-survey_round__closes_on").first()
    asked: list[tuple[Agency, Service | None]]
    if found is not None and found.survey_round is not None:
        asked = [(found.survey_round.agency, found.survey_round.service)]
    elif row.service is not None:
        asked = [(row.service.agency, row.service), (row.service.agency, None)]
    else:
        asked = [(row.agency, None)]
    for agency, service in asked:
        if points := element_course(element, agency, service):
            return [
                Point(each.opens_on, each.closes_on, each.mean, each.low, each.high, each.answered)
                for each in points
            ]
    return []
