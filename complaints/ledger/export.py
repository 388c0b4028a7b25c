"""The whole history for an auditor: every event's body in the order of the tree, without anybody's words."""

from collections.abc import Iterator
from types import SimpleNamespace

from complaints.models import Head, Leaf, LedgerEntry
from complaints.models.event import canonical, event_body
from complaints.models.ledger import LEDGER

EXPORT = "tuntas-export-1"
CHUNK = 5000
FIELDS = ("seq", "kind", "at", "actor_id", "role", "data", "content_digest", "prev_hash")


def export_lines(head: Head) -> Iterator[bytes]:
    """The lines of the export under `head` (docs/proofs.md); a few thousand events at a time in memory."""
    yield canonical({"format": EXPORT, "head": head.note}) + b"\n"
    columns = ["index", "seq", "event__complaint__number", *(f"event__{name}" for name in FIELDS)]
    for start in range(0, head.size, CHUNK):
        span = (start, min(start + CHUNK, head.size) - 1)
        rows = Leaf.objects.filter(index__range=span).order_by("index").values_list(*columns)  # read once
        entries = LedgerEntry.objects.in_bulk([row[1] for row in rows if row[2] is None])
        for index, seq, number, *values in rows:
            said = SimpleNamespace(**dict(zip(FIELDS, values, strict=True))) if number else entries[seq]
            yield canonical({"index": index, "body": event_body(said, number or LEDGER)}) + b"\n"
