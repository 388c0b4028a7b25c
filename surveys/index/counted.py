"""Counts a round from its answers, for the row that is kept. Only the worker and commands come here.

The data: {"moments": …, "names": {item: {"id", "en"}}, "channels": {channel: count}, "typed", "flagged",
"corrected", "breakdowns": [{"key", "name": {"id", "en"}, "groups": [{"value", "label": {"id", "en"}, "moments"}]}]},
the moments of a hidden group None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from complaints.models import Service
from surveys.index.counting import Given, Masks, answers_frame, cells_of, given_in, masks_of
from surveys.index.moments import Moments
from surveys.index.suppression import SMALL, hidden_across
from surveys.questionnaires.asking import Asked, Questionnaire, questionnaire
from surveys.questionnaires.models import Element, Question, Survey
from surveys.rounds.models import TYPED_BY_STAFF, Channel, Response, Round

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
CHANNEL, FLAGGED = "_channel", "_flagged"
GROUPED = frozenset({Question.Type.CHOICE, Question.Type.YES_NO, Question.Type.SERVICE})
Names = dict[str, str]


def items_of(asked: Questionnaire) -> dict[str, str]:
    """Item by the key of its question: elements in the order of the regulation; of a survey without any, its own
    questions on the scale."""
    scales = [
        each.question
        for page in asked.pages
        if not page.section.is_profile
        for each in page.questions
        if each.question.type == Question.Type.SCALE
    ]
    if asked.version.survey.purpose != Survey.Purpose.NATIONAL:
        return {question.key: question.element or question.key for question in scales}
    by_element = {question.element: question.key for question in scales if question.element}
    return {by_element[element]: element for element in Element.values if element in by_element}


def grouped_by(asked: Questionnaire) -> list[Asked]:
    """The questions about the respondent that make groups."""
    return [
        each
        for page in asked.pages
        if page.section.is_profile
        for each in page.questions
        if each.question.type in GROUPED
    ]


def asked_in(row: Round) -> Questionnaire:
    """The questions of a round; a round of one service does not ask which."""
    services = [] if row.service_id else list(Service.objects.filter(agency_id=row.agency_id))
    return questionnaire(row.version, services=services)


@dataclass(frozen=True)
class Counted:
    """`responses`: how many answers count. `data`: as above. `lines`: of a round with enough respondents what each
    answered, a digit an item and 0 for none, sorted, so that they lie in no order of time."""

    responses: int
    data: dict[str, Any]
    lines: str


def counted(row: Round) -> Counted:
    asked = asked_in(row)
    items = items_of(asked)
    groups = grouped_by(asked)
    here = Response.objects.filter(round=row).order_by()
    answers = list(here.counting().values_list("answers", "channel", "flags"))
    columns = [*items, *(each.key for each in groups if each.key not in items)]
    frame = answers_frame((given for given, _channel, _flags in answers), columns)
    frame[CHANNEL] = [channel for _given, channel, _flags in answers]
    frame[FLAGGED] = ["yes" if flags else "no" for _given, _channel, flags in answers]
    given = given_in(frame, items)
    channels = {name: int((frame[CHANNEL] == name).sum()) for name in Channel.values}
    data = {
        "moments": given.moments().as_json(),
        "names": _names(asked, items),
        "channels": {name: n for name, n in channels.items() if n},
        "typed": sum(channels[name] for name in TYPED_BY_STAFF),
        "flagged": int((frame[FLAGGED] == "yes").sum()),
        "corrected": here.exclude(replaces=None).count(),
        "breakdowns": _breakdowns(frame, given, groups),
    }
    return Counted(len(answers), data, _lines(given))


def _names(asked: Questionnaire, items: Mapping[str, str]) -> dict[str, Names]:
    """The questions of a survey of the city's own; elements have names of their own in every language."""
    if asked.version.survey.purpose == Survey.Purpose.NATIONAL:
        return {}
    rows = {item: asked.by_key[key].question for key, item in items.items()}
    return {item: {"id": row.text_id, "en": row.text_en} for item, row in rows.items()}


def _lines(given: Given) -> str:
    rows = ["".join(map(str, steps)) for steps in given.steps.tolist() if any(steps)]
    return "\n".join(sorted(rows)) if len(rows) >= SMALL else ""


def _breakdowns(frame: pd.DataFrame, given: Given, groups: list[Asked]) -> list[dict[str, Any]]:
    """Of those who answered any item; groups of others are nobody's."""
    answering = (given.steps > 0).any(axis=1) if given.items else frame[CHANNEL].isna().to_numpy()
    offered: dict[str, dict[str, Names]] = {
        each.key: {option.value: {"id": option.id, "en": option.en} for option in each.options}
        for each in groups
    }
    offered[CHANNEL] = {name: {} for name in Channel.values}
    offered[FLAGGED] = {"yes": {}, "no": {}}
    named = {each.key: {"id": each.question.text_id, "en": each.question.text_en} for each in groups}
    masks = {group: mask & answering for group, mask in masks_of(frame, offered).items()}
    hidden = _hidden(masks, answering)
    return [
        {
            "key": key,
            "name": named.get(key, {}),
            "groups": [
                _group(value, label, given, masks[key, value], value in hidden[key])
                for value, label in values.items()
                if masks[key, value].any()
            ],
        }
        for key, values in offered.items()
    ]


def _group(value: str, label: Names, given: Given, mask: Any, is_hidden: bool) -> dict[str, Any]:
    return {"value": value, "label": label, "moments": None if is_hidden else given.moments(mask).as_json()}


def _hidden(masks: Masks, answering: Any) -> dict[str, frozenset[str]]:
    names = list(dict.fromkeys(key for key, _value in masks))
    return hidden_across(names, cells_of(names, masks, answering))


def moments_of(data: Mapping[str, Any]) -> Moments:
    return Moments.from_json(data["moments"])


def shown_groups(breakdown: Mapping[str, Any]) -> Iterable[tuple[Mapping[str, Any], Moments | None]]:
    """Each group with its moments, None where it is hidden."""
    for group in breakdown["groups"]:
        yield group, Moments.from_json(group["moments"]) if group["moments"] else None
