"""What of this room's tables the ledger's own entries hold fast (complaints/history/rows.py)."""

from django.db.models import Q

from complaints.history.rows import Table
from surveys.index.models import PublishedIndex, RoundResult

OWN_ROWS = (
    Table.of_entries("round_result", RoundResult, only=Q(is_final=True), salt="salt"),
    # Everybody reads what an office has published.
    Table.of_entries(
        "published_index",
        PublishedIndex,
        plain=["number", "name", "period", "source", "means", "weighted", "taken_back_because"],
    ),
)
