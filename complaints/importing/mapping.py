"""What the columns and words of another system's export mean, from a TOML file (fixtures/mappings/*.toml)."""

import tomllib
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from complaints.clock.city_time import zone
from complaints.importing.lines import plain
from complaints.importing.moments import ISO, as_read
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel, StateChoice

REJECT = "reject"
YES, NO = "yes", "no"
# Fields of a case whose column holds words that have to be translated into ours, and what they may mean.
MEANINGS: dict[str, frozenset[str]] = {
    "state": frozenset(StateChoice.values),
    "channel": frozenset(Channel.values),
    "kind": frozenset(Kind.values),
    "is_anonymous": frozenset({YES, NO}),
    "is_confidential": frozenset({YES, NO}),
}
MOMENTS = ("received_at", "ended_at", "target_at")
TEXTS = ("subject", "description", "location", "remark", "external_reference", "language")
NAMES = ("agency", "category", "area")
FIELDS = frozenset({"id", "latitude", "longitude", *MOMENTS, *TEXTS, *NAMES, *MEANINGS})
TOP_LEVEL = frozenset(
    {
        "source",
        "encoding",
        "delimiter",
        "sheet",
        "header_row",
        "empty",
        "time_zone",
        "time_zones",
        "dates",
        "columns",
        "constants",
        "values",
        "lookup",
        "reject",
    }
)
# Where a name in the file is looked for: among the source's own rows, made when missing, or first among the
# city's. An area is never made: without a match it stays part of the place in words.
LOOKUPS = {"agency": {"source", "city"}, "category": {"source", "city"}, "area": {"none", "city"}}
DEFAULT_LOOKUP = {"agency": "source", "category": "source", "area": "city"}


class MappingError(Exception):
    """The mapping cannot be used; the message says why."""


@dataclass(frozen=True)
class Words:
    """What the words of one column mean; `otherwise` is the meaning of all others, or "reject"."""

    meanings: AnyMapping[str, str]
    otherwise: str

    def meaning(self, word: str) -> str:
        """One of our values, or "reject"."""
        return self.meanings.get(word.strip().casefold(), self.otherwise)


@dataclass(frozen=True)
class Refusal:
    """Rows whose `column` holds one of `words` are not taken over, for `reason`."""

    column: str
    words: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Mapping:
    source: str
    columns: AnyMapping[str, tuple[str, ...]]
    values: AnyMapping[str, Words]
    tz: ZoneInfo
    zones: AnyMapping[str, ZoneInfo] = field(default_factory=dict)  # of single columns
    encoding: str = ""  # "", and so with the next three: found in the file
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0  # from 1
    empty: frozenset[str] = frozenset()  # words that mean that nothing is known
    dates: tuple[str, ...] = (ISO,)
    constants: AnyMapping[str, str] = field(default_factory=dict)
    lookup: AnyMapping[str, str] = field(default_factory=lambda: DEFAULT_LOOKUP)
    refusals: tuple[Refusal, ...] = ()

    @property
    def needed_columns(self) -> frozenset[str]:
        """Headings without which the file is not the one this mapping is for."""
        named = {heading for headings in self.columns.values() for heading in headings}
        return frozenset(named | {refusal.column for refusal in self.refusals})


