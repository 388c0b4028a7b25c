"""The tree: each leaf against its event, each tile against its leaves, each signed head against the root."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from complaints.ledger.gap_notes import GapNote
from complaints.ledger.merkle import Growing, root_of
from complaints.ledger.notes import BadNote, TreeHead, find_notes, open_head
from complaints.ledger.outside import heads_file
from complaints.ledger.signing import verifiers
from complaints.ledger.standing import acknowledged
from complaints.ledger.verifying import spelling
from complaints.ledger.verifying.found import BadEvent
from complaints.ledger.verifying.moments import Moments
from complaints.ledger.verifying.own_entries import check_entries
from complaints.models import Head, Leaf, Tile
from complaints.models.ledger import TILE

LEAVES = 80 * TILE  # read at once
HEX, HEX_DIGITS = 64, frozenset("0123456789abcdef")
DAY = timedelta(days=1)
SELECT_LEAVES = """
SELECT l."index", l.number, l.seq, l.hash, COALESCE(e.hash, n.hash), {at},
  CASE WHEN e.kind = 'imported' THEN {data} END
FROM complaints_leaf l LEFT JOIN complaints_event e ON e.id = l.event_id
LEFT JOIN complaints_ledgerentry n ON l.event_id IS NULL AND l.number = 'ledger' AND n.seq = l.seq
WHERE l."index" >= %s ORDER BY l."index" LIMIT %s
"""
PASSED_OVER = """
SELECT c.number, e.seq FROM complaints_event e JOIN complaints_complaint c ON c.id = e.complaint_id
WHERE e.id <= %s AND NOT EXISTS (SELECT 1 FROM complaints_leaf l WHERE l.event_id = e.id)
ORDER BY e.id LIMIT 1
"""
LONE_WORDS = """
SELECT event_id FROM complaints_eventcontent c
WHERE NOT EXISTS (SELECT 1 FROM complaints_event e WHERE e.id = c.event_id) ORDER BY event_id LIMIT 1
"""


@dataclass
class TreeResult:
    leaves: int = 0
    heads: int = 0  # signed ones that were held against the tree
    lost: int = 0  # signed ones of a history that is gone, as an acknowledged gap says
    gaps: list[GapNote] = field(default_factory=list)
    first_bad: BadEvent | None = None


def check_tree(given: tuple[Path, ...] = (), kept: Path | None = None) -> TreeResult:
    """Holds the tree against the heads in the database, in the file outside it (`kept`), and in `given` files.

    Raises BadNote when a given file holds no head that this ledger's key signed.
    """
    found = _Claims([gap for _note, gap in acknowledged()])
    unsigned = found.take_all(given, kept if kept is not None else heads_file())
    walk = _Walk(found.claims, Moments(found.times))
    bad = walk.run() or check_entries() or unsigned or passed_over() or lone_words()
    heads = sum(len(roots) for roots in found.claims.values())
    return TreeResult(walk.size, heads, len(found.lost), found.gaps, bad)


Claims = dict[int, set[bytes]]  # size → the roots that signed heads say it has


@dataclass
class _Claims:
    """What signed heads say, and when they said it. A head that is not the database's own, and that an acknowledged
    gap covers, is of the history that was lost: it claims nothing."""

    gaps: list[GapNote]
    claims: Claims = field(default_factory=dict)
    times: dict[int, datetime] = field(default_factory=dict)
    lost: set[tuple[int, bytes]] = field(default_factory=set)
    _stored: dict[int, bytes] = field(default_factory=dict)

    def take_all(self, given: tuple[Path, ...], kept: Path) -> BadEvent | None:
        """The first head that is not signed, of the database's and of the file kept outside. Raises BadNote."""
        keys, unsigned = verifiers(), None
        for size, root, note in Head.objects.order_by("size").values_list("size", "root", "note"):
            self._stored[size] = bytes(root)
            head = _open(note, keys)
            if head is None or (head.size, head.root) != (size, bytes(root)):
                unsigned = unsigned or BadEvent("", 0, "head_not_signed", size)
            else:
                self._take(head)
        for gap in self.gaps:  # what was held when it was acknowledged stays as it was
            self.claims.setdefault(gap.held, set()).add(gap.held_root)
        for note in _notes(kept) if kept.exists() else ():
            head = _open(note, keys)
            if head is None:
                said = TreeHead.parse(note)
                if self._stored.get(said.size) != said.root:
                    unsigned = unsigned or BadEvent("", 0, "head_not_signed", said.size)
            else:
                self._take(head)
        for path in given:
            heads = [head for note in _notes(path) if (head := _open(note, keys))]
            if not heads:
                raise BadNote(f"{path}: no head that this ledger's key signed")
            for head in heads:
                self._take(head)
        return unsigned

    def _take(self, head: TreeHead) -> None:
        if self._stored.get(head.size) != head.root and any(gap.covers(head) for gap in self.gaps):
            self.lost.add((head.size, head.root))
            return
        self.claims.setdefault(head.size, set()).add(head.root)
        self.times[head.size] = max(head.at, self.times.get(head.size, head.at))


def _notes(path: Path) -> Iterator[str]:
    return find_notes(path.read_text("utf-8", "replace"))


