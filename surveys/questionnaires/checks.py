"""What keeps a version from being published, and what its author should think about."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.questionnaires.asking import Asked, Questionnaire, questionnaire
from surveys.questionnaires.models import Element, Question, Survey, SurveyVersion

Type = Question.Type
SCALE_VALUES = ["1", "2", "3", "4"]
MOST_AFTER_CASE = 3
MANY = 25
AFTER_CASE_KEYS = {"satisfaction": Type.SCALE, "solved": Type.YES_NO}  # what its index is made of


@dataclass(frozen=True)
class Problem:
    words: str
    key: str = ""  # of the question it is about
    stops: bool = True  # or is only to be thought about


def problems(version: SurveyVersion) -> list[Problem]:
    """In the order in which they stand on the page; those that stop it first."""
    asked = _whole(version)
    found = [*_of_all(asked), *(problem for question in asked for problem in _of_question(asked, question))]
    return sorted(found, key=lambda problem: not problem.stops)


def _whole(version: SurveyVersion) -> Questionnaire:
    """With the question for the service, which is asked in some rounds only."""
    asked = questionnaire(version)
    rows = Question.objects.filter(section__version=version)
    missing = [Asked(row) for row in rows.filter(type=Type.SERVICE)]
    asked.by_key |= {row.key: row for row in missing}
    return asked


def _of_all(asked: Questionnaire) -> Iterator[Problem]:
    version, rows = asked.version, [row.question for row in asked]
    if not rows:
        yield Problem(_("It asks nothing yet."))
    if not version.survey.name_en or bool(version.intro_id) != bool(version.intro_en):
        yield Problem(_("The name or the introduction lacks one of the two languages."))
    for page in asked.pages:
        if not page.section.name_en:
            yield Problem(_("The section “%(name)s” has no English name.") % {"name": page.section.name_id})
    elements = [row.element for row in rows if row.element]
    for element in sorted({row for row in elements if elements.count(row) > 1}):
        label = Element(element).label
        yield Problem(_("The element “%(element)s” is asked twice.") % {"element": label})
    if version.survey.purpose == Survey.Purpose.NATIONAL:
        missing = [str(element.label) for element in Element if element not in elements]
        if missing:
            words = _("The national survey has to ask all nine elements. Missing: %(elements)s.")
            yield Problem(words % {"elements": ", ".join(missing)})
    if version.survey.purpose == Survey.Purpose.AFTER_CASE:
        yield from _after_case(asked)
    if len(rows) > MANY:
        words = _("%(count)d questions are many. The longer it is, the fewer people answer to the end.")
        yield Problem(words % {"count": len(rows)}, stops=False)


def _after_case(asked: Questionnaire) -> Iterator[Problem]:
    if len(asked.by_key) > MOST_AFTER_CASE:
        yield Problem(_("After a report no more than three questions are asked."))
    for key, kind in AFTER_CASE_KEYS.items():
        if key not in asked.by_key or asked.by_key[key].question.type != kind:
            words = _("After a report the question “%(key)s” has to be asked, of the type: %(type)s.")
            yield Problem(words % {"key": key, "type": kind.label})


def _of_question(asked: Questionnaire, row: Asked) -> Iterator[Problem]:
    question = row.question
    for words in (*_language(row), *_options(row), _limits(question), _unreachable(asked, row)):
        if words:
            yield Problem(words, row.key)
    if question.element and question.show_if_key:
        words = _("An element that is not shown to everybody is compared badly.")
        yield Problem(words, row.key, stops=False)
    if question.type == Type.TEXT and not question.help_id:
        words = _("Ask people not to write names or telephone numbers here.")
        yield Problem(words, row.key, stops=False)


def _language(row: Asked) -> Iterator[str]:
    question = row.question
    if not question.text_id or not question.text_en or bool(question.help_id) != bool(question.help_en):
        yield _("It lacks one of the two languages.")
    if any(not option.id or not option.en for option in row.options if question.type != Type.SERVICE):
        yield _("An answer to choose from lacks one of the two languages.")


def _options(row: Asked) -> Iterator[str]:
    values = [option.value for option in row.options]
    if row.question.type == Type.SCALE and values != SCALE_VALUES:
        yield _("A scale has four steps.")
    elif row.question.type in Question.WITH_OPTIONS and len(values) < 2:
        yield _("There have to be at least two answers to choose from.")
    elif len(set(values)) < len(values):
        yield _("Two answers to choose from are the same.")


def _limits(question: Question) -> str:
    least, most = question.minimum, question.maximum
    if least is None or most is None or least <= most:
        return ""
    return _("The least is more than the most.")


def _unreachable(asked: Questionnaire, row: Asked) -> str:
    """Why nobody would ever see this question; nothing when somebody would."""
    if not row.question.show_if_key:
        return ""
    order = list(asked.by_key)
    source = asked.by_key.get(row.question.show_if_key)
    if source is None:
        return _("It is shown after a question that is not there.")
    if order.index(source.key) >= order.index(row.key):
        return _("It is shown after a question that comes later.")
    offered = {option.value for option in source.options}
    if not offered & set(map(str, row.question.show_if_values)):
        return _("It is shown after an answer that is not offered.")
    if set(map(str, row.question.show_if_values)) - offered:
        return _("One of the answers it is shown after is not offered any more.")
    return ""
