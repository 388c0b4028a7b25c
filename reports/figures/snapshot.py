"""A report frozen: figures, definitions, period, scope and the rows behind them, for the PDF."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import brotli
from django.conf import settings

from accounts.actors import Actor, role_of
from accounts.models import Agency
from accounts.roles import Role
from complaints.database.one_look import one_look
from complaints.ledger.tree import latest_head
from reports.figures.collect import collect, labels_of
from reports.figures.compute import counted
from reports.figures.definitions import frozen_definitions
from reports.figures.figure import Rule
from reports.figures.frames import batches, spell
from reports.figures.periods import Period
from reports.figures.policies import policies_in
from reports.figures.reading.places import map_of_districts
from reports.figures.reading.scope import Scope
from reports.figures.stored import RowsOnDisk
from reports.figures.tables import INTERNAL, INTERNAL_GROUPS, Tables, iso
from reports.figures.unpacking import AT_ONCE, IN_MEMORY, ROWED, read, unpacked

FORMAT = 3
PIECE = 2000  # rows that are spelled at a time
QUALITY, WINDOW = 3, 18  # of packing (decision 141)
PACKED_PIECE = 1 << 20  # bytes of a packed snapshot that are handed over at a time


@dataclass(frozen=True)
class Snapshot:
    """`data` is what is stored; `content` its one spelling in bytes; `digest` names it."""

    data: dict[str, Any]
    read_as: str = field(default="", compare=False)  # the SHA-256 of the bytes that it was read from

    @property
    def content(self) -> bytes:
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The content in parts, of which none is large: sorted keys, no blanks, the rows of tables some at a time."""
        for n, (name, value) in enumerate(sorted(self.data.items())):
            yield f"{',' if n else '{'}{spell(name)}:".encode()
            yield from _tables(value) if name in ROWED else [spell(value).encode()]
        yield b"}\n"

    @cached_property
    def digest(self) -> str:
        """Of a large city it takes seconds: worked out once. What is read from other bytes has another one."""
        if self.read_as:
            return self.read_as
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    @property
    def figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = self.data["figures"]
        return figures

    @property
    def period(self) -> Period:
        return Period(*(date.fromisoformat(self.data["period"][end]) for end in ("from", "to")))

    @property
    def before(self) -> Period:
        return self.period.before()

    @property
    def built_at(self) -> datetime:
        return datetime.fromisoformat(self.data["built_at"])

    @property
    def tables(self) -> Tables:
        """The rows behind the figures, those of the period before among them."""
        return Tables.from_json(self.data["tables"], self.data["before"])

    def public_data(self) -> dict[str, Any]:
        """The data without what is about persons who work for the city."""
        inside = {code for code, each in self.data["definitions"].items() if each["rule"] == Rule.INTERNAL}
        figures = _without(self.figures, inside)
        return {
            **self.data,
            "definitions": _without(self.data["definitions"], inside),
            "figures": figures | {"previous": _without(figures["previous"], inside)},
            "labels": _without(self.data["labels"], INTERNAL_GROUPS),
            "tables": _without(self.data["tables"], INTERNAL),
            "before": _without(self.data["before"], INTERNAL),
        }

    @property
    def slug(self) -> str:
        """Period and scope for file names: `2011-07-01_2011-12-31_city`."""
        scope = self.data["scope"]["agency"] or "city"
        return f"{self.period.first}_{self.period.last}_{_safe(scope)}"

    @classmethod
    def read(cls, content: bytes) -> "Snapshot":
        """ValueError when this is no snapshot, or one that an earlier version counted by other rules."""
        return cls.of(content[n : n + AT_ONCE] for n in range(0, len(content), AT_ONCE))

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> "Snapshot":
        """The same, of its JSON some at a time: its rows stay on disk."""
        data, digest = read(pieces)
        if not isinstance(data.get("format"), int) or "figures" not in data:
            raise ValueError("not a report's snapshot")
        if data["format"] != FORMAT:
            raise ValueError(
                f"a snapshot of format {data['format']}, and this version counts and prints format {FORMAT} only: "
                "keep the PDF that was made with it, or build the report anew"
            )
        return cls(data, digest)


