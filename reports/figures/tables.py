"""The rows a report counts: pseudonymous, without words or identity. A snapshot keeps them for a recount."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from reports.figures import frames
from reports.figures.frames import Columns, Shape, Stream, laid

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MOMENT_COLUMNS = frozenset(
    {
        "received_at",
        "ended_at",
        "target_at",
        "promised_at",
        "due_at",
        "stopped_at",
        "began_at",
        "until_at",
        "first_due_at",
    }
)
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
    "service",
    "is_typed",  # by staff: told by telephone, at the counter, on a slip
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
STEPS = ("step_1", "step_2", "step_3", "step_4")
COLUMNS: dict[str, tuple[str, ...]] = {
    "cases": CASE_COLUMNS,
    # Received before the period, and not over when it began.
    "carried": ("case", "received_at", "ended_at", "state", "agency"),
    "clocks": CLOCK_COLUMNS,
    # A time that a case, or a part of one, was with an agency; `began_at` empty where nobody knows since when. Promises
    # are counted from then.
    "stays": (
        "stay",
        "case",
        "agency",
        "began_at",
        "until_at",
        "how",
        "first_due_at",
        "promised_at",
        "due_at",
        "paused_seconds",
        "is_typed",
    ),
    "escalations": ("case", "level", "trigger", "state", "decision"),
    # `kind_before` and `kind` empty where it stayed; `category`: the new one.
    "corrections": ("case", "kind_before", "kind", "category"),
    "handlers": ("case", "handler"),
    # Of how many things in a case a rule asked whether they are a sign, and how many are.
    "signals": ("case", "signal", "agency", "looks", "signs"),
    # What an agency was asked about a sign; days as text, empty for none. How many answers it gave.
    "sign_answers": ("sign", "signal", "agency", "asked_on", "due_on", "answered_on", "answers"),
    # Days as text, empty for none.
    "recommendations": (
        "recommendation",
        "agency",
        "state",
        "maladministration",
        "issued_on",
        "due_on",
        "answered_on",
        "ended_on",
    ),
    "commitments": (
        "promise",  # its public number
        "agency",
        "service",
        "kind",
        "state",
        "made_on",
        "due_on",
        "done_on",
        "ended_on",
        # Of a kept one: reports in as many days before and after, and the mean of the element it is about.
        "reports_before",
        "reports_after",
        "effect_days",
        "effect",
        "element",
        "mean_before",
        "mean_after",
        "means",
    ),
    "inputs": (
        "input",
        "forum",
        "source",
        "agency",
        "service",
        "state",
        "on",
        "due_on",
        "answered_on",
        "reason",
        "became",  # how far the report or the promise is that it became
        "supports",
    ),
    "rounds": (
        "round",
        "agency",
        "service",
        "opens_on",
        "closes_on",
        "population",
        "target",
        "respondents",  # and what follows: none where fewer than ten answered
        "typed",
        "moments",  # whole numbers from which the index is counted (surveys/index/moments.py)
    ),
    "after_case": ("quarter", "by", "code", "asked", "answers", *STEPS, "yes", "no", "typed"),
    # Without what was said where fewer than ten answered.
    "call_backs": (
        "quarter",
        "population",
        "asked",
        "done",
        "partly",
        "not_done",
        "refused",
        "not_reached",
        "silent",
        "typed",
    ),
    "agencies": ("agency", "office"),
    "areas": ("area", "level", "district", "residents"),
}
OPTIONAL_NUMBERS = frozenset(
    {
        "rating",
        "reports_before",
        "reports_after",
        "effect_days",
        "mean_before",
        "mean_after",
        "population",
        "target",
        "respondents",
        "typed",
        "asked",
        "answers",
        "done",
        "partly",
        "not_done",
        *STEPS,
        "yes",
        "no",
        "residents",
    }
)
# Rows of single cases, which come some cases at a time; the name is first in each. All other tables are small.
OF_CASES = ("cases", "carried", "clocks", "stays", "escalations", "corrections", "handlers", "signals")
# Tables about persons who work for the city, with their names, and what agencies say to signs: in no public edition.
INTERNAL = frozenset({"handlers", "sign_answers"})
INTERNAL_GROUPS = frozenset({"handler"})
SHAPE = Shape(MOMENT_COLUMNS, OPTIONAL_NUMBERS)
Rows = list[tuple[Any, ...]]
Read = dict[str, Rows | Stream | Columns]
Spelled = Mapping[str, Mapping[str, Any]]  # {table: {"columns", "rows"}}


@dataclass(frozen=True)
class Tables:
    """The tables by name, those of COLUMNS; `before`: the same of the period before."""

    frames: dict[str, pd.DataFrame]
    before: Tables | None = None

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Any] | Stream | Columns], before: Tables | None = None) -> Tables:
        """What has no rows is empty. Rows in a dictionary are taken out of it, so that none lies there twice."""
        take = rows.pop if isinstance(rows, dict) else rows.get
        return cls({name: _read(take(name, ()), COLUMNS[name]) for name in COLUMNS}, before)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    @property
    def cases(self) -> pd.DataFrame:
        return self.frames["cases"]

    @property
    def clocks(self) -> pd.DataFrame:
        return self.frames["clocks"]

    def as_json(self) -> Spelled:
        """With the rows as lists of plain values, moments as ISO 8601 in UTC."""
        return {
            name: {"columns": list(COLUMNS[name]), "rows": _rows(frame)}
            for name, frame in self.frames.items()
        }

    @classmethod
    def from_json(cls, data: Spelled, before: Spelled | None = None) -> Tables:
        frames = {name: make_frame(part["rows"], part["columns"]) for name, part in data.items()}
        return cls(frames, cls.from_json(before) if before is not None else None)


def make_frame(rows: Iterable[Any], columns: Sequence[str]) -> pd.DataFrame:
    """A frame of these rows; moments may be datetimes or ISO texts."""
    return frames.make_frame(rows, columns, SHAPE)


def _read(rows: Iterable[Any] | Stream | Columns, columns: Sequence[str]) -> pd.DataFrame:
    if isinstance(rows, Columns):
        return laid(frames.frame_of(rows.values, columns, SHAPE), rows.by)
    if isinstance(rows, Stream):
        return laid(make_frame(rows.rows, columns), rows.by)
    return make_frame(rows, columns)


def spelled(frame: pd.DataFrame, known: frames.Texts | None = None) -> Iterator[np.ndarray[Any, Any]]:
    """A line of JSON for each row, as a snapshot has it, some at a time."""
    return frames.spelled(frame, SHAPE, known)


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    return [json.loads(line) for rows in spelled(frame) for line in frames.plain(rows).splitlines()]


def iso(moment: datetime) -> str:
    """In UTC, with fractions of a second only where there are any."""
    text = moment.astimezone(UTC).isoformat()
    return text.replace("+00:00", "Z")
