"""Takes events into the tree and signs its head; keeps the head outside the database too."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from complaints.database import bulk
from complaints.database.keys import last_id
from complaints.ledger.merkle import root_of
from complaints.ledger.notes import TreeHead
from complaints.ledger.outside import heads_file, keep_outside, note_number
from complaints.ledger.signing import sign_note
from complaints.ledger.standing import refuse_older_copy
from complaints.ledger.tree import latest_head, leaf_count, root
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Head, Leaf, Message, Tile
from complaints.models.ledger import TILE

__all__ = ["grow", "heads_file", "make_checkpoint"]

# The ledger's own entries first, so that an entry stands no later than whatever was written after it.
TAKE_ENTRIES = """
INSERT INTO complaints_leaf ("index", number, seq, hash)
SELECT %s + row_number() OVER (ORDER BY entry.seq) - 1, 'ledger', entry.seq, entry.hash
FROM complaints_ledgerentry entry
WHERE entry.seq > (SELECT COALESCE(MAX(leaf.seq), 0) FROM complaints_leaf leaf WHERE leaf.event_id IS NULL)
"""
BATCH = 20_000  # events taken in by one transaction, so that SQLite's other writers wait a second at most
# Keys may become visible out of order, so whatever has no leaf yet is taken, in the order of the keys.
TAKE_IN = """
INSERT INTO complaints_leaf ("index", event_id, number, seq, hash)
SELECT %s + row_number() OVER (ORDER BY new.id) - 1, new.id, new.number, new.seq, new.hash
FROM (
  SELECT event.id, complaint.number, event.seq, event.hash FROM complaints_event event
  JOIN complaints_complaint complaint ON complaint.id = event.complaint_id
  WHERE NOT EXISTS (SELECT 1 FROM complaints_leaf leaf WHERE leaf.event_id = event.id)
  ORDER BY event.id LIMIT %s
) new
"""


def make_checkpoint(now: datetime, *, outside: bool = True) -> Head:
    """The signed head over all events there are; a new one only when there are new events.

    `outside=False` leaves the file to the next one: within a transaction that may still come to nothing.

    Two at once end with the same tree: the leaves' unique rows let one of them through, and the other tries again.
    Raises OlderCopy where what is kept outside knows more or other events.
    """
    refuse_older_copy()
    grow()
    head = _sign(now)
    if outside:
        keep_outside()
        note_number(last_id(), now, heads_file())  # of the cases that other hosts numbered too
    return head


def grow() -> None:
    """Takes in all events there are."""
    while _grow():
        pass


def _grow() -> bool:
    """Takes in the next events; whether there may be more."""
    try:
        with transaction.atomic():
            size = leaf_count()
            with connection.cursor() as cursor:
                cursor.execute(TAKE_ENTRIES, [size])
                cursor.execute(TAKE_IN, [leaf_count(), BATCH])
            grown = leaf_count()
            if grown > size:
                _store_tiles(size, grown)
    except IntegrityError:  # another checkpoint was quicker
        return True
    return grown - size >= BATCH


def _store_tiles(old: int, new: int) -> None:
    """Stores each tile that has become whole while the tree grew from `old` to `new` leaves."""
    level = 0
    while new >= TILE:
        tiles = [_make_tile(level, index) for index in range(old // TILE, new // TILE)]
        bulk.insert(Tile, tiles)
        old, new, level = old // TILE, new // TILE, level + 1


def _make_tile(level: int, index: int) -> Tile:
    span = (index * TILE, (index + 1) * TILE - 1)
    if level == 0:
        leaves = Leaf.objects.filter(index__range=span).order_by("index")
        hashes = [bytes.fromhex(found) for found in leaves.values_list("hash", flat=True)]
    else:
        below = Tile.objects.filter(level=level - 1, index__range=span).order_by("index")
        hashes = [bytes(found) for found in below.values_list("root", flat=True)]
    if len(hashes) != TILE:
        raise RuntimeError(f"tile {level}/{index} cannot be made: leaves or tiles are missing")
    return Tile(level=level, index=index, root=root_of(hashes), hashes=b"".join(hashes))


def _sign(now: datetime) -> Head:
    size = leaf_count()
    last = latest_head()
    if last is not None and last.size == size:
        return last
    found = TreeHead(settings.LEDGER_ORIGIN, size, root(size), now)
    head = Head(size=size, root=found.root, note=sign_note(found.text()), at=now)
    try:
        with transaction.atomic():
            head.save(force_insert=True)
            store_messages(_letters(head, now))
    except IntegrityError:
        return Head.objects.get(size=size)
    return head


def _letters(head: Head, now: datetime) -> list[Message]:
    """A mail to each address of LEDGER_MAIL_TO, by its place in that list: no address is stored."""
    return [
        draft_message(
            Message.Template.TREE_HEAD,
            case=None,
            cause=f"{head.size}:{place}",
            due_at=now,
            data={"size": head.size, "place": place},
        )
        for place in range(len(settings.LEDGER_MAIL_TO))
    ]
