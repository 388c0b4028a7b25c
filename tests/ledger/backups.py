"""Real backups of the database a test runs on: the file on SQLite, a copy by template on PostgreSQL."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, connections


class Backup:
    """The whole database as it was when this was made. For tests with transactions of their own."""

    def __init__(self, folder: Path, name: str = "copy") -> None:
        self._name = str(connection.settings_dict["NAME"])
        is_file = connection.vendor == "sqlite"
        self._copy = str(folder / f"{name}.sqlite3") if is_file else f"{self._name}_{name}"
        self._copy_over(self._name, self._copy)

    def restore(self) -> None:
        self._copy_over(self._copy, self._name)

    def discard(self) -> None:
        if connection.vendor == "postgresql":
            self._run(f'DROP DATABASE IF EXISTS "{self._copy}"')

    def _copy_over(self, source: str, target: str) -> None:
        connections.close_all()
        if connection.vendor == "postgresql":
            self._run(
                f'DROP DATABASE IF EXISTS "{target}"', f'CREATE DATABASE "{target}" TEMPLATE "{source}"'
            )
            return
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)

    def _run(self, *statements: str) -> None:
        cursor: Any
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
