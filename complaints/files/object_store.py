"""Files in an object store that speaks S3 (FILES_S3_BUCKET): put and read again, read in pieces, listed, taken away.

What boto raises has many types, and its words may hold addresses and keys. Here it is one error that names the kind;
only what the store says is not there is missing.
"""

import errno
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.files.storage import storages

ALIAS = "files"
CHUNK = 1 << 20  # bytes read at a time
CODE = re.compile(r"[A-Za-z0-9]{1,40}")
NOT_THERE = "NoSuchKey"


class StoreAway(OSError):
    """The object store does not answer, or refuses; the message has the kind of error and nothing of its keys."""


@dataclass(frozen=True)
class Stored:
    """A file that is kept: its name below MEDIA_ROOT or in the store, and when it was written (seconds since 1970)."""

    name: str
    modified: float


@contextmanager
def answering() -> Iterator[None]:
    """Around what is asked of the store. FileNotFoundError or StoreAway."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - boto's errors have no base of their own
        said = getattr(error, "response", None)
        code = str(said.get("Error", {}).get("Code", "")) if isinstance(said, dict) else ""
        if code == NOT_THERE:
            raise FileNotFoundError(errno.ENOENT, "not in the object store") from None
        kind = code if CODE.fullmatch(code) else type(error).__name__
        raise StoreAway(f"the object store: {kind}") from None


class ObjectStore:
    """The files of this city in FILES_S3_BUCKET. What is asked of it raises StoreAway."""

    def __init__(self) -> None:
        self._store: Any = storages[ALIAS]

    def put(self, ready: Path, name: str, digest: str) -> None:
        self.send(ready, name, digest)
        ready.unlink()

    def send(self, ready: Path, name: str, digest: str) -> None:
        """What arrived is read again: another digest is no file that was kept."""
        with ready.open("rb") as file, answering():
            self._client.put_object(Body=file, **self._at(name))
        try:
            arrived = sha256()
            for chunk in self.chunks(name):
                arrived.update(chunk)
        except FileNotFoundError:
            raise StoreAway("the object store: it did not keep a file") from None
        if arrived.hexdigest() != digest:
            raise StoreAway("the object store: a file arrived as another")

    def chunks(self, name: str) -> Iterator[bytes]:
        """FileNotFoundError."""
        with answering():
            body = self._client.get_object(**self._at(name))["Body"]
        with closing(body):
            while True:
                with answering():
                    chunk = body.read(CHUNK)
                if not chunk:
                    return
                yield chunk

    def remove(self, name: str) -> None:
        """Nothing where it is gone already."""
        with answering():
            self._client.delete_object(**self._at(name))

    def touch(self, name: str) -> None:
        """As if it were written now. FileNotFoundError."""
        at = self._at(name)
        with answering():
            self._client.copy_object(CopySource=dict(at), MetadataDirective="REPLACE", **at)

    def listed(self) -> Iterator[Stored]:
        """All of them, a thousand at a time."""
        start = self._key("")
        with answering():
            pages = iter(
                self._client.get_paginator("list_objects_v2").paginate(
                    Bucket=self._store.bucket_name, Prefix=start
                )
            )
        while True:
            with answering():
                page = next(pages, None)
            if page is None:
                return
            for each in page.get("Contents", ()):
                at: datetime = each["LastModified"]
                yield Stored(each["Key"].removeprefix(start), at.timestamp())

    def ask(self) -> None:
        """Nothing where it answers."""
        with answering():
            self._client.list_objects_v2(Bucket=self._store.bucket_name, Prefix=self._key(""), MaxKeys=1)

    @property
    def _client(self) -> Any:
        """Of this thread."""
        return self._store.connection.meta.client

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._store.bucket_name, "Key": self._key(name)}

    def _key(self, name: str) -> str:
        folder = self._store.location.strip("/")
        return f"{folder}/{name}" if folder else name
