"""Folders as tar files. What is packed is pictures and PDFs, which do not get smaller."""

import os
import shutil
import tarfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import SpooledTemporaryFile
from typing import IO

from complaints.files import keeping
from complaints.files.child import private
from complaints.files.keeping import TEMPORARY, Place
from config.backup.manifest import BadCopy

IN_MEMORY = 1 << 20  # bytes of a file
LEFT_OUT = {
    TEMPORARY,
    "imports",
}  # what is half received, or another system's and kept for as long as it is read


@dataclass
class Packed:
    """How many files went in, and which were expected and are missing, or others than expected."""

    files: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def pack(
    place: Place,
    target: Path,
    expected: Mapping[str, str] | None = None,
    left_out: Collection[str] = (),
) -> Packed:
    """Every file of `place` but those `left_out`, each read once, a piece at a time; `expected` is the SHA-256 of those
    that must be there, by name. A file that goes away meanwhile was a draft."""
    left, packed = dict(expected or {}), Packed()
    with tarfile.open(target, "x", format=tarfile.PAX_FORMAT) as tar:
        target.chmod(0o600)
        names = (each for each in place.listed() if _is_packed(each.name) and each.name not in left_out)
        for each in sorted(names, key=lambda each: each.name):
            with SpooledTemporaryFile(max_size=IN_MEMORY, mode="w+b", dir=str(target.parent)) as content:
                found, info = sha256(), tarfile.TarInfo(each.name)
                try:
                    for piece in place.chunks(each.name):
                        found.update(piece)
                        content.write(piece)
                except FileNotFoundError:
                    continue
                digest = left.pop(each.name.rpartition("/")[2], None)
                if digest is not None and found.hexdigest() != digest:
                    packed.changed.append(each.name)
                info.size, info.mtime, info.mode = content.tell(), each.modified, 0o600
                content.seek(0)
                tar.addfile(info, content)
            packed.files += 1
    packed.missing = sorted(left)
    _flush(target)
    return packed


def unpack(source: Path, folder: Path, *, overwrite: bool = True) -> int:
    """How many files were written below `folder`. BadCopy for a tar that holds anything but plain files below its
    root."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write(content: IO[bytes], name: str) -> bool:
        target = folder / name
        if target.exists() and not overwrite:
            return False
        _write(content, target)
        return True

    return _unpack(source, folder, write)


def unpack_to_store(source: Path) -> int:
    """The same into the object store, where each is read again. StoreAway."""

    def write(content: IO[bytes], name: str) -> bool:
        part = keeping.temporary(f"{token_hex(16)}.part")
        try:
            with open(part, "xb", opener=private) as file:
                shutil.copyfileobj(content, file)
            keeping.put(part, name)
        finally:
            part.unlink(missing_ok=True)
        return True

    return _unpack(source, keeping.on_disk(""), write)


def _unpack(source: Path, root: Path, write: Callable[[IO[bytes], str], bool]) -> int:
    count = 0
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isfile() else None
                if content is None or not (root / member.name).resolve().is_relative_to(root.resolve()):
                    raise BadCopy(
                        f"{source.name} holds {member.name}, which is no plain file below its folder"
                    )
                count += write(content, member.name)
    except tarfile.TarError as error:
        raise BadCopy(f"{source.name} cannot be unpacked ({type(error).__name__})") from None
    return count


def _write(content: IO[bytes], target: Path) -> None:
    """By hand: tarfile's own filters came with Python 3.11.4, and Debian 12 has 3.11.2."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("wb") as file:
        target.chmod(0o600)
        shutil.copyfileobj(content, file)


def is_empty(place: Place) -> bool:
    """Whether it holds no file that would be in a copy."""
    return not any(_is_packed(each.name) for each in place.listed())


def _is_packed(name: str) -> bool:
    folder, slash, _rest = name.partition("/")
    return not (slash and folder in LEFT_OUT)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
