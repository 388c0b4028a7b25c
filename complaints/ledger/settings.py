"""Settings put on record: what agencies, people, targets, calendars and rules are, in the ledger's own entries.

A case's events say what was done under them; here stands what they were, and who changed them. The form is that of the
rows in events (history/rows.py). What an administrator saves is recorded with it; what comes in otherwise, by
`record_settings`, whoever runs it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from complaints.history.rows import ROWS, SETTINGS, Rows, Table
from complaints.ledger.entries import EntryType, write_entry
from complaints.ledger.told import KNOWN, Told
from complaints.models import LedgerEntry


class SettingsEntry(models.TextChoices):
    """Kinds of entries."""

    RECORDED = "settings_recorded", gettext_lazy("Settings put on record")


State = dict[str, dict[Any, dict[str, Any]]]  # code of the table → key of the row → its columns
Concerned = Callable[[Table, dict[str, Any]], bool]


def recorded() -> State:
    """The settings as the entries tell them. Without a table that no entry knows: nothing is known of it."""
    told = Told(SETTINGS, SettingsEntry.RECORDED)
    told.read_on()
    return {
        code: {key: row.columns for key, row in rows.items()}
        for code, rows in told.rows.items()
        if code in told.known
    }


def current(tables: Iterable[Table]) -> State:
    """The settings as they are."""
    return {
        table.code: {row.pk: table.whole(row) for row in table.model._base_manager.order_by("pk")}
        for table in tables
    }


def record_settings(
    *, actor: Actor, now: datetime, concerned: Concerned | None = None, only_new: bool = False
) -> LedgerEntry | None:
    """Records what differs from what is on record; None when nothing does.

    `concerned`: only rows of which it says so, with the table and the columns; nothing before all was recorded once.
    `only_new`: rows that no entry knows, and no change of a known one.
    """
    before = recorded()
    if concerned is not None and not before:
        return None
    now_there = current(SETTINGS)
    rows: Rows = {}
    for table in SETTINGS:
        for name, found in _changes(table, before.get(table.code, {}), now_there[table.code]):
            if (concerned is None or concerned(table, found)) and not (only_new and name[0] != "+"):
                rows.setdefault(name, []).append(_said(table, name, found, before))
    new_tables = [table.code for table in SETTINGS if table.code not in before and concerned is None]
    if not rows and not new_tables:
        return None
    data = {KNOWN: new_tables, ROWS: rows} if new_tables else {ROWS: rows}
    return write_entry(SettingsEntry.RECORDED, actor=actor, now=now, data=data)


def record_saved(actor: Actor, saved: models.Model) -> None:
    """Records what an administrator saved, with the rows that are part of it: hours and days off of a calendar."""

    def concerned(table: Table, row: dict[str, Any]) -> bool:
        if table.model is type(saved):
            return bool(row[table.key[0]] == saved.pk)
        parts = [f for f in table.model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
        return any(
            row.get(f.attname) == saved.pk
            for f in parts
            if f.related_model is type(saved) and f.remote_field.on_delete is models.CASCADE
        )

    record_settings(actor=actor, now=timezone.now(), concerned=concerned)


@contextmanager
def recording_settings(*, actor: Actor, now: datetime) -> Iterator[None]:
    """A transaction that puts on record what it changes of the settings, and nothing that somebody changed before it:
    that goes on to show. All there is of a table that no entry knows: nobody can say who wrote it."""
    with transaction.atomic():
        there = current(SETTINGS)
        yield
        known, after = recorded(), current(SETTINGS)
        rows: Rows = {}
        for table in SETTINGS:
            before = there[table.code] if table.code in known else {}
            for name, found in _changes(table, before, after[table.code]):
                rows.setdefault(name, []).append(_said(table, name, found, there))
        new_tables = [table.code for table in SETTINGS if table.code not in known]
        if rows or new_tables:
            data = {KNOWN: new_tables, ROWS: rows} if new_tables else {ROWS: rows}
            write_entry(SettingsEntry.RECORDED, actor=actor, now=now, data=data)


def _changes(
    table: Table, before: Mapping[Any, dict[str, Any]], there: Mapping[Any, dict[str, Any]]
) -> Iterable[tuple[str, dict[str, Any]]]:
    """Name in `rows`, and the whole row."""
    for key in before.keys() - there.keys():
        yield f"-{table.code}", before[key]
    for key, row in there.items():
        if key not in before:
            yield f"+{table.code}", row
        elif table.empty | row != table.empty | before[key]:
            yield table.code, table.empty | row


def _said(table: Table, name: str, row: dict[str, Any], before: State) -> dict[str, Any]:
    """Of a new row all of it, of a changed one what changed, of one that went its key."""
    key = table.key[0]
    if name[0] == "+":
        return row
    if name[0] == "-":
        return {key: row[key]}
    known = table.empty | before[table.code][row[key]]
    return {key: row[key]} | {column: value for column, value in row.items() if value != known[column]}


def _in_words(entry: LedgerEntry) -> str:
    rows: Rows = entry.data.get(ROWS, {})
    tables = {name.lstrip("+-"): 0 for name in rows}
    for name, found in rows.items():
        tables[name.lstrip("+-")] += len(found)
    names = [
        f"{SETTINGS[code].model._meta.verbose_name_plural} ({count})"
        for code, count in tables.items()
        if code in SETTINGS
    ]
    return _("Settings were put on record: %(names)s.") % {"names": ", ".join(names)}


ENTRIES = (EntryType(SettingsEntry.RECORDED, _in_words),)
