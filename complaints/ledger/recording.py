"""How a service puts rows of no case on record: recommendations, audits, whatever `OWN_ROWS` lists.

    with recording(actor=actor, now=now) as record:
        row = Recommendation.objects.create(…)
        record.new(row)
        Recommendation.objects.filter(pk=other.pk).update(state=…)
        record.changed(other, "state")

is one transaction with one entry of the ledger at its end, or none where nothing is on record to change. What
`verify_ledger` folds from the entries must be what the tables hold.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from complaints.history.rows import OWN_ROWS, ROWS, Rows, Table
from complaints.ledger.entries import EntryType, write_entry
from complaints.ledger.told import KNOWN, Told, spelled
from complaints.models import LedgerEntry

BATCH = 500  # rows in an entry of `record_own_rows`
Written = tuple[Any, ...]  # a row, and the names of its columns that were written


class RowsEntry(models.TextChoices):
    """Kinds of entries."""

    RECORDED = "rows_recorded", gettext_lazy("Rows put on record")


class Recorder:
    """Gathers what a service did. Rows are read when it ends, so that what is recorded is what the tables hold."""

    def __init__(self, data: dict[str, Any] | None = None) -> None:
        self.data = data or {}  # stands in the entry, public like all of it
        self._new: dict[type[models.Model], list[Any]] = {}
        self._changed: dict[type[models.Model], dict[Any, set[str]]] = {}
        self._watched: dict[type[models.Model], dict[Any, dict[str, Any]]] = {}
        self._gone: dict[type[models.Model], list[Any]] = {}

    def new(self, *rows: models.Model) -> None:
        """Rows that were added, or count from now on."""
        for row in rows:
            self._new.setdefault(_model_of(row), []).append(row.pk)

    def changed(self, row: models.Model, *columns: str) -> None:
        """These columns, or fields, were written."""
        names = {row._meta.get_field(name).attname for name in columns}  # type: ignore[union-attr]
        self._changed.setdefault(_model_of(row), {}).setdefault(row.pk, set()).update(names)

    def watch(self, *rows: models.Model) -> None:
        """Rows as they were read within this transaction: whatever is another at its end has changed."""
        for row in rows:
            self._watched.setdefault(_model_of(row), {}).setdefault(row.pk, dict(row.__dict__))

    def gone(self, *rows: models.Model) -> None:
        """Rows that are taken away; said before they are."""
        for row in rows:
            self._gone.setdefault(_model_of(row), []).append(row.pk)

    def rows(self) -> Rows:
        """What an entry says of it (history/rows.py)."""
        said: Rows = {}
        for table in OWN_ROWS:
            new, gone = self._new.get(table.model, []), set(self._gone.get(table.model, []))
            changed = {key: set(names) for key, names in self._changed.get(table.model, {}).items()}
            for key, before in self._watched.get(table.model, {}).items():
                changed.setdefault(key, set()).update(_differing(table, key, before))
            there = dict(spelled(table, [*new, *changed])) if new or changed else {}
            entries = {
                f"+{table.code}": [there[key] for key in dict.fromkeys(new) if key in there],
                table.code: [
                    _only(table, there[key], names)
                    for key, names in changed.items()
                    if key in there and key not in new and names & set(table.fields)
                ],
                f"-{table.code}": [{table.key[0]: key} for key in sorted(gone - set(new))],
            }
            said |= {name: found for name, found in entries.items() if found}
        return said


def _model_of(row: models.Model) -> type[models.Model]:
    model = type(row)
    if not any(table.model is model for table in OWN_ROWS):
        raise LookupError(f"{model._meta.label} is not in OWN_ROWS")
    return model


def _only(table: Table, columns: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {
        name: columns.get(name, table.empty[name]) for name in (table.key[0], *names) if name in table.fields
    }


def _differing(table: Table, key: Any, before: dict[str, Any]) -> set[str]:
    names = [name for name in table.fields if name in before]
    now = table.model._base_manager.filter(pk=key).values(*names).first() or {}
    return {name for name in names if name in now and now[name] != before[name]}


_outer: ContextVar[list[tuple[str, dict[str, Any], Rows, Actor, datetime]] | None] = ContextVar(
    "recording", default=None
)


@contextmanager
def recording(
    kind: str = RowsEntry.RECORDED, *, actor: Actor, now: datetime, data: dict[str, Any] | None = None
) -> Iterator[Recorder]:
    """A transaction whose rows of `OWN_ROWS` are on record when it ends. `data` is public, as the entry is.

    The entry is written last, since on PostgreSQL whoever writes one waits for whoever did before; within another
    recording, where that ends.
    """
    pending, recorder = _outer.get(), Recorder(data)
    mine: list[tuple[str, dict[str, Any], Rows, Actor, datetime]] = []
    token = _outer.set(mine)
    try:
        with transaction.atomic():
            yield recorder
            rows = recorder.rows()
            if rows or recorder.data:
                mine.append((kind, recorder.data, rows, actor, now))
            if pending is None:
                for each, more, said, who, when in mine:
                    write_entry(each, actor=who, now=when, data=more | ({ROWS: said} if said else {}))
    finally:
        _outer.reset(token)
    if pending is not None:
        pending.extend(mine)


def record_own_rows(now: datetime, *, only_empty: bool = False) -> int:
    """Puts on record what an older version wrote, and tables as known from now on; how many rows. Again it finds
    nothing. What an entry tells of a row already is kept.

    `only_empty`: only tables without rows, as in a new city: there is nothing that somebody else could have added.
    """
    told = Told(OWN_ROWS)
    with transaction.atomic():
        told.read_on()
        count, known = 0, []
        for table in OWN_ROWS:
            if table.code in told.known or (only_empty and table.rows.exists()):
                continue
            known.append(table.code)
            count += _record_whole(told, table, now)
        if known:
            write_entry(RowsEntry.RECORDED, actor=None, now=now, data={KNOWN: known})
    return count


def _record_whole(told: Told, table: Table, now: datetime) -> int:
    rows = []
    for key, columns in sorted(spelled(table), key=itemgetter(0)):
        before = told.rows[table.code].get(key)
        if before is None or not before.is_whole:
            rows.append(columns | (before.columns if before else {}))
    for start in range(0, len(rows), BATCH):
        said: Rows = {f"+{table.code}": rows[start : start + BATCH]}
        write_entry(RowsEntry.RECORDED, actor=None, now=now, data={ROWS: said})
    return len(rows)


def _in_words(entry: LedgerEntry) -> str:
    return _(
        "Put on record: what changed in recommendations, promises, audits and other work that belongs to no "
        "single report."
    )


# What is on record may rest on a case that somebody must not know of. So there is one sentence for all of it, once
# a day and without a number; how many events there are in an hour, the signatures say anyway.
ENTRIES = (EntryType(RowsEntry.RECORDED, _in_words, is_daily=True),)
