"""A test with transactions of its own ends by emptying the tables it filled. Django would empty all of them and write
anew what `migrate` writes, half a second on SQLite and several on PostgreSQL."""

from functools import cache

from django.apps import apps
from django.db import connection

from config.emptying import guards_away

WRITTEN_BY_MIGRATE = {"django_content_type", "auth_permission"}


def empty_tables() -> None:
    """Past the guards of what is only ever added to."""
    with connection.cursor() as cursor:
        cursor.execute(_which_are_filled())
        filled = [name for (name,) in cursor.fetchall()]
    if not filled:
        return
    with guards_away(connection), connection.cursor() as cursor:
        for name in filled:
            cursor.execute(f'DELETE FROM "{name}"')
        if (
            connection.vendor == "postgresql"
        ):  # no guard is put back over rows that have still to be looked at
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@cache
def _which_are_filled() -> str:
    models = apps.get_models(include_auto_created=True)
    tables = sorted({model._meta.db_table for model in models if model._meta.managed} - WRITTEN_BY_MIGRATE)
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
