"""Keys of new cases, known before the first INSERT, so that number, hash and row agree at once."""

from django.db import connection, models

from complaints.models import Complaint


def reserve_ids(count: int, model: type[models.Model] = Complaint) -> list[int]:
    """`count` unused, ascending primary keys of `model`. Call it inside a transaction.

    PostgreSQL's sequence gives them without a lock; on SQLite the transaction is IMMEDIATE, so
    nobody else writes between reading the last key and using the next. An aborted transaction
    may leave a gap in the numbers on PostgreSQL.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT {next_id(model)}")
        (first,) = cursor.fetchone()
        return list(range(first, first + count))


def next_id(model: type[models.Model] = Complaint) -> str:
    """One such key as a column of a statement that is asked anyhow."""
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        return f"nextval(pg_get_serial_sequence('{table}', 'id'))"
    return f"COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0) + 1"  # noqa: S608 - a name of ours


def last_id(model: type[models.Model] = Complaint) -> int:
    """The highest key of `model` that was given so far, of rows that are no more too."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", [table]
            )
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return max(row[0] or 0 if row else 0, newest or 0)


def skip_ids(up_to: int, model: type[models.Model] = Complaint) -> None:
    """No key up to this one is given any more. Never goes back."""
    if last_id(model) >= up_to:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, up_to])
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [up_to, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, up_to])
