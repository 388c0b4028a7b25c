"""What the public edition tells of the times that cases were with agencies."""

from collections.abc import Mapping
from typing import Any

from reports.suppression.columns import STAYS, STAYS_TOLD
from reports.suppression.report import Marks
from reports.suppression.rows import Hidden, Row, short_stay


def public_stays(figures: Mapping[str, Any], marks: Marks) -> list[tuple[Row, Hidden]]:
    """The rows that are told, each with what is hidden in it."""
    if marks.is_bare:
        return []
    rows = [short_stay(row) for row in figures.get(STAYS, ()) if (STAYS, row["agency"]) in marks.told]
    return [(row, marks.hidden(STAYS, row["agency"]).intersection(STAYS_TOLD)) for row in rows]
