"""The means of a round's elements, as the sweep needs them when the round has closed."""

from escalation.promises.choosing import ElementMean
from escalation.promises.effect_figures import Point
from escalation.promises.models.commitment import Commitment
from surveys.index.counting import answers_frame, count
from surveys.index.figures import index_of
from surveys.questionnaires.models import Question
from surveys.rounds.models import Response, Round


def elements_of(survey_round: Round) -> list[ElementMean] | None:
    """Each element that somebody answered; None where the round is not counted yet."""
    questions = Question.objects.filter(section__version=survey_round.version_id).exclude(element="")
    columns = dict(questions.values_list("key", "element"))
    answers = Response.objects.filter(round=survey_round).order_by("id").values_list("answers", flat=True)
    moments = count(answers_frame(answers.iterator(chunk_size=2000), list(columns)), columns)
    found = index_of(moments, population=survey_round.population)
    return [
        ElementMean(each.key, float(each.mean), each.low, each.high, each.answered)
        for each in found.elements
        if each.mean is not None
    ]


def points_of(element: str, row: Commitment) -> list[Point]:
    """The mean of an element over the rounds of the unit, about the service of the promise or about all."""
    return []
