"""What a copy says of itself: its parts with their digests, what the database held, and which keys it belongs to."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

FILE = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


class BadCopy(Exception):
    """The copy is not whole, or not one that this version reads; the message says what is wrong."""


@dataclass(frozen=True)
class Part:
    """A file of the copy."""

    size: int  # bytes
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`rows` by table, `keys` the fingerprint of each key by its setting, `last_number` of the newest case."""

    city: str
    made_at: str  # ISO 8601, UTC
    database: str  # sqlite or postgresql
    rows: Mapping[str, int]
    files: int
    last_number: str
    keys: Mapping[str, str]
    parts: Mapping[str, Part]
    migrations: Sequence[str] = ()  # of each app the newest that the program knew: app.name

    def write(self, folder: Path) -> None:
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """BadCopy where there is none, or of a later format."""
    try:
        said = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if said.pop("format") != FORMAT:
            raise BadCopy(f"{folder.name} was made by a later version")
        parts = {name: Part(**part) for name, part in said.pop("parts").items()}
        return Manifest(parts=parts, **said)
    except FileNotFoundError:
        raise BadCopy(f"{folder} has no {FILE}: it is no copy, or an unfinished one") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadCopy(f"the manifest of {folder.name} cannot be read ({type(error).__name__})") from None


def part_of(path: Path) -> Part:
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Part(size, digest.hexdigest())


def check_parts(folder: Path, parts: Mapping[str, Part]) -> None:
    """BadCopy names the first file that is missing or another one."""
    for name, part in parts.items():
        try:
            found = part_of(folder / name)
        except FileNotFoundError:
            raise BadCopy(f"{name} is missing in {folder}") from None
        if found != part:
            raise BadCopy(f"{name} in {folder} is not what was written: it was changed, or cut off")


def newest_migrations() -> list[str]:
    """Of each app the one that this program knows."""
    return sorted(".".join(node) for node in MigrationLoader(None).graph.leaf_nodes())


def unknown_migrations(names: Sequence[str]) -> list[str]:
    """Of these those that this program does not know."""
    there = MigrationLoader(None).disk_migrations
    known = {*there, *(each for migration in there.values() for each in migration.replaces)}
    return [name for name in names if tuple(name.split(".", 1)) not in known]


def fingerprint(key: str) -> str:
    """Tells two keys apart, and nothing of either."""
    return sha256(b"tuntas key\0" + key.encode()).hexdigest()[:16]
