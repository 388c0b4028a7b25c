"""The ledger's own entries: each against its hash and the one before it."""

from dataclasses import replace

from complaints.ledger.standing import GAP, open_gap
from complaints.ledger.verifying.found import BadEvent
from complaints.models import Leaf, LedgerEntry
from complaints.models.ledger import LEDGER

CHUNK = 2000
UNREADABLE = "unreadable"


def check_entries() -> BadEvent | None:
    """The first entry that does not fit. Whether each is in the tree, the walk over it says."""
    last, bad = _follow(None, CHUNK)
    if bad is not None and bad.why == UNREADABLE:
        last, bad = _follow(last, 1)  # which of the next ones it is
    if bad is not None:
        return replace(bad, why="changed") if bad.why == UNREADABLE else bad
    signed = Leaf.objects.filter(event=None).order_by("-seq").values_list("seq", flat=True).first()
    if signed is not None and (last is None or last.seq < signed):
        return BadEvent(LEDGER, signed, "missing")
    return None


def _follow(last: LedgerEntry | None, chunk: int) -> tuple[LedgerEntry | None, BadEvent | None]:
    """The last entry after this one that fits, and the one that does not."""
    try:
        for entry in (
            LedgerEntry.objects.filter(seq__gt=last.seq if last else 0).order_by("seq").iterator(chunk)
        ):
            if why := _fault(entry, last):
                return last, BadEvent(LEDGER, entry.seq, why)
            last = entry
    except (TypeError, ValueError, AttributeError):  # not what a column holds
        return last, BadEvent(LEDGER, last.seq + 1 if last else 1, UNREADABLE)
    return last, None


def _fault(entry: LedgerEntry, last: LedgerEntry | None) -> str:
    if entry.seq != (last.seq + 1 if last else 1):
        return "missing_before"
    if entry.prev_hash != (last.hash if last else ""):
        return "does_not_follow"
    if entry.compute_hash() != entry.hash:
        return "changed"
    if entry.kind == GAP and open_gap(str(entry.data.get("note", ""))) is None:
        return "gap_not_signed"
    return "before_the_last" if last is not None and entry.at < last.at else ""
