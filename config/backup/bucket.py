"""Copies in an object store (S3), off the city's premises: sent, read once more, listed, fetched, taken away.

A copy is whole once its manifest is there, which is sent last. What lies apart (heads, sealed keys) does not go there:
whoever holds the bucket and the keys could read who complained.
"""

import shutil
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages

from config.backup.manifest import CHUNK, FILE, BadCopy, Manifest, Part, check_parts, read_manifest
from config.backup.naming import NAME, UNFINISHED

ALIAS = "copies"


class NoBucket(Exception):
    """The store does not answer, or refuses; the message says what kind of error it was and nothing of its keys."""


class Bucket:
    """The copies of this city in BACKUP_S3_BUCKET."""

    def __init__(self) -> None:
        self._store: Any = storages[ALIAS]

    def send(self, folder: Path, manifest: Manifest) -> None:
        """Raises NoBucket or BadCopy; without its manifest what was sent counts for nothing."""
        with _Errors():
            for name, part in manifest.parts.items():
                self._put(folder, name)
                with self._store.open(f"{folder.name}/{name}", "rb") as arrived:
                    if _part_of(arrived) != part:
                        raise BadCopy(f"{name} arrived in the object store as another file")
            self._put(folder, FILE)

    def names(self) -> list[str]:
        """The finished copies of this city, oldest first."""
        with _Errors():
            folders, _files = self._store.listdir("")
            mine = [
                name
                for name in folders
                if (found := NAME.fullmatch(name)) and found["city"] == settings.CITY.slug
            ]
            return sorted(name for name in mine if self._store.exists(f"{name}/{FILE}"))

    def fetch(self, name: str, into: Path) -> Path:
        """The folder of the copy. Raises NoBucket or BadCopy: then nothing is left of it."""
        target = into / name
        draft = target.with_name(name + UNFINISHED)
        draft.mkdir(mode=0o700, parents=True)
        try:
            with _Errors():
                self._get(f"{name}/{FILE}", draft / FILE)
                manifest = read_manifest(draft)
                for part in manifest.parts:
                    self._get(f"{name}/{part}", draft / part)
            check_parts(draft, manifest.parts)
            return draft.rename(target)
        except BaseException:
            shutil.rmtree(draft)
            raise

    def drop(self, name: str) -> None:
        """The manifest first: half a copy is none."""
        with _Errors():
            _folders, files = self._store.listdir(name)
            for each in sorted(files, key=lambda file: file != FILE):
                self._store.delete(f"{name}/{each}")

    def _put(self, folder: Path, name: str) -> None:
        with (folder / name).open("rb") as file:
            self._store.save(f"{folder.name}/{name}", File(file))

    def _get(self, name: str, target: Path) -> None:
        with self._store.open(name, "rb") as source, target.open("xb") as file:
            target.chmod(0o600)
            while chunk := source.read(CHUNK):
                file.write(chunk)


def _part_of(file: IO[bytes]) -> Part:
    digest, size = sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Part(size, digest.hexdigest())


class _Errors:
    """What boto raises derives from Exception alone, and its words may hold addresses and keys."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, BadCopy):
            raise NoBucket(f"the object store: {type(error).__name__}") from error
