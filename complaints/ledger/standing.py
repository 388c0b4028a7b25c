"""Whether the database still leads to what is known outside: else it is an older copy, or another history.

Asked before anything is signed, numbered or written. It costs a look at the file's date and two rows by their key.
"""

from dataclasses import dataclass
from pathlib import Path

from complaints.ledger.gap_notes import GapNote, text_of
from complaints.ledger.notes import BadNote, TreeHead
from complaints.ledger.outside import append, heads_file, kept_in, marked_in, numbers_file
from complaints.ledger.signing import verifiers
from complaints.ledger.tree import leaf_count, root
from complaints.models import Head, LedgerEntry

GAP = "gap_acknowledged"
HOW_TO_GO_ON = (
    "the history that is signed outside goes on where this database does not: it is an older copy, or another "
    "history. Nothing is signed, numbered or written. Bring back the right database, or say what is lost: "
    "manage.py acknowledge_restore (docs/operating.md)"
)


@dataclass(frozen=True)
class Refusal:
    """What is known outside, and how many events the tree of the database holds."""

    known: TreeHead
    held: int


class OlderCopy(Exception):
    """The database contradicts what was signed: nothing was done."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{HOW_TO_GO_ON} ({refusal.known.size} known, {refusal.held} held)")
        self.refusal = refusal


def refusal(path: Path | None = None) -> Refusal | None:
    """Why this host must not go on writing; None when it may, also where nothing is kept outside yet.

    `path`: its file of heads, by whom knows it already.
    """
    path = path or heads_file()
    kept = kept_in(path)
    if kept is None:
        return None
    if kept.newest is not None:
        newest = kept.newest
        if Head.objects.filter(size=newest.size, root=newest.root).exists():
            return None
        held = leaf_count()
        if held >= newest.size and root(newest.size) == newest.root:
            return None
    elif kept.gap:
        newest, held = GapNote.parse(text_of(kept.gap)).known, leaf_count()
        if any(note == kept.gap for note, _gap in acknowledged()):
            return None
    else:
        return None
    for note, gap in acknowledged():  # on another host of this city
        if gap.covers(newest) and marked_in(numbers_file(path)) <= gap.numbers:
            append(path, f"\n{note}")
            return None
    return Refusal(newest, held)


def refuse_older_copy(path: Path | None = None) -> None:
    """Raises OlderCopy."""
    found = refusal(path)
    if found is not None:
        raise OlderCopy(found)


def acknowledged() -> list[tuple[str, GapNote]]:
    """The notes of gaps in the ledger that its key signed, the newest first."""
    found = []
    for entry in LedgerEntry.objects.filter(kind=GAP).order_by("-seq"):
        note = str(entry.data.get("note", ""))
        gap = open_gap(note)
        if gap is not None:
            found.append((note, gap))
    return found


def open_gap(note: str) -> GapNote | None:
    """What a note of a gap says; None unless one of this ledger's keys signed it."""
    for key in verifiers():
        try:
            return GapNote.parse(key.check(note))
        except BadNote:
            continue
    return None
