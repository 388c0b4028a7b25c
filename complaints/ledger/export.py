"""The whole history for an auditor: every event's body in the order of the tree, without anybody's words."""

from collections.abc import Iterator
from types import SimpleNamespace

from complaints.models import Head, Leaf
from complaints.models.event import canonical, event_body

EXPORT = "tuntas-export-1"
CHUNK = 5000
FIELDS = ("seq", "kind", "at", "actor_id", "role", "data", "content_digest", "prev_hash")


def export_lines(head: Head) -> Iterator[bytes]:
    """The lines of the export under `head` (docs/proofs.md); a few thousand events at a time in memory."""
    yield canonical({"format": EXPORT, "head": head.note}) + b"\n"
    columns = ["index", "event__complaint__number", *(f"event__{name}" for name in FIELDS)]
    for start in range(0, head.size, CHUNK):
        span = (start, min(start + CHUNK, head.size) - 1)
        rows = Leaf.objects.filter(index__range=span).order_by("index").values_list(*columns)
        for index, number, *values in rows:
            event = SimpleNamespace(**dict(zip(FIELDS, values, strict=True)))
            yield canonical({"index": index, "body": event_body(event, number)}) + b"\n"
