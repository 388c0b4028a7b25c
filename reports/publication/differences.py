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
from reports.publication.keeping import is_as_kept, snapshot_of
from reports.publication.models import ReportSnapshot
from reports.publication.models.report import LANGUAGES

logger = logging.getLogger(__name__)
MOST = 60
NOT_COMPARABLE = gettext_noop(
    "What differs cannot be said: the figures before were counted under another key of this server, or by an older "
    "version of Tuntas."
)


ALTERED = gettext_noop(
    "What differs cannot be said: the figures before are not as they were counted, their SHA-256 is another than the "
    "one that was kept. Somebody changed what is stored; an administrator has to look at it (verify_ledger)."
)


class OtherThanKept(Exception):
    """What is stored of a snapshot has not the digest that its row says."""


def lines_between(old: ReportSnapshot, new: Snapshot) -> dict[str, list[str]]:
    """By language; empty lists where every figure is the same."""
    try:
        found, silent = _told(old, new), NOT_COMPARABLE
    except OtherThanKept:
        logger.error("snapshot %d is another than was kept", old.pk)
        found, silent = None, ALTERED
    shown = _shown(old.face) & _shown(face_of(new))
    lines = {}
    for language in LANGUAGES:
        with translation.override(language):
            if found is None:
                lines[language] = [_(silent)]
            else:
                main = [each for each in found if not each.group and each.code in shown]
                lines[language] = in_words(main, new.data)[:MOST]
    return lines


def _told(old: ReportSnapshot, new: Snapshot) -> list[Difference] | None:
    """None where the two cannot be laid side by side; the new count is as good for that. OtherThanKept."""
    try:
        before = snapshot_of(old)
    except ValueError as error:
        if not is_as_kept(old):
            raise OtherThanKept from error
        logger.warning("snapshot %d is of an older version", old.pk, exc_info=True)
        return None
    if before.digest != old.digest:
        raise OtherThanKept
    try:
        return differences(before, new)
    except ValueError:  # NotComparable is one
        logger.warning("snapshot %d cannot be compared with a new count", old.pk, exc_info=True)
        return None


def _shown(face: dict[str, Any]) -> set[str]:
    return {row["code"] for row in face[LANGUAGES[0]]["details"] if row["now"] != HIDDEN}
