"""Surveys that tests ask: small ones of their own, and those that come with the system."""

from itertools import count
from typing import Any

from config.fixtures import load_surveys
from surveys.questionnaires.content import digest_of
from surveys.questionnaires.models import Question, Section, Survey, SurveyVersion

_serial = count(1)
STEPS = [
    {"value": "1", "id": "Buruk", "en": "Bad"},
    {"value": "2", "id": "Cukup", "en": "Fair"},
    {"value": "3", "id": "Baik", "en": "Good"},
    {"value": "4", "id": "Sangat baik", "en": "Very good"},
]
COLOURS = [
    {"value": "red", "id": "Merah", "en": "Red"},
    {"value": "green", "id": "Hijau", "en": "Green"},
    {"value": "blue", "id": "Biru", "en": "Blue"},
]


def make_version(*questions: dict[str, Any], **fields: Any) -> SurveyVersion:
    """A survey of one section; each question needs `key` and `type`. In preparation unless `published_at` is given."""
    published = fields.pop("published_at", None)
    fields = {"code": f"survey-{next(_serial)}", "name_id": "Survei", "name_en": "Survey"} | fields
    survey, _is_new = Survey.objects.get_or_create(code=fields.pop("code"), defaults=fields)
    version = SurveyVersion.objects.create(survey=survey, number=survey.versions.count() + 1)
    section = Section.objects.create(version=version, position=1, name_id="Bagian", name_en="Section")
    for position, question in enumerate(questions, start=1):
        Question.objects.create(
            section=section,
            position=position,
            **{"text_id": f"Apa {question['key']}?", "text_en": f"What {question['key']}?"} | question,
        )
    if published:
        SurveyVersion.objects.filter(pk=version.pk).update(published_at=published, digest=digest_of(version))
        version.refresh_from_db()
    return version


def national() -> SurveyVersion:
    """The nine-element survey as it comes with the system."""
    load_surveys()
    return SurveyVersion.objects.get(survey__code="skm", number=1)


def after_case() -> SurveyVersion:
    load_surveys()
    return SurveyVersion.objects.get(survey__code="after-case", number=1)
