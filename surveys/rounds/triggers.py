"""Database triggers that keep answers as they came: none is changed or taken away, no round and no token goes."""

from django.db.backends.base.base import BaseDatabaseWrapper

RESPONSE, ROUND, TOKEN = "surveys_response", "surveys_round", "surveys_token"
_REFUSED = "answers to surveys are never changed"
_GUARDS = ((RESPONSE, "UPDATE"), (RESPONSE, "DELETE"), (ROUND, "DELETE"), (TOKEN, "DELETE"))


def install(connection: BaseDatabaseWrapper) -> None:
    """On PostgreSQL an UPDATE that changes nothing passes: it gives a row another place and another transaction, which
    is how the order of a day is lost (rewriting.py). On SQLite the key is the place."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse_answer_change() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
            )
            for table in (RESPONSE, TOKEN, ROUND):
                cursor.execute(
                    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_answer_change()"
                )
        for table, operation in _GUARDS:
            name = f"{table}_no_{operation.lower()}"
            if is_postgresql:
                changed = "WHEN (OLD.* IS DISTINCT FROM NEW.*) " if operation == "UPDATE" else ""
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW {changed}"
                    "EXECUTE FUNCTION refuse_answer_change()"
                )
            else:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {operation} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
                )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes them away: for a schema migration of these tables, and for tests that empty them."""
    with connection.cursor() as cursor:
        for table in (RESPONSE, ROUND, TOKEN):
            for operation in ("update", "delete", "truncate"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{operation}{on}")


def restore(connection: BaseDatabaseWrapper) -> None:
    """After a migration: SQLite changes a table by making it anew, and its triggers go with the old one."""
    if connection.vendor == "sqlite" and "surveys_counterdevice" in connection.introspection.table_names():
        install(connection)
