"""Which rows know which files, folder by folder, and the files of no row: left by a crash between a file and its row,
or by a store that did not answer when they were to go."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice

from complaints.files import keeping
from complaints.files.keeping import TEMPORARY, Disk, Place
from complaints.registry import Registry

KEYED = "??"  # the folders that are the first two letters of a key
ON_ITS_WAY = timedelta(hours=24)  # to its row
BATCH = 1000


@dataclass(frozen=True)
class Folder:
    """Files of one kind. `digests`: of these names those that a row knows, with the SHA-256 that it has, or ""."""

    code: str
    digests: Callable[[Collection[str]], Mapping[str, str]]


FOLDERS: Registry[Folder] = Registry()


def code_of(name: str) -> str:
    """The folder of a file; "" where it is none of ours."""
    first, _slash, rest = name.partition("/")
    code = KEYED if len(first) == len(KEYED) else first
    return code if rest and (code in FOLDERS or code == TEMPORARY) else ""


def known(names: Iterable[str]) -> dict[str, str]:
    """Of these names those that a row knows, with its SHA-256 or ""."""
    found: dict[str, str] = {}
    for code, some in groupby(sorted(names, key=code_of), key=code_of):
        if code in FOLDERS:
            found |= FOLDERS[code].digests(list(some))
    return found


def places() -> list[Place]:
    """Where files lie: also on this host's disk, where they lay before there was a store."""
    now = keeping.place()
    return [now] if isinstance(now, Disk) else [now, Disk()]


def strays(place: Place, before: float) -> Iterator[str]:
    """Files of ours that were written before that second and that no row knows, what is half received among them."""
    old = (each for each in place.listed() if each.modified < before and code_of(each.name))
    while some := [each.name for each in islice(old, BATCH)]:
        of_rows = known(some)
        yield from (name for name in some if name not in of_rows)


def collect_strays(now: datetime) -> int:
    """Deletes them once they are a day old; how many. StoreAway: the next turn goes on."""
    gone = 0
    for place in places():
        for name in strays(place, (now - ON_ITS_WAY).timestamp()):
            place.remove(name)
            gone += 1
    return gone