def _open(note: str, keys: list[Any]) -> TreeHead | None:
    for key in keys:
        try:
            return open_head(note, key)
        except BadNote:
            continue
    return None


@dataclass
class _Walk:
    """Goes through the leaves from the first to the last."""

    claims: Claims
    moments: Moments
    tree: Growing = field(default_factory=Growing)
    last_good: int = 0

    @property
    def size(self) -> int:
        return self.tree.size

    def run(self) -> BadEvent | None:
        sizes = sorted(self.claims)
        tiles = _Tiles()
        while rows := self._read():
            for row in rows:
                if bad := self._fault(*row):
                    return bad
                while sizes and sizes[0] == self.size:
                    if not self._fits(sizes.pop(0)):
                        return self._since()
                self.tree.add(bytes.fromhex(row[3]))
            if bad := tiles.check(rows):
                return bad
        if sizes and sizes[0] == self.size and not self._fits(sizes.pop(0)):
            return self._since()
        if sizes:
            return BadEvent("", 0, "missing_since_head", self.size)
        return tiles.check_upper()

    def _fault(
        self, index: int, number: str, seq: int, hash_: str, event_hash: str, at: str, imported: str | None
    ) -> BadEvent | None:
        if index != self.size:
            return BadEvent(number, seq, "leaf_missing_before", index)
        if event_hash != hash_ or len(hash_) != HEX or not HEX_DIGITS.issuperset(hash_):
            return BadEvent(number, seq, "changed" if event_hash else "missing", index)
        if self.moments.is_backdated(index, seq, at, imported):
            return BadEvent(number, seq, "before_its_head", index)
        return None

    def _read(self) -> list[tuple[Any, ...]]:
        return spelling.whatever_the_bytes(self._select)

    def _select(self) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            columns = {
                "at": spelling.moment_column("COALESCE(e.at, n.at)"),
                "data": spelling.json_column("e.data"),
            }
            cursor.execute(SELECT_LEAVES.format(**columns), [self.size, LEAVES])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _fits(self, size: int) -> bool:
        if self.claims[size] == {self.tree.root()}:
            self.last_good = size
            return True
        return False

    def _since(self) -> BadEvent:
        """Leaves and events agree, but not with what was signed: from the first leaf after the last head that
        fits on, nothing is sure."""
        leaf = Leaf.objects.filter(index=self.last_good).first()
        number, seq = (leaf.number, leaf.seq) if leaf else ("", 0)
        return BadEvent(number, seq, "not_what_was_signed", self.last_good)


class _Tiles:
    """The stored tiles, against the leaves below them."""

    def __init__(self) -> None:
        self.roots: list[bytes] = []

    def check(self, rows: list[tuple[Any, ...]]) -> BadEvent | None:
        """`rows` begin with the first leaf of a tile."""
        first = rows[0][0] // TILE
        stored = _stored(0, first, len(rows) // TILE)
        for start in range(0, len(rows) // TILE * TILE, TILE):
            hashes = [bytes.fromhex(row[3]) for row in rows[start : start + TILE]]
            root = root_of(hashes)
            if stored.get(first + start // TILE) != (root, b"".join(hashes)):
                index, number, seq = rows[start][:3]
                return BadEvent(number, seq, "tile_changed", index)
            self.roots.append(root)
        return None

    def check_upper(self) -> BadEvent | None:
        level, roots = 1, self.roots
        while roots:
            stored = _stored(level, 0, len(roots) // TILE)
            upper = []
            for start in range(0, len(roots) // TILE * TILE, TILE):
                hashes = roots[start : start + TILE]
                upper.append(root_of(hashes))
                if stored.get(start // TILE) != (upper[-1], b"".join(hashes)):
                    return BadEvent("", 0, "tile_changed", start * TILE**level)
            level, roots = level + 1, upper
        return None


def _stored(level: int, first: int, count: int) -> dict[int, tuple[bytes, bytes]]:
    rows = Tile.objects.filter(level=level, index__gte=first, index__lt=first + count)
    return {
        index: (bytes(root), bytes(hashes))
        for index, root, hashes in rows.values_list("index", "root", "hashes")
    }


def passed_over() -> BadEvent | None:
    """An event that is older than leaves of a day ago and still has none: it was put in between."""
    latest = Head.objects.order_by("-size").first()
    if latest is None:
        return None
    settled = Head.objects.filter(at__lte=latest.at - DAY, size__gt=0).order_by("-size").first()
    signed = (
        Leaf.objects.filter(index__lt=settled.size, event__isnull=False) if settled else Leaf.objects.none()
    )
    leaf = signed.order_by("-index").first()
    if leaf is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(PASSED_OVER, [leaf.event_id])
        row = cursor.fetchone()
    return BadEvent(row[0], row[1], "not_in_tree") if row else None


def lone_words() -> BadEvent | None:
    """Words whose event is gone, or has another key."""
    with connection.cursor() as cursor:
        cursor.execute(LONE_WORDS)
        row = cursor.fetchone()
    if row is None:
        return None
    leaf = Leaf.objects.filter(event_id=row[0]).first()
    number, seq = (leaf.number, leaf.seq) if leaf else ("", 0)
    return BadEvent(number, seq, "words_without_event", leaf.index if leaf else None)
