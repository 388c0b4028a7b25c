"""What counting a report again gives otherwise, in a few lines of each language."""

from django.utils import translation
from django.utils.translation import gettext as _

from reports.figures.snapshot import Snapshot
from reports.publication.face import face_of
from reports.publication.models import ReportSnapshot
from reports.publication.models.report import LANGUAGES

MOST = 60


def lines_between(old: ReportSnapshot, new: Snapshot) -> dict[str, list[str]]:
    """By language; empty lists where every figure is the same."""
    now, lines = face_of(new), {}
    for language in LANGUAGES:
        with translation.override(language):
            lines[language] = _lines(old.face[language], now[language])[:MOST]
    return lines


def _lines(old: dict[str, list[dict[str, str]]], new: dict[str, list[dict[str, str]]]) -> list[str]:
    before = {row["code"]: row["now"] for row in old["details"]}
    return [
        _("%(figure)s: %(old)s then, %(new)s now")
        % {"figure": row["title"], "old": before.get(row["code"], "–"), "new": row["now"]}
        for row in new["details"]
        if before.get(row["code"]) != row["now"]
    ]
