"""What counting a report again gives otherwise, and why, in a few lines of each language.

Only of main figures that the public edition shows, both then and now: whoever stands aside from a case reads this too.
"""

import logging
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reports.figures.differences import Difference, differences
from reports.figures.snapshot import Snapshot
from reports.pages.differences import in_words
from reports.pages.words import HIDDEN
from reports.publication.face import face_of
from reports.publication.keeping import snapshot_of
from reports.publication.models import ReportSnapshot
from reports.publication.models.report import LANGUAGES

logger = logging.getLogger(__name__)
MOST = 60
NOT_COMPARABLE = gettext_noop(
    "What differs cannot be said: the figures before were counted under another key of this server, or by an older "
    "version of Tuntas."
)


def lines_between(old: ReportSnapshot, new: Snapshot) -> dict[str, list[str]]:
    """By language; empty lists where every figure is the same."""
    shown = _shown(old.face) & _shown(face_of(new))
    found = _told(old, new)
    lines = {}
    for language in LANGUAGES:
        with translation.override(language):
            if found is None:
                lines[language] = [_(NOT_COMPARABLE)]
            else:
                main = [each for each in found if not each.group and each.code in shown]
                lines[language] = in_words(main, new.data)[:MOST]
    return lines


def _told(old: ReportSnapshot, new: Snapshot) -> list[Difference] | None:
    """None where the two cannot be laid side by side; the new count is as good for that."""
    try:
        return differences(snapshot_of(old), new)
    except ValueError:  # NotComparable is one
        logger.warning("snapshot %d cannot be compared with a new count", old.pk, exc_info=True)
        return None


def _shown(face: dict[str, Any]) -> set[str]:
    return {row["code"] for row in face[LANGUAGES[0]]["details"] if row["now"] != HIDDEN}
