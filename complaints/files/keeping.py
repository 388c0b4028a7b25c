"""Where files are kept: below MEDIA_ROOT, or, where FILES_S3_BUCKET is set, in an object store that all hosts share.

A file has a name such as `ab/ab12…` or `documents/7.pdf`, which tells of nobody. With a store nothing but what is half
received lies on a host: what was taken away is gone from all of them (docs/decisions/0106).
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from django.conf import settings

from complaints.files.child import private
from complaints.files.object_store import CHUNK, ObjectStore, StoreAway, Stored

logger = logging.getLogger(__name__)
TEMPORARY = "tmp"


class Disk:
    """Below MEDIA_ROOT, or another folder: each file 0600 in a folder 0700."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or Path(settings.MEDIA_ROOT)

    def put(self, ready: Path, name: str, digest: str) -> None:
        """In one step, flushed."""
        final = self.root / name
        final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ready.open("rb") as data:
            os.fsync(data.fileno())
        ready.rename(final)
        for folder in (final.parent, final.parent.parent):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def chunks(self, name: str) -> Iterator[bytes]:
        """FileNotFoundError."""
        with (self.root / name).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def remove(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    def touch(self, name: str) -> None:
        """As if it were written now. FileNotFoundError."""
        os.utime(self.root / name)

    def listed(self) -> Iterator[Stored]:
        """All of them, what is half received too."""
        for folder, _folders, names in os.walk(self.root):
            for name in names:
                path = Path(folder, name)
                with suppress(FileNotFoundError):
                    yield Stored(path.relative_to(self.root).as_posix(), path.stat().st_mtime)


Place = Disk | ObjectStore


def place() -> Place:
    """Where files are kept now."""
    return ObjectStore() if settings.FILES_S3_BUCKET else Disk()


def on_disk(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def put(ready: Path, name: str) -> tuple[str, int]:
    """Keeps what lies at `ready`, which is gone then, in place of what has this name; its SHA-256 and size. StoreAway,
    or OSError where there is no room: then it is not acknowledged."""
    digest, size = look_at(ready)
    place().put(ready, name, digest)
    return digest, size


def put_bytes(content: bytes, name: str) -> str:
    """The same of what is in memory; its SHA-256."""
    part = temporary(f"{token_hex(16)}.part")
    try:
        with open(part, "xb", opener=private) as file:
            file.write(content)
        return put(part, name)[0]
    finally:
        part.unlink(missing_ok=True)


def read(name: str) -> bytes:
    """FileNotFoundError, StoreAway or OSError."""
    return b"".join(_anywhere(name))


def read_as(name: str, digest: str) -> bytes | None:
    """What has this SHA-256 and no other; None where it is gone or another. StoreAway."""
    try:
        content = read(name)
    except FileNotFoundError:
        return None
    return content if sha256(content).hexdigest() == digest else None


def look(name: str, where: Place | None = None) -> tuple[str, int]:
    """SHA-256 and size of what is kept where it belongs, a piece at a time. FileNotFoundError, StoreAway or OSError."""
    return _look((where or place()).chunks(name))


def look_at(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file of this host."""
    return _look(_pieces(path))


@contextmanager
def local(name: str) -> Iterator[Path]:
    """A path for programs that need one; a copy that goes afterwards, where files are in a store. FileNotFoundError,
    StoreAway or OSError."""
    if isinstance(place(), Disk):
        path = on_disk(name)
        path.stat()
        yield path
        return
    part = temporary(f"{token_hex(16)}.copy")
    try:
        with open(part, "xb", opener=private) as file:
            file.writelines(_anywhere(name))
        yield part
    finally:
        part.unlink(missing_ok=True)


def remove(*names: str) -> bool:
    """Takes files away for which there is no row any more. Where the store does not answer they stay: they are found
    among those of no row, and go then."""
    try:
        for name in names:
            place().remove(name)
    except StoreAway as error:
        logger.error("files that are not needed any more stay for now: %s", error)
        return False
    return True


def temporary(name: str) -> Path:
    """A path on this host, on the same volume as files on disk, so that moving into place is one step."""
    folder = on_disk(TEMPORARY)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / name


def _anywhere(name: str) -> Iterator[bytes]:
    """Also from this host's disk, where it was not brought to the store yet: it is not missing."""
    where = place()
    try:
        yield from where.chunks(name)
    except FileNotFoundError:
        if isinstance(where, Disk):
            raise
    else:
        return
    yield from Disk().chunks(name)


def _look(pieces: Iterator[bytes]) -> tuple[str, int]:
    digest, size = sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece
