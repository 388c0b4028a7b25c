"""Keys that are drawn, so that rows stand in no order of time, and nothing of one row leads to another."""

from secrets import randbits

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


def draw_key() -> int:
    """63 random bits; never 0."""
    return randbits(63) or 1


class DrawnKey(models.BigIntegerField):  # type: ignore[type-arg]
    """On SQLite of the one type that makes the key the row's place in the file: any other leaves a hidden number
    that counts up with each row."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "integer" if connection.vendor == "sqlite" else "bigint"

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.db_type(connection)
