"""Folders as tar files. What is packed is pictures and PDFs, which do not get smaller."""

import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from config.backup.manifest import BadCopy

LEFT_OUT = {"tmp", "imports"}  # what is half received, or another system's and kept for as long as it is read


@dataclass
class Packed:
    """How many files went in, and which were expected and are missing, or others than expected."""

    files: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def pack(folder: Path, target: Path, expected: Mapping[str, str] | None = None) -> Packed:
    """Every file below `folder`, each read once; `expected` is the SHA-256 of those that must be there, by name.
    A file that goes away meanwhile was a draft."""
    left, packed = dict(expected or {}), Packed()
    with tarfile.open(target, "x", format=tarfile.PAX_FORMAT) as tar:
        target.chmod(0o600)
        for path in sorted(_files(folder)):
            try:
                content, moment = path.read_bytes(), path.stat().st_mtime
            except FileNotFoundError:
                continue
            name = path.relative_to(folder).as_posix()
            digest = left.pop(path.name, None)
            if digest is not None and sha256(content).hexdigest() != digest:
                packed.changed.append(name)
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(content), moment, 0o600
            tar.addfile(info, BytesIO(content))
            packed.files += 1
    packed.missing = sorted(left)
    _flush(target)
    return packed


def unpack(source: Path, folder: Path, *, overwrite: bool = True) -> int:
    """How many files were written. BadCopy for a tar that holds anything but plain files below its root."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    count = 0
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                target = (folder / member.name).resolve()
                content = tar.extractfile(member) if member.isfile() else None
                if content is None or not target.is_relative_to(folder.resolve()):
                    raise BadCopy(
                        f"{source.name} holds {member.name}, which is no plain file below its folder"
                    )
                if overwrite or not target.exists():
                    _write(content, target)
                    count += 1
    except tarfile.TarError as error:
        raise BadCopy(f"{source.name} cannot be unpacked ({type(error).__name__})") from None
    return count


def _write(content: IO[bytes], target: Path) -> None:
    """By hand: tarfile's own filters came with Python 3.11.4, and Debian 12 has 3.11.2."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("wb") as file:
        target.chmod(0o600)
        shutil.copyfileobj(content, file)


def is_empty(folder: Path) -> bool:
    """Whether no file lies below it."""
    return next(_files(folder), None) is None


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        if Path(root) == folder:
            folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in names:
            yield Path(root, name)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
