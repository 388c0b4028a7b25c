"""Database triggers on tables whose rows are only added, for both databases: what happened, what was signed, what a
standard was. Each app adds its own; they come with every migration, since SQLite changes a table by making it anew.
"""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from complaints.database.triggers import guard_rows, unguard_rows

APPEND_ONLY: list[type[models.Model]] = []


def install(connection: BaseDatabaseWrapper) -> None:
    guard_rows(connection, _tables(connection))


def remove(connection: BaseDatabaseWrapper) -> None:
    """For tests that empty or change these tables."""
    unguard_rows(connection, _tables(connection))


def restore(connection: BaseDatabaseWrapper) -> None:
    remove(connection)
    install(connection)


def _tables(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """Those that are there: not every app may have been migrated yet."""
    there = set(connection.introspection.table_names())
    return tuple(model._meta.db_table for model in APPEND_ONLY if model._meta.db_table in there)
