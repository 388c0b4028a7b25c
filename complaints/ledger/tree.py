"""The Merkle tree over the events, as the database has it: paths, roots and places of events.

A path reads the few tiles it needs and, at the right edge, at most 255 events and 255 roots of tiles a level.
"""

from collections.abc import Iterable
from typing import cast

from complaints.ledger.merkle import (
    HASH_BYTES,
    Node,
    consistency_path,
    inclusion_path,
    root_of,
    subtree,
)
from complaints.models import Event, Head, Leaf, Tile
from complaints.models.ledger import TILE, TILE_BITS


def latest_head() -> Head | None:
    return Head.objects.order_by("-size").first()


def leaf_count() -> int:
    """How many events the tree holds."""
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def index_of(events: Iterable[Event]) -> dict[int, int]:
    """The index of each event's leaf by the event's key; an event that no checkpoint took in yet is left out."""
    return dict(Leaf.objects.filter(event__in=list(events)).values_list("event_id", "index"))


def inclusion(index: int, size: int) -> list[bytes]:
    """The path from leaf `index` to the root over the first `size` leaves. Raises ValueError."""
    _check(size)
    return inclusion_path(reader(), index, size)


def consistency(old: int, new: int) -> list[bytes]:
    """The path that shows that the tree of `new` leaves begins with that of `old`. Raises ValueError."""
    _check(new)
    return consistency_path(reader(), old, new)


def root(size: int) -> bytes:
    """The root over the first `size` leaves. Raises ValueError."""
    _check(size)
    return subtree(reader(), 0, size)


def _check(size: int) -> None:
    if not 0 <= size <= leaf_count():
        raise ValueError("the tree is not that large")


def reader() -> Node:
    """Looks up subtrees in the database, each row once."""
    tiles: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        height = level % TILE_BITS
        first, count = index << height, 1 << height
        at = level // TILE_BITS, first >> TILE_BITS
        if at not in tiles:
            tiles[at] = _hashes(*at)
        start = first % TILE * HASH_BYTES
        found = tiles[at][start : start + count * HASH_BYTES]
        if len(found) != count * HASH_BYTES:
            raise ValueError("leaves or tiles are missing")
        return root_of(cut(found))

    return node


def cut(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]


def _hashes(level: int, index: int) -> bytes:
    """The hashes of a tile, whole or at the right edge."""
    stored = Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
    if stored is not None:
        return bytes(stored)
    span = range(index * TILE, (index + 1) * TILE)
    if level == 0:
        leaves = Leaf.objects.filter(index__range=(span.start, span.stop - 1)).order_by("index")
        return b"".join(bytes.fromhex(found) for found in leaves.values_list("hash", flat=True))
    below = Tile.objects.filter(level=level - 1, index__range=(span.start, span.stop - 1)).order_by("index")
    return b"".join(bytes(cast("bytes", found)) for found in below.values_list("root", flat=True))