def load_mapping(path: Path) -> Mapping:
    """The mapping in `path`. MappingError says what is wrong with it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MappingError(
            _("The mapping %(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(
            _("The mapping %(path)s is not valid TOML: %(why)s") % {"path": path, "why": error}
        ) from error
    return read_mapping(raw)


def read_mapping(raw: dict[str, Any]) -> Mapping:
    """The mapping from parsed TOML. MappingError says what is wrong with it."""
    _refuse_unknown(_("the mapping"), raw, TOP_LEVEL)
    source = raw.get("source", "")
    if not isinstance(source, str) or not source.isidentifier() or len(source) > 20:
        raise MappingError(_("“source” has to be a short name of letters, digits and underscores."))
    columns = {name: _headings(name, value) for name, value in _table(raw, "columns").items()}
    _refuse_unknown("[columns]", columns, FIELDS)
    constants = {name: str(value) for name, value in _table(raw, "constants").items()}
    _refuse_unknown("[constants]", constants, FIELDS - {"id", *MOMENTS})
    mapping = Mapping(
        source=source,
        columns=columns,
        values={name: _words(name, table) for name, table in _table(raw, "values").items()},
        tz=_zone(raw.get("time_zone")),
        zones=_zones(_table(raw, "time_zones")),
        encoding=_encoding(raw.get("encoding")),
        delimiter=_delimiter(raw.get("delimiter")),
        sheet=_sheet(raw.get("sheet", "")),
        header_row=_header_row(raw.get("header_row", 0)),
        empty=frozenset(plain(word) for word in _strings("empty", raw["empty"]))
        if "empty" in raw
        else frozenset(),
        dates=_dates(raw.get("dates", [ISO])),
        constants=constants,
        lookup=DEFAULT_LOOKUP | _lookup(_table(raw, "lookup")),
        refusals=tuple(_refusal(table) for table in raw.get("reject", [])),
    )
    _check_complete(mapping)
    return mapping


def _check_complete(mapping: Mapping) -> None:
    for name in ("id", "received_at"):
        if name not in mapping.columns:
            raise MappingError(_("[columns] does not say where “%(name)s” is.") % {"name": name})
    if not {"subject", "description"} & mapping.columns.keys():
        raise MappingError(_("[columns] needs a subject or a description."))
    if "state" not in mapping.columns and "state" not in mapping.constants:
        raise MappingError(_("The mapping does not say in which state the cases are."))
    for name, allowed in MEANINGS.items():
        if name in mapping.columns and name not in mapping.values:
            raise MappingError(_("[values.%(name)s] is missing.") % {"name": name})
        if name in mapping.constants and mapping.constants[name] not in allowed:
            raise MappingError(
                _("“%(word)s” is not a value of “%(name)s”.")
                % {"word": mapping.constants[name], "name": name}
            )


def _words(name: str, table: Any) -> Words:
    if name not in MEANINGS or not isinstance(table, dict):
        raise MappingError(_("[values.%(name)s] is not known.") % {"name": name})
    if "otherwise" not in table:
        raise MappingError(_("[values.%(name)s] does not say what other words mean.") % {"name": name})
    for word in table.values():
        if word not in MEANINGS[name] | {REJECT}:
            raise MappingError(_("“%(word)s” is not a value of “%(name)s”.") % {"word": word, "name": name})
    meanings = {key.strip().casefold(): value for key, value in table.items() if key != "otherwise"}
    return Words(meanings, table["otherwise"])


def _refusal(table: Any) -> Refusal:
    if not isinstance(table, dict) or set(table) != {"column", "words", "reason"}:
        raise MappingError(_("Each [[reject]] needs a column, words and a reason."))
    words = _strings("words", table["words"])
    return Refusal(str(table["column"]), frozenset(w.strip().casefold() for w in words), str(table["reason"]))


def _lookup(table: dict[str, Any]) -> dict[str, str]:
    _refuse_unknown("[lookup]", table, frozenset(LOOKUPS))
    for name, where in table.items():
        if where not in LOOKUPS[name]:
            raise MappingError(_("“%(word)s” is not a value of “%(name)s”.") % {"word": where, "name": name})
    return table


def _table(raw: dict[str, Any], name: str) -> dict[str, Any]:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        raise MappingError(_("[%(name)s] has to be a table.") % {"name": name})
    return table


def _headings(name: str, value: Any) -> tuple[str, ...]:
    return tuple(_strings(name, [value] if isinstance(value, str) else value))


def _strings(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(part, str) for part in value):
        raise MappingError(_("“%(name)s” has to be a text or a list of texts.") % {"name": name})
    return value


def _zone(name: Any) -> ZoneInfo:
    if name is None:
        return zone()
    try:
        return ZoneInfo(str(name))
    except (ValueError, KeyError, OSError) as error:
        raise MappingError(_("There is no time zone “%(name)s”.") % {"name": name}) from error


def _zones(table: dict[str, Any]) -> dict[str, ZoneInfo]:
    _refuse_unknown("[time_zones]", table, frozenset(MOMENTS))
    return {name: _zone(value) for name, value in table.items()}


def _dates(value: Any) -> tuple[str, ...]:
    """What a spreadsheet holds as a date is read as ISO, whatever else is said."""
    formats = [as_read(pattern) for pattern in _strings("dates", value)]
    return (*formats, ISO) if ISO not in formats else tuple(formats)


def _sheet(value: Any) -> str:
    if not isinstance(value, str):
        raise MappingError(_("“sheet” has to be the name of a sheet."))
    return value


def _header_row(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise MappingError(_("“header_row” has to be the number of a row, from 1."))
    return value


def _encoding(name: Any) -> str:
    if name is None:
        return ""
    try:
        known = "".encode(str(name)).decode(str(name)) == ""
    except (LookupError, UnicodeError):
        known = False
    if not known:
        raise MappingError(_("There is no encoding “%(name)s”.") % {"name": name})
    # A byte order mark at the beginning is no part of the first heading.
    return "utf-8-sig" if str(name).lower().replace("_", "-") in {"utf-8", "utf8"} else str(name)


def _delimiter(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) != 1 or value in '"\r\n\0':
        raise MappingError(_("“delimiter” has to be one character."))
    return value


def _refuse_unknown(where: str, table: AnyMapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise MappingError(
            _("%(where)s has entries that are not known: %(names)s.")
            % {"where": where, "names": ", ".join(unknown)}
        )
