"""What a version asks, as one document: by its digest anybody can tell whether it is the one that was published."""

import json
from hashlib import sha256
from typing import Any

from surveys.questionnaires.models import SurveyVersion

_OF_QUESTION = (
    "key",
    "type",
    "element",
    "text_id",
    "text_en",
    "help_id",
    "help_en",
    "options",
    "minimum",
    "maximum",
    "is_required",
    "show_if_key",
    "show_if_values",
)
_OF_SECTION = ("name_id", "name_en", "is_profile")


def content_of(version: SurveyVersion) -> dict[str, Any]:
    sections = version.sections.order_by("position", "pk").prefetch_related("questions")
    return {
        "survey": version.survey.code,
        "version": version.number,
        "intro_id": version.intro_id,
        "intro_en": version.intro_en,
        "sections": [
            {name: getattr(section, name) for name in _OF_SECTION}
            | {
                "questions": [
                    {name: getattr(question, name) for name in _OF_QUESTION}
                    for question in sorted(section.questions.all(), key=lambda row: (row.position, row.pk))
                ]
            }
            for section in sections
        ],
    }


def digest_of(version: SurveyVersion) -> str:
    """The SHA-256, in hexadecimal digits, of the content as JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(content_of(version), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()
