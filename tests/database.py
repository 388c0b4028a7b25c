"""Emptying a test database whose history refuses to be deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations

REFUSING_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'"
REFUSING_POSTGRES = """
    SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger
    WHERE NOT tgisinternal AND tgtype & 32 <> 0  -- 32: fires on TRUNCATE
"""


@contextmanager
def _triggers_off(cursor: Any, vendor: str) -> Iterator[None]:
    """Puts aside, within the caller's transaction, the triggers that would refuse to empty a table."""
    if vendor == "sqlite":
        triggers = cursor.execute(REFUSING_SQLITE).fetchall()
        off = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        on = [sql for _, sql in triggers]
    else:
        cursor.execute(REFUSING_POSTGRES)
        triggers = cursor.fetchall()
        off = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in triggers]
        on = [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in triggers]
    for statement in off:
        cursor.execute(statement)
    yield
    for statement in on:
        cursor.execute(statement)


def flush_past_triggers(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
    """Stands in for `execute_sql_flush`, which empties all tables after a test with its own transactions."""
    connection = operations.connection
    with (
        transaction.atomic(using=connection.alias),
        connection.cursor() as cursor,
        _triggers_off(cursor, connection.vendor),
    ):
        for sql in sql_list:
            cursor.execute(sql)