@dataclass(frozen=True)
class Packed:
    """As it is kept: the JSON compressed, on disk. The digest is that of the JSON, since another brotli may pack it
    otherwise; `size` that of the JSON too."""

    file: IO[bytes]
    digest: str
    size: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Packed":
        """In one go over its parts: neither the JSON of a large city nor what it is packed to is in memory."""
        digest, size = hashlib.sha256(), 0
        file: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - gone when nobody has it any more
        packing = brotli.Compressor(quality=QUALITY, lgwin=WINDOW)
        for piece in snapshot.pieces():
            digest.update(piece)
            size += len(piece)
            file.write(packing.process(piece))
        file.write(packing.finish())
        return cls(file, digest.hexdigest(), size)

    def pieces(self) -> Iterator[bytes]:
        """Each but the last of PACKED_PIECE bytes."""
        self.file.seek(0)
        while piece := self.file.read(PACKED_PIECE):
            yield piece


def _tables(tables: Mapping[str, Any]) -> Iterator[bytes]:
    for n, (name, table) in enumerate(sorted(tables.items())):
        yield f'{"," if n else "{"}{spell(name)}:{{"columns":{spell(table["columns"])},"rows":['.encode()
        for m, text in enumerate(_texts(table["rows"])):
            yield b",%b" % text if m else text
        yield b"]}"
    yield b"}" if tables else b"{}"


def _texts(rows: Any) -> Iterator[bytes]:
    if isinstance(rows, RowsOnDisk):
        yield from rows.texts()
    else:
        yield from (",".join(spell(row) for row in some).encode() for some in batches(rows, PIECE))


def digest_of(packed: Iterable[bytes]) -> str:
    """Of what these pieces unpack to, some at a time. ValueError when they are no whole packed snapshot."""
    digest = hashlib.sha256()
    for piece in unpacked(packed):
        digest.update(piece)
    return digest.hexdigest()


def unpack(packed: Iterable[bytes]) -> Snapshot:
    """ValueError when these pieces are no packed snapshot, or one that unpacks to more than a snapshot can have."""
    return Snapshot.of(unpacked(packed))


def freeze(period: Period, agency: Agency | None, *, actor: Actor, now: datetime) -> Snapshot:
    """Counts the cases received in the period, in the actor's scope, as they stand now: read in one look, since a case
    that moves while a large city is read would stand in one table as it was and in the next as it is."""
    now = now.replace(microsecond=0)
    with one_look():
        reach = Scope.of(period, agency, actor, now)
        before, found = collect(reach.before()), collect(reach)
        labels = labels_of({name: found.codes[name] | before.codes[name] for name in found.codes}, reach)
        head = latest_head()
    figures = counted(found.sheet, before.sheet)
    for row in [*figures["by_agency"], *figures["previous"]["by_agency"]]:
        # By name, which is what people compare; the code stands beside.
        row["code"] = row["agency"]
        row["agency"] = labels["agency"].get(row["code"], {}).get("id", "")
    return Snapshot(
        {
            "format": FORMAT,
            "city": _city(),
            "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
            "scope": {
                "agency": agency.code if agency else "",
                "name": {"id": agency.name, "en": agency.name_en or agency.name} if agency else None,
                "oversight": _sees_oversight(actor),
                # What this reader's report leaves out as a whole, so that nobody takes it for none.
                "without": [] if reach.reads_all else ["recommendations", "inputs"],
            },
            "built_at": iso(now),
            # The last signed head of the history: whoever keeps the paper keeps it too (docs/ledger.md).
            "ledger": head.note if head else "",
            "policies": policies_in(period),
            "definitions": frozen_definitions(),
            "figures": figures,
            "labels": labels,
            "map": map_of_districts(),
            "tables": found.rows.as_json(),
            "before": before.rows.as_json(),
        }
    )


def _city() -> dict[str, Any]:
    city = settings.CITY
    return {
        "code": city.code,
        "name": {"id": city.name_id, "en": city.name_en},
        "government": {"id": city.government_id, "en": city.government_en},
        "time_zone": city.time_zone,
        "zone_label": city.zone_label,
        "residents_source": {"id": city.residents_source_id, "en": city.residents_source_en},
        "colours": {"primary": city.primary, "accent": city.accent, "ochre": city.ochre},
    }


def _sees_oversight(actor: Actor) -> bool:
    if role_of(actor) in (Role.OFFICER, Role.AGENCY_HEAD):
        return bool(getattr(actor, "sees_oversight", False))
    return True


def _without(data: dict[str, Any], codes: Collection[str]) -> dict[str, Any]:
    return {code: value for code, value in data.items() if code not in codes}


def _safe(text: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in text)[:60]
