"""What is kept outside the database: signed heads, notes of gaps, up to which number cases were numbered, and of which
cases the person was erased.

Each host has files of its own in LEDGER_DIR, for each history a set of them, named by how that begins, so that a second
database beside it is not held against the first one's heads. They only grow.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import hexdigits

from django.conf import settings
from django.db import connection

from complaints.ledger.gap_notes import GapNote, find_gaps, text_of
from complaints.ledger.notes import TreeHead, find_notes
from complaints.models import Head

TAIL = 1 << 16  # bytes at the end of the file that hold its last heads
BEGINS = """
SELECT COALESCE(
  (SELECT hash FROM complaints_leaf WHERE "index" = 0),
  (SELECT hash FROM complaints_ledgerentry ORDER BY seq LIMIT 1),
  (SELECT hash FROM complaints_event ORDER BY id LIMIT 1), '')
"""
STEP = 1000  # numbers written down ahead, so that the file is written once for as many cases


def heads_file() -> Path:
    """Where this host keeps the heads of this history."""
    with connection.cursor() as cursor:
        cursor.execute(BEGINS)
        return heads_file_of(cursor.fetchone()[0])


def heads_file_of(first: str) -> Path:
    """Of the history that begins with this hash, as `BEGINS` gives it."""
    name = "".join(char for char in first if char in hexdigits)[:16] or "none"
    return Path(settings.LEDGER_DIR) / f"heads-{name}.txt"


def numbers_file(heads: Path) -> Path:
    """The file beside a file of heads that says up to which serial numbers may have been given."""
    return heads.with_name(heads.name.replace("heads-", "numbers-", 1))


@dataclass(frozen=True)
class Kept:
    """The end of a file of heads: the largest head since the last gap, and that gap's note ("" without one)."""

    newest: TreeHead | None
    gap: str


_kept: dict[Path, tuple[tuple[int, int, int], Kept]] = {}


def kept_in(path: Path) -> Kept | None:
    """None without a file. Read again only when the file has changed."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    state = (found.st_ino, found.st_mtime_ns, found.st_size)
    known = _kept.get(path)
    if known is None or known[0] != state:
        known = state, _read_end(path)
        _kept.clear()  # one history a process; tests have many
        _kept[path] = known
    return known[1]


def _read_end(path: Path) -> Kept:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        text = file.read().decode("utf-8", "replace")
    start, gap = max(find_gaps(text), default=(0, ""))
    heads = [TreeHead.parse(note) for note in find_notes(text[start:])]
    return Kept(max(heads, key=lambda head: head.size, default=None), gap)


def keep_outside() -> None:
    """Adds the heads that the file does not have yet, and has the disk confirm it; likewise the numbers.

    What the file says stays: after the database was put back to an older state, the file still tells of the newer.
    """
    path = heads_file()
    kept = kept_in(path)
    above = -1
    if kept is not None and kept.newest is not None:
        above = kept.newest.size
    elif kept is not None and kept.gap:
        above = GapNote.parse(text_of(kept.gap)).agrees
    missing = Head.objects.filter(size__gt=above).order_by("size")
    append(path, "".join(f"\n{note}" for note in missing.values_list("note", flat=True)))


def append(path: Path, text: str) -> None:
    """Adds to a file that only grows; it is on the disk afterwards."""
    if not text:
        return
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


_marks: dict[Path, int] = {}


def note_number(serial: int, now: datetime, heads: Path) -> None:
    """Writes down beside the file of heads, before a case with this serial is stored, that numbers up to the next
    thousand may be given. The first of a history that has not begun yet are written down with the next.
    """
    path = numbers_file(heads)
    if path.stem.endswith("-none") or (serial <= _marks.get(path, 0) and path.exists()):
        return
    mark = marked_in(path)
    if mark < serial:
        mark = -(-serial // STEP) * STEP
        append(path, f"{mark} {now.isoformat(timespec='seconds')}\n")
    _marks.clear()
    _marks[path] = mark


def marked_in(path: Path) -> int:
    """The highest number in the file of numbers; 0 without one."""
    if not path.exists():
        return 0
    firsts = (line.partition(" ")[0] for line in path.read_text("utf-8", "replace").splitlines())
    return max((int(first) for first in firsts if first.isascii() and first.isdecimal()), default=0)


def erased_file(heads: Path) -> Path:
    """The file beside a file of heads that says of which cases the person was erased."""
    return heads.with_name(heads.name.replace("heads-", "erased-", 1))


def note_erased(numbers: Iterable[str], now: datetime) -> None:
    """Writes down of which cases the person is being erased: an older copy that is put back tells of them again, and
    knows nothing of their wish."""
    at = now.isoformat(timespec="seconds")
    append(erased_file(heads_file()), "".join(f"{number} {at}\n" for number in numbers))


def erased_outside() -> set[str]:
    """The numbers of those cases."""
    path = erased_file(heads_file())
    if not path.exists():
        return set()
    return {line.partition(" ")[0] for line in path.read_text("utf-8", "replace").splitlines() if line}
