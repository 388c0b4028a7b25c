"""Empties the database past the guards of what is only ever added to: for a demo city, and for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction

from complaints.database import append_only, triggers
from surveys.questionnaires import frozen
from surveys.rounds import triggers as survey_triggers

GUARDS = (
    (triggers.remove_guards, triggers.install_guards),
    (triggers.remove_tree_guards, triggers.install_tree_guards),
    (triggers.remove_entry_guards, triggers.install_entry_guards),
    (survey_triggers.remove, survey_triggers.install),
    (frozen.remove, frozen.install),
    (append_only.remove, append_only.install),
)


@contextmanager
def guards_away(of: Any) -> Iterator[None]:
    """A transaction in which rows may go that are never deleted; the guards are there again when it ends."""
    with transaction.atomic(using=of.alias):
        for remove, _install in GUARDS:
            remove(of)
        yield
        for _remove, install in GUARDS:
            install(of)


def empty_database() -> None:
    """As `migrate` left it: every table without rows, keys begin at 1 again. All or nothing."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    statements = connection.ops.sql_flush(no_style(), tables, reset_sequences=True)
    with guards_away(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        if connection.vendor == "postgresql":  # SQLite's follows by its own trigger
            cursor.execute(f"DELETE FROM {triggers.SEARCH}")  # noqa: S608 - our own table
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
