"""The reviewed words of a report: one spelling, whose SHA-256 stands in the ledger.

{"report", "version", "snapshot", "sentences": {language: [{"key", "text", "figures", "is_edited"}]},
 "foreword": {"id", "en", "by"}, "answers": [{"figure", "remark", "answer"}]}
"""

import json
from typing import Any

from complaints.models.event import canonical
from reports.publication.models import Remark, Report, ReportSnapshot, SentenceEdit
from reports.publication.models.report import LANGUAGES


def sentences_of(report: Report, face: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """Each sentence of the summary as it stands: its own words, or those that somebody wrote. `is_stale`: they were
    written when the figures said something else."""
    edits = {edit.key: edit for edit in SentenceEdit.objects.filter(report=report, language=language)}
    found = []
    for each in face[language]["sentences"]:
        edit = edits.get(each["key"])
        found.append(
            {
                "key": each["key"],
                "text": edit.text if edit else each["text"],
                "own": each["text"],
                "figures": each["figures"],
                "is_edited": edit is not None,
                "is_stale": edit is not None and edit.made_from != each["text"],
            }
        )
    return found


def has_stale_sentences(report: Report, face: dict[str, Any]) -> bool:
    return any(each["is_stale"] for language in LANGUAGES for each in sentences_of(report, face, language))


def text_of(report: Report, snapshot: ReportSnapshot) -> str:
    said = ("key", "text", "figures", "is_edited")
    answers = report.remarks.filter(is_public=True).exclude(state=Remark.State.OPEN).order_by("pk")
    content = canonical(
        {
            "report": report.code,
            "version": report.version,
            "snapshot": snapshot.digest,
            "sentences": {
                language: [
                    {name: each[name] for name in said}
                    for each in sentences_of(report, snapshot.face, language)
                ]
                for language in LANGUAGES
            },
            "foreword": {
                "id": report.foreword_id,
                "en": report.foreword_en,
                "by": report.foreword_by,
            },
            "answers": [{"figure": row.figure, "remark": row.text, "answer": row.answer} for row in answers],
        }
    )
    return content.decode()


def read(content: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(content)
    return said
