"""What counting a report again gives otherwise, and why, in a few lines of each language.

Only of main figures that the public edition shows, both then and now: whoever stands aside from a case reads this too.
"""

from typing import Any

from django.utils import translation

from reports.figures.differences import differences
from reports.figures.snapshot import Snapshot
from reports.pages.differences import in_words
from reports.pages.words import HIDDEN
from reports.publication.face import face_of
from reports.publication.keeping import snapshot_of
from reports.publication.models import ReportSnapshot
from reports.publication.models.report import LANGUAGES

MOST = 60


def lines_between(old: ReportSnapshot, new: Snapshot) -> dict[str, list[str]]:
    """By language; empty lists where every figure is the same."""
    shown = _shown(old.face) & _shown(face_of(new))
    found = [each for each in differences(snapshot_of(old), new) if not each.group and each.code in shown]
    lines = {}
    for language in LANGUAGES:
        with translation.override(language):
            lines[language] = in_words(found, new.data)[:MOST]
    return lines


def _shown(face: dict[str, Any]) -> set[str]:
    return {row["code"] for row in face[LANGUAGES[0]]["details"] if row["now"] != HIDDEN}
