"""What events record of the rows they leave behind, so that every row can be folded from the history.

An event's data has a member `rows`. Under the code of a table stand the changed columns of its rows with the
columns that name them, under "+" and the code new rows, under "-" and the code rows that went:

    {"case": [{"state": "assigned", "agency_id": 4}], "+clock": [{"stage": "first_response", …}]}

What is empty (null, "", false, {}) is left out of a new row. Keys, codes and moments only: what people wrote and
what tells who somebody is stand with the words, which may be erased. A column is recorded unless its table says
why it is not, so that nobody has to think of a new one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Clock, Complainant, Complaint, Pause, ReportedParty
from complaints.models.event import event_hash
from complaints.registry import Registry

Rows = dict[str, list[dict[str, Any]]]
ROWS = "rows"
# Stands where the citizen's words stood. Not translated: it is kept, like they were.
ERASED = "[dihapus / erased]"
WORDS_OF_CASE = ("subject", "description", "location", "latitude", "longitude", "happened_on")
CHAIN = _("What it must be follows from the chain of events itself.")
WORDS = _("It stands with the words of the first event, and goes with them when they are erased.")
NEXT_LOOK = _("It is worked out anew, from clocks, escalations and rules, and compared.")


@dataclass(frozen=True)
class Table:
    """A table whose rows belong to a case. `key`: columns that name a row within its case; rows that are alike in
    them go by the order in which they were made. `told_elsewhere`: columns that no event records, each with what holds
    them to what they must be; `untold`: those that nothing holds, with the reason."""

    code: str
    model: type[models.Model]
    key: tuple[str, ...] = ()
    case: str = "complaint_id"
    told_elsewhere: Mapping[str, Promise] = field(default_factory=dict)
    untold: Mapping[str, Promise] = field(default_factory=dict)
    digested: frozenset[str] = frozenset()  # only a digest is recorded

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The recorded columns."""
        left_out = {self.case, self.model._meta.pk.attname, *self.told_elsewhere, *self.untold}
        return {f.attname: f for f in self.model._meta.concrete_fields if f.attname not in left_out}

    @cached_property
    def empty(self) -> dict[str, Any]:
        """What a recorded column holds where a new row leaves it out."""
        return {name: _empty(found) for name, found in self.fields.items()}

    def spell(self, name: str, value: Any) -> Any:
        """The value of this column as an event has it."""
        if name in self.digested:
            return digest(value)
        return spell(value)

    def whole(self, row: models.Model) -> dict[str, Any]:
        """A new row."""
        spelled = {name: self.spell(name, getattr(row, name)) for name in self.fields}
        return {name: value for name, value in spelled.items() if value != self.empty[name]}

    def snapshot(self, row: models.Model) -> dict[str, Any]:
        """The columns that were read, to be compared with later."""
        held = row.__dict__
        return {name: held[name] for name in self.fields if name in held}

    def changed(self, row: models.Model, before: Mapping[str, Any]) -> dict[str, Any]:
        """The columns that are others than in the snapshot."""
        held = row.__dict__
        return {
            name: self.spell(name, held[name]) for name, value in before.items() if held.get(name) != value
        }

    def named(self, row: models.Model, columns: Iterable[str]) -> dict[str, Any]:
        """These columns as they are now, with those that name the row."""
        return {name: self.spell(name, getattr(row, name)) for name in (*self.key, *columns)}


def _empty(found: Any) -> Any:
    if isinstance(found, models.JSONField):
        return {}
    if found.null:
        return None
    if isinstance(found, models.BooleanField):
        return False
    return "" if isinstance(found, models.CharField | models.TextField) else None


def spell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def digest(value: Any) -> str | None:
    """Of what may stand in no event itself and cannot be guessed."""
    if not value:
        return None
    return sha256(value.encode() if isinstance(value, str) else bytes(value)).hexdigest()[:32]


CASE = Table(
    "case",
    Complaint,
    case="id",
    told_elsewhere={
        **dict.fromkeys(("number", "version", "last_event_hash"), CHAIN),
        **dict.fromkeys(WORDS_OF_CASE, WORDS),
        **dict.fromkeys(("next_action_at", "watch_at", "next_level"), NEXT_LOOK),
    },
    untold={
        "sweep_error": _("An error of a sweep, shown to administrators until the next look."),
    },
    digested=frozenset({"receipt_digest", "submission_digest"}),
)
CLOCK = Table("clock", Clock, key=("stage", "started_at"))
PAUSE = Table("pause", Pause, key=("started_at",))
PARTY = Table("party", ReportedParty, key=("user_id", "agency_id"))
COMPLAINANT = Table("complainant", Complainant, digested=frozenset({"sealed"}))
TABLES: Registry[Table] = Registry()


def of_new_case(case: Complaint, clocks: Iterable[Clock], pauses: Iterable[Pause]) -> Rows:
    """What the first event of a case records."""
    rows = {
        "+case": [CASE.whole(case)],
        "+clock": [CLOCK.whole(clock) for clock in clocks],
        "+pause": [PAUSE.whole(pause) for pause in pauses],
    }
    return {name: entries for name, entries in rows.items() if entries}


def words_of_case(case: Complaint) -> dict[str, Any]:
    """What the first event keeps of what was said, where erasing reaches it: all that could tell who it was."""
    said = {name: spell(getattr(case, name)) for name in WORDS_OF_CASE}
    return {name: value for name, value in said.items() if value not in ("", None)}


def together(*some: Rows) -> Rows:
    """One after the other."""
    whole: Rows = {}
    for rows in some:
        for name, entries in rows.items():
            if entries:
                whole[name] = [*whole.get(name, ()), *entries]
    return whole


def add_rows(event: Any, case: Complaint, rows: Rows) -> None:
    """Lets the last event of the case that was drafted, a model or a plain row, record these too."""
    event.data = {**event.data, ROWS: together(event.data.get(ROWS, {}), rows)}
    event.hash = case.last_event_hash = event_hash(event, case.number)
