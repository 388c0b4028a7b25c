"""Takes a file out of what it is packed in: gzip, or a ZIP with one file."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.utils.translation import gettext as _

from complaints.importing.kinds import FileKind, kind_of
from complaints.importing.lines import BrokenFile

MAX_UNPACKED = 2_000_000_000  # bytes; what grows beyond is no export
_CHUNK = 1 << 20
_DEEPEST = 2  # a gzip in a ZIP
PACKED = frozenset({FileKind.GZIP, FileKind.ZIP})


def too_large(most: int) -> BrokenFile:
    return BrokenFile(
        _("The file is larger than %(limit)d MB once it is unpacked.") % {"limit": most // 1_000_000}
    )


@contextmanager
def unpacked(path: Path, most: int = MAX_UNPACKED) -> Iterator[tuple[Path, FileKind]]:
    """The file itself and what it is, as long as the block lasts; not larger than `most` bytes. Raises BrokenFile."""
    with TemporaryDirectory(prefix="tuntas-import-") as folder:
        kind = _kind(path)
        inside = path
        for depth in range(_DEEPEST):
            if kind not in PACKED:
                break
            inside = _unpack(inside, kind, Path(folder) / str(depth), path, most)
            kind = _kind(inside)
        yield inside, kind


def _kind(path: Path) -> FileKind:
    try:
        return kind_of(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise BrokenFile(_("%(path)s cannot be read: %(why)s.") % {"path": path, "why": why}) from error


def _unpack(file: Path, kind: FileKind, into: Path, path: Path, most: int) -> Path:
    try:
        if kind == FileKind.GZIP:
            with gzip.open(file) as packed:
                _copy(packed, into, most)
        else:
            with zipfile.ZipFile(file) as folder, folder.open(_only_file(folder)) as packed:
                _copy(packed, into, most)
    except RuntimeError as error:
        raise BrokenFile(_("%(path)s is protected by a password.") % {"path": path}) from error
    except (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, OSError) as error:
        name = _("gzip") if kind == FileKind.GZIP else "ZIP"
        message = _("%(path)s is a damaged or half-sent %(kind)s file.")
        raise BrokenFile(message % {"path": path, "kind": name}) from error
    return into


def _only_file(folder: zipfile.ZipFile) -> zipfile.ZipInfo:
    files = [
        info
        for info in folder.infolist()
        if not info.is_dir() and not info.filename.startswith("__MACOSX/") and "/." not in f"/{info.filename}"
    ]
    if len(files) != 1:
        names = ", ".join(f"“{info.filename}”" for info in files[:8])
        message = _("This is a ZIP file with %(count)d files (%(names)s). Unpack it and take one of them.")
        raise BrokenFile(message % {"count": len(files), "names": names})
    return files[0]


def _copy(packed: IO[bytes] | gzip.GzipFile, into: Path, most: int) -> None:
    size = 0
    with into.open("wb") as out:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise too_large(most)
            out.write(chunk)
