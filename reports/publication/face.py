"""What the page of a report shows of its snapshot: worked out once, when it is counted, in both languages.

The one place of this room that knows how figures are put into words (reports/pages/).
"""

from typing import Any

from django.utils import translation

from reports.figures.snapshot import Snapshot
from reports.pages.main import (
    MAIN,
    detail_rows,
    hidden_main,
    key_figures,
    marks_alone,
    says_nothing,
    title_of,
    titles_of,
)
from reports.pages.summary import summary
from reports.publication.models.report import LANGUAGES
from reports.suppression.report import Marks


def face_of(snapshot: Snapshot, marks: Marks | None = None) -> dict[str, Any]:
    """`{language: {"figures", "details", "sentences"}}` of the public edition; `marks`: what was decided to hide."""
    marks = marks or marks_alone(snapshot.figures)
    return {language: _in(language, snapshot, marks) for language in LANGUAGES}


def _in(language: str, snapshot: Snapshot, marks: Marks) -> dict[str, Any]:
    with translation.override(language):
        figures = snapshot.figures
        # No table of the period before is printed.
        before = hidden_main(marks.before)
        rows = detail_rows(figures, hidden_main(marks.main), before)
        return {
            "figures": [
                {"code": each.code, "title": each.label, "value": each.value, "note": each.before}
                for each in key_figures(rows, figures)
            ],
            "details": [
                {"code": code, "title": title, "now": now, "before": past, "change": change}
                for code, (title, now, past, change) in zip(MAIN, rows, strict=True)
            ],
            "sentences": [
                {"key": each.key, "text": each.text, "figures": list(each.figures)}
                for each in summary(snapshot, public=True, marks=marks)
            ],
        }


def told(details: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows that say something, and what the others are called."""
    silent = [row["code"] for row in details if says_nothing(row["now"], row["before"])]
    return [row for row in details if row["code"] not in silent], titles_of(silent)


def figure_choices(face: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures of a face by code, in the reader's language: what a remark can stand beside."""
    shown = face[language()]
    return [(row["code"], row["title"]) for row in shown["details"]]


def language() -> str:
    """The reader's, as faces have it."""
    found = (translation.get_language() or "id")[:2]
    return found if found in LANGUAGES else "id"


def figure_title(face: dict[str, Any], code: str) -> str:
    return dict(figure_choices(face)).get(code) or title_of(code)
