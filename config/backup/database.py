"""The database as one file, and back: `pg_dump` and `pg_restore`, or SQLite's own online copy."""

import gzip
import os
import shutil
import sqlite3
import subprocess
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from complaints.database.one_look import one_look
from config.backup.manifest import BadCopy

FILES = {"sqlite": "database.sqlite3.gz", "postgresql": "database.dump"}


class DumpFailed(Exception):
    """The program that writes or reads the dump said no; the message is its own."""


@dataclass(frozen=True)
class Held:
    """What the copied database holds: rows by table, files of cases (SHA-256 by key), the newest case's number."""

    rows: dict[str, int]
    files: dict[str, str]
    last_number: str


def dump(folder: Path) -> Held:
    """Writes the database into `folder` as it was at one moment, while others go on writing."""
    target = folder / FILES[connection.vendor]
    if connection.vendor == "postgresql":
        return _dump_postgres(target)
    return _dump_sqlite(target)


def load(source: Path) -> None:
    """Into the empty database of the settings."""
    if connection.vendor == "postgresql":
        connection.close()
        _run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            str(source),
        )
    else:
        _load_sqlite(source)


def is_empty() -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def _dump_postgres(target: Path) -> Held:
    """Dump and counts of one snapshot."""
    with one_look():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            held = _look(cursor)
        target.touch(mode=0o600)
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
    _run("pg_restore", "--list", str(target), connect=False)
    return held


def _run(program: str, *arguments: str, connect: bool = True) -> None:
    command, environment = [program], dict(os.environ)
    if connect:
        said = connection.settings_dict
        _psql, secrets = DatabaseClient.settings_to_cmd_args_env(said, [])
        environment |= secrets or {}
        for option, name in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
            if said[name]:
                command.append(f"{option}={said[name]}")
        command += [f"--dbname={said['NAME']}", "--no-password"]
    try:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, and no shell
            [*command, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise DumpFailed(f"{program} is not installed: apt-get install postgresql-client") from None
    if done.returncode:
        raise DumpFailed(done.stderr.strip() or f"{program} ended with {done.returncode}")


def _dump_sqlite(target: Path) -> Held:
    plain = target.with_suffix("")
    for path in (plain, target):
        path.touch(mode=0o600)
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(plain)) as copy:
            connection.connection.backup(copy)
        with closing(sqlite3.connect(plain)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")
            _check_sqlite(copy)
            held = _look(copy.cursor())
        with plain.open("rb") as source, gzip.open(target, "wb", compresslevel=3) as packed:
            shutil.copyfileobj(source, packed, 1 << 20)
    except sqlite3.Error as error:  # no room, say
        raise DumpFailed(f"SQLite: {error}") from error
    finally:
        plain.unlink()
    return held


def _load_sqlite(source: Path) -> None:
    name = Path(connection.settings_dict["NAME"])
    connection.close()
    draft = name.with_name(f"{name.name}.restoring")
    try:
        with gzip.open(source) as packed, draft.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
            os.fsync(file.fileno())
        with closing(sqlite3.connect(draft)) as copy:
            _check_sqlite(copy)
        for end in ("-wal", "-shm"):
            name.with_name(name.name + end).unlink(missing_ok=True)
        draft.chmod(0o600)
        draft.replace(name)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadCopy(f"{source.name} cannot be read ({type(error).__name__})") from None
    finally:
        draft.unlink(missing_ok=True)


def _check_sqlite(copy: sqlite3.Connection) -> None:
    try:
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BadCopy(f"SQLite says of the copy: {found}")


def _look(cursor: Any) -> Held:
    """By plain SQL: what is asked may be another database than Django's."""
    cursor.execute("SELECT key, sha256 FROM complaints_attachment WHERE complaint_id IS NOT NULL")
    files = dict(cursor.fetchall())
    cursor.execute("SELECT number FROM complaints_complaint ORDER BY id DESC LIMIT 1")
    last = cursor.fetchone()
    return Held(_count_rows(cursor), files, last[0] if last else "")


def count_rows() -> dict[str, int]:
    """Rows by table of the database of the settings."""
    with connection.cursor() as cursor:
        return _count_rows(cursor)


def _count_rows(cursor: Any) -> dict[str, int]:
    found = {}
    for table in sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)}):
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 - a model's table
        found[table] = cursor.fetchone()[0]
    return found
