"""What events record of the rows they leave behind, so that every row can be folded from the history.

An event's data has a member `rows`. Under the code of a table stand the changed columns of its rows with the
columns that name them, under "+" and the code new rows, under "-" and the code rows that went:

    {"case": [{"state": "assigned", "agency_id": 4}], "+clock": [{"stage": "first_response", …}]}

What is empty (null, "", false, {}) is left out of a new row. Keys, codes and moments only: what people wrote and
what tells who somebody is stand with the words, which may be erased. A column is recorded unless it is said that it is
not, so that nobody has to think of a new one; what the database works out of others, and lets nobody write, is not.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import compress
from operator import is_not, itemgetter
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from complaints.history.untold import is_untold
from complaints.models import Clock, Complainant, Complaint, Pause, ReportedParty
from complaints.registry import Registry

Rows = dict[str, list[dict[str, Any]]]
ROWS = "rows"
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
# Stands where the citizen's words stood. Not translated: it is kept, like they were.
ERASED = "[dihapus / erased]"
WORDS_OF_CASE = ("subject", "description", "location", "latitude", "longitude", "happened_on")


@dataclass(frozen=True)
class Table:
    """A table whose rows belong to a case. `key`: columns that name a row within its case; rows that are alike in
    them go by the order in which they were made. `told_elsewhere`: columns that are held to what they must be in
    another way. Not recorded is also what untold.py lists."""

    code: str
    model: type[models.Model]
    key: tuple[str, ...] = ()
    case: str = "complaint_id"
    told_elsewhere: frozenset[str] = frozenset()
    digested: frozenset[str] = frozenset()  # only a digest is recorded
    salt: str = ""  # what the digests are salted with: a column, or one of a row that this one leads to
    also: tuple[str, ...] = ()  # columns of a row that this one leads to: step__at
    only: models.Q | None = field(default=None, compare=False)  # rows that are recorded; None for all

    @classmethod
    def of_settings(cls, code: str, model: type[models.Model]) -> "Table":
        """A table of no case: settings, which the ledger's own entries record. Of long texts a digest."""
        fields = model._meta.concrete_fields
        long = frozenset(f.attname for f in fields if isinstance(f, models.TextField | models.JSONField))
        return cls(code, model, key=(model._meta.pk.attname,), case="", digested=long)

    @classmethod
    def of_entries(
        cls,
        code: str,
        model: type[models.Model],
        *,
        plain: Iterable[str] = (),
        digested: Iterable[str] = (),
        told_elsewhere: Iterable[str] = (),
        salt: str = "",
        also: Iterable[str] = (),
        only: models.Q | None = None,
    ) -> "Table":
        """A table of no case whose rows services record in the ledger's own entries (ledger/recording.py).

        Entries are public for good. So of whatever may be words (text without choices, JSON, bytes) only a digest is
        recorded, unless it is `plain`: codes and numbers; and of what else is `digested`, as a key that tells of a
        case. Such digests are salted with what nobody guesses. ImproperlyConfigured without a salt.
        """
        left_out = {*plain, *told_elsewhere}
        columns = {f.attname: f for f in model._meta.concrete_fields} | {n: _at(model, n) for n in also}
        wordy = {name for name, found in columns.items() if _may_be_words(found)} - left_out
        hidden = frozenset({*wordy, *digested})
        table = cls(
            code,
            model,
            key=(model._meta.pk.attname,),
            case="",
            told_elsewhere=frozenset(told_elsewhere),
            digested=hidden,
            salt=salt,
            also=tuple(also),
            only=only,
        )
        if not salt and hidden:
            raise ImproperlyConfigured(f"{code!r} has digests and no salt")
        return table

    @property
    def rows(self) -> models.QuerySet[Any]:
        """The rows that are recorded."""
        rows = self.model._base_manager.all()
        return rows if self.only is None else rows.filter(self.only)

    @cached_property
    def values(self) -> models.QuerySet[Any, Any]:
        """Plain rows of the recorded columns, with the salt behind them if there is one. Put together once: a check
        asks a hundred tables."""
        read = (*self.fields, self.salt) if self.salt else tuple(self.fields)
        return self.rows.order_by().values_list(*read)

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The recorded columns."""
        left_out = {self.case, *self.told_elsewhere} | {self.model._meta.pk.attname} - set(self.key)
        return {
            f.attname: f
            for f in self.model._meta.concrete_fields
            if not f.generated and f.attname not in left_out and not is_untold(self.model, f.attname)
        } | {name: _at(self.model, name) for name in self.also}

    @cached_property
    def empty(self) -> dict[str, Any]:
        """What a recorded column holds where a new row leaves it out."""
        return {name: _empty(found) for name, found in self.fields.items()}

    @cached_property
    def in_order(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """The columns of a row, in the order of `fields`."""
        names = tuple(self.fields)
        return itemgetter(*names) if len(names) > 1 else lambda row: tuple(row[name] for name in names)

    def spell(self, name: str, value: Any, salt: str = "") -> Any:
        """The value of this column as an event has it."""
        if name in self.digested:
            return digest(value, f"{salt}:{self.code}:{name}" if self.salt else "") or self.empty[name]
        return spell(value)

    def whole(self, row: models.Model) -> dict[str, Any]:
        """A new row."""
        whole, held, digested = {}, row.__dict__, self.digested
        for name, empty in self.empty.items():
            value = held[name] if name in held else getattr(row, name)
            if name in digested:
                value = self.spell(name, value)
            elif value is not empty and type(value) not in _AS_THEY_ARE:
                value = spell(value)
            if value is not empty and value != empty:
                whole[name] = value
        return whole

    def snapshot(self, row: models.Model) -> dict[str, Any]:
        """What was read, to be compared with later."""
        return row.__dict__.copy()

    def changed(self, row: models.Model, before: Mapping[str, Any]) -> dict[str, Any]:
        """The columns that are others than in the snapshot."""
        held = row.__dict__
        # Nearly all are the very same, and a policy is long to compare.
        others = compress(before, map(is_not, map(held.get, before), before.values()))
        fields = self.fields
        changed = [name for name in others if name in fields and held.get(name) != before[name]]
        return self.spelled(changed, held)

    def named(self, row: models.Model, columns: Iterable[str]) -> dict[str, Any]:
        """These columns as they are now, with those that name the row."""
        return {name: self.spell(name, getattr(row, name)) for name in (*self.key, *columns)}

    def spelled(self, names: Iterable[str], held: Mapping[str, Any]) -> dict[str, Any]:
        """These columns of what a row holds; most are as they are."""
        return {
            name: value
            if type(value := held.get(name)) in _AS_THEY_ARE and name not in self.digested
            else self.spell(name, value)
            for name in names
        }


def _at(model: type[models.Model], path: str) -> Any:
    """The field at the end of a path such as step__at."""
    *through, last = path.split("__")
    for name in through:
        found: Any = model._meta.get_field(name)
        model = found.related_model
    return model._meta.get_field(last)


def _may_be_words(found: Any) -> bool:
    if isinstance(found, models.TextField | models.JSONField | models.BinaryField):
        return True
    return isinstance(found, models.CharField | models.FileField) and not found.choices


def _empty(found: Any) -> Any:
    if isinstance(found, models.JSONField):
        return {}
    if found.null:
        return None
    if isinstance(found, models.BooleanField):
        return False
    return "" if isinstance(found, models.CharField | models.TextField) else None


def spell(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, str | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | time) else value


@lru_cache(maxsize=4096)
def _moment(value: datetime) -> str:
    """Kept, since a sweep says the same few of thousands of cases."""
    return value.astimezone(UTC).isoformat()


def digest(value: Any, salt: str = "") -> str | None:
    """Of what may stand in no event itself and cannot be guessed, by itself or with the salt."""
    if value is None or (not salt and not value) or value in ("", {}, []):
        return None
    if isinstance(value, list | dict):
        value = json.dumps(value, sort_keys=True)
    elif not isinstance(value, str | bytes | memoryview):
        value = str(spell(value))
    content = value.encode() if isinstance(value, str) else bytes(value)
    return sha256(salt.encode() + content).hexdigest()[:32]


CHAIN = ("number", "version", "last_event_hash")  # follow from the chain itself
NEXT_LOOK = ("next_action_at", "watch_at", "next_level")  # worked out anew by the ladder
CASE = Table(
    "case",
    Complaint,
    case="id",
    told_elsewhere=frozenset({*CHAIN, *WORDS_OF_CASE, *NEXT_LOOK}),
    digested=frozenset({"receipt_digest", "submission_digest"}),
)
CLOCK = Table("clock", Clock, key=("stage", "started_at"))
PAUSE = Table("pause", Pause, key=("started_at",))
PARTY = Table("party", ReportedParty, key=("user_id", "agency_id"))
COMPLAINANT = Table("complainant", Complainant, digested=frozenset({"sealed"}))
TABLES: Registry[Table] = Registry()
SETTINGS: Registry[Table] = Registry()  # tables of no case (ledger/settings.py)
OWN_ROWS: Registry[Table] = Registry()  # of no case either, written by services (ledger/recording.py)


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
                whole[name] = [*whole[name], *entries] if name in whole else entries
    return whole


def with_rows(data: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    """The data of an event that records these too."""
    return {**data, ROWS: together(data.get(ROWS, {}), rows)}
