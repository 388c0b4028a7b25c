"""The rows a report counts: pseudonymous, without words or identity. A snapshot keeps them for a recount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MOMENT_COLUMNS = frozenset({"received_at", "ended_at", "target_at", "promised_at", "due_at", "stopped_at"})
OPTIONAL_NUMBERS = frozenset({"rating"})
CASE_COLUMNS = (
    "case",  # a keyed pseudonym, different in every report
    "received_at",
    "ended_at",
    "target_at",
    "state",
    "how",  # how it ended, empty while open
    "kind",
    "channel",
    "agency",
    "category",
    "area",
    "cycle",
    "is_disputed",
    "hand_backs",
    "end_reason",
    "rating",
    "pauses",  # how often it waited for the citizen, and how long in all
    "paused_seconds",
)
CLOCK_COLUMNS = (
    "case",
    "stage",
    "cycle",
    "promised_at",  # the first promise; `due_at` is what decisions moved it to
    "due_at",
    "stopped_at",
    "stopped_by",  # why: that it stopped does not say that its stage was done
    "extended_by",
)
ESCALATION_COLUMNS = ("case", "level", "trigger", "state")
COLUMNS: dict[str, tuple[str, ...]] = {
    "cases": CASE_COLUMNS,
    "clocks": CLOCK_COLUMNS,
    "escalations": ESCALATION_COLUMNS,
}
# Tables about persons who work for the city: in no public edition.
INTERNAL: frozenset[str] = frozenset()
INTERNAL_GROUPS: frozenset[str] = frozenset()  # and their names
Rows = list[tuple[Any, ...]]
Spelled = Mapping[str, Mapping[str, Any]]  # {table: {"columns", "rows"}}


@dataclass(frozen=True)
class Tables:
    """The tables by name, those of COLUMNS; `before`: the same of the period before."""

    frames: dict[str, pd.DataFrame]
    before: Tables | None = None

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Any]], before: Tables | None = None) -> Tables:
        """What has no rows is empty."""
        return cls({name: make_frame(rows.get(name, ()), COLUMNS[name]) for name in COLUMNS}, before)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    @property
    def cases(self) -> pd.DataFrame:
        return self.frames["cases"]

    @property
    def clocks(self) -> pd.DataFrame:
        return self.frames["clocks"]

    def as_json(self) -> dict[str, Any]:
        """Columns and rows; moments as ISO 8601 in UTC."""
        return {
            name: {"columns": list(frame.columns), "rows": _plain(frame)}
            for name, frame in self.frames.items()
        }

    @classmethod
    def from_json(cls, data: Spelled, before: Spelled | None = None) -> Tables:
        frames = {name: make_frame(part["rows"], part["columns"]) for name, part in data.items()}
        return cls(frames, cls.from_json(before) if before is not None else None)


def make_frame(rows: Iterable[Any], columns: Sequence[str]) -> pd.DataFrame:
    """A frame of these rows; moments may be datetimes or ISO texts."""
    import pandas as pd  # only here: it takes seconds and memory that most processes do not need

    frame = pd.DataFrame.from_records(list(rows), columns=list(columns))
    for name in columns:
        if name in MOMENT_COLUMNS:
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601").astype(
                "datetime64[us, UTC]"
            )
        elif name in OPTIONAL_NUMBERS:
            frame[name] = frame[name].astype("float64")
    return frame


def _plain(frame: pd.DataFrame) -> list[list[Any]]:
    columns: list[list[Any]] = []
    for name in frame.columns:
        values = frame[name].tolist()
        if name in MOMENT_COLUMNS or name in OPTIONAL_NUMBERS:
            spell = _number if name in OPTIONAL_NUMBERS else _spell
            known = frame[name].notna()
            values = [
                spell(value) if is_known else None for value, is_known in zip(values, known, strict=True)
            ]
        columns.append(values)
    return [list(row) for row in zip(*columns, strict=True)]


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _spell(moment: pd.Timestamp) -> str:
    return iso(moment.to_pydatetime())


def iso(moment: datetime) -> str:
    """In UTC, with fractions of a second only where there are any."""
    text = moment.astimezone(UTC).isoformat()
    return text.replace("+00:00", "Z")
