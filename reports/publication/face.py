"""What the page of a report shows of its snapshot: worked out once, when it is counted, in both languages.

The one place of this room that knows how figures are put into words (reports/pages/).
"""

from typing import Any

from django.utils import translation

from reports.figures.snapshot import Snapshot
from reports.pages.charts import Colours
from reports.pages.groups import Groups
from reports.pages.report import KEY_FIGURES, MAIN, detail_rows, hidden_main, key_figures, sentences, title_of
from reports.publication.models.report import LANGUAGES
from reports.suppression.report import decide
from reports.suppression.rows import Hidden


def face_of(snapshot: Snapshot) -> dict[str, Any]:
    """`{language: {"figures", "details", "sentences"}}` of the public edition."""
    figures = snapshot.figures
    groups = Groups(snapshot.data, Colours(**snapshot.data["city"]["colours"]), public=True)
    hidden = hidden_main(groups.totals)
    # No table of the period before is printed.
    whole = {code: value for code, value in figures["previous"].items() if not isinstance(value, list)}
    before = hidden_main(decide(whole)[0].main)
    return {language: _in(language, figures, hidden, before) for language in LANGUAGES}


def _in(language: str, figures: dict[str, Any], hidden: Hidden, before: Hidden) -> dict[str, Any]:
    with translation.override(language):
        rows = detail_rows(figures, hidden, before)
        keys = key_figures(rows)
        return {
            "figures": [
                {"code": code, "title": each.label, "value": each.value, "note": each.before}
                for code, each in zip(KEY_FIGURES, keys, strict=True)
            ],
            "details": [
                {"code": code, "title": title, "now": now, "before": past, "change": change}
                for code, (title, now, past, change) in zip(MAIN, rows, strict=True)
            ],
            "sentences": [
                {"key": str(place), "text": text, "figures": []}
                for place, text in enumerate(sentences(figures, hidden), start=1)
            ],
        }


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
