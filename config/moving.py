"""Moves an installation's database into an empty PostgreSQL one: table by table by COPY, within one transaction on
either side, so that it is there whole or not at all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import environ
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, models, transaction

from complaints.database.triggers import fill_search
from reports.publication.models import SnapshotPiece

TARGET = "move target"
CHUNK = 5000  # rows read at a time
LARGE: dict[type[models.Model], int] = {SnapshotPiece: 8}  # and of those that are a megabyte each


class CannotMove(Exception):
    """Nothing was moved; the message says why."""


def move_to(url: str) -> dict[str, int]:
    """Rows moved by table. The database of the settings is only read, and nobody else writes to it meanwhile (SQLite),
    or nothing is moved (PostgreSQL): the site has to stand still."""
    target = _open(url)
    moved = {}
    with transaction.atomic(), transaction.atomic(using=TARGET), _guards_asleep(target):
        for made in (Permission, ContentType):  # by `migrate`
            made._base_manager.using(TARGET).all().delete()
        for model in _models():
            moved[model._meta.db_table] = _copy(model, target)
        fill_search(target)
        for model in _models():
            _go_on_numbering(model, target)
        _compare(target)
    target.close()
    return moved


def ask_target(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these arguments over the other database."""
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(  # noqa: S603 - our own program, and no shell
        program, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False
    )


def _open(url: str) -> Any:
    said = environ.Env.db_url_config(url)
    if said.get("ENGINE") != "django.db.backends.postgresql":
        raise CannotMove("the other database has to be a PostgreSQL one: postgres://USER:PASSWORD@HOST/NAME")
    connections.settings[TARGET] = connections.configure_settings({"default": {}, TARGET: said})[TARGET]
    target = connections[TARGET]
    with target.cursor() as cursor:
        if target.introspection.table_names(cursor):
            raise CannotMove("the other database holds tables; it has to be an empty one")
    target.close()
    done = ask_target(url, "migrate", "--noinput")
    if done.returncode:
        raise CannotMove(f"migrate failed there: {done.stderr.strip()[-400:]}")
    return target


@contextmanager
def _guards_asleep(target: Any) -> Iterator[None]:
    """Triggers refuse what comes after a publication; here all of it was there before. Constraints hold."""
    tables = [model._meta.db_table for model in _models()]
    with target.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _copy(model: type[models.Model], target: Any) -> int:
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    rows, count = _rows(model, fields), 0
    with (
        target.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        while chunk := list(islice(rows, _chunk(model))):
            for row in chunk:
                copy.write_row(
                    [field.get_db_prep_save(value, target) for field, value in zip(fields, row, strict=True)]
                )
            count += len(chunk)
    return count


def _rows(model: type[models.Model], fields: list[Any]) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in fields]
    found = model._base_manager.order_by("pk").values_list(*names)
    return iter(found.iterator(chunk_size=_chunk(model)))


def _chunk(model: type[models.Model]) -> int:
    return LARGE.get(model, CHUNK)


def _go_on_numbering(model: type[models.Model], target: Any) -> None:
    """A number that was given once is not given again, though its row may be gone."""
    key = model._meta.pk
    if not isinstance(key, models.AutoField | models.BigAutoField):
        return
    table = model._meta.db_table
    last = max(_given(table), model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0)
    with target.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
            [
                f'"{table}"',
                key.column,
                max(1, last),
                last > 0,
            ],
        )


def _given(table: str) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            return found[0] if found else 0
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
        (sequence,) = cursor.fetchone()
        cursor.execute(f"SELECT last_value FROM {sequence}")  # noqa: S608 - the database's own name
        return int(cursor.fetchone()[0])


def _compare(target: Any) -> None:
    """What is there against what is here by now: whoever wrote meanwhile is not left behind."""
    with target.cursor() as cursor:
        for model in _models():
            table, here = model._meta.db_table, model._base_manager.count()
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 - a model's table
            (found,) = cursor.fetchone()
            if found != here:
                raise CannotMove(f"{table} has {found} rows there, and {here} here")
