"""Brings the files of this host's disk into the object store: as often as one likes, and nothing is lost on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from complaints.files import folders, keeping
from complaints.files.keeping import TEMPORARY, Disk
from complaints.files.object_store import ObjectStore


@dataclass
class Brought:
    """How many files; `changed` are names cut short of files that are not what their rows say."""

    sent: int = 0
    there: int = 0
    removed: int = 0
    unknown: int = 0  # of no row: the garbage of the disk
    changed: list[str] = field(default_factory=list)


def bring(*, remove: bool) -> Brought:
    """Files of rows go to the store, but for those that are other than their row says. `remove`: what is there goes
    from the disk. StoreAway: what was brought is there."""
    disk, store, done = Disk(), ObjectStore(), Brought()
    for some in _batches(disk):
        of_rows = folders.known(some)
        done.unknown += len(some) - len(of_rows)
        for name, digest in of_rows.items():
            try:
                here = keeping.look(name, disk)[0]
            except FileNotFoundError:
                continue  # it was a draft
            if digest and here != digest:
                done.changed.append(f"{name[:12]}…")
                continue
            if _is_there(store, name, digest or here, any_will_do=not digest):
                done.there += 1
            else:
                store.send(disk.root / name, name, here)
                done.sent += 1
            if remove:
                disk.remove(name)
                done.removed += 1
    return done


def _is_there(store: ObjectStore, name: str, digest: str, *, any_will_do: bool) -> bool:
    """`any_will_do`: no row says what it should be, and what is in the store was put there by a site that uses it."""
    try:
        return keeping.look(name, store)[0] == digest or any_will_do
    except FileNotFoundError:
        return False


def _batches(disk: Disk) -> Iterator[list[str]]:
    names = (each.name for each in disk.listed() if folders.code_of(each.name) not in ("", TEMPORARY))
    while some := list(islice(names, folders.BATCH)):
        yield some
