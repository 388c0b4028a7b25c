"""How rows come out of PostgreSQL."""

from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import Format

TIMESTAMPTZ = psycopg.adapters.types["timestamptz"].oid


def read_moments_quickly(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Lets psycopg's own compiled loader read moments. Django's, written in Python, takes some 15 µs for
    each, more than all else of a row; both give aware moments in UTC, the session's time zone."""
    if connection.vendor == "postgresql":
        loader = psycopg.adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
        if loader is not None:
            connection.connection.adapters.register_loader(TIMESTAMPTZ, loader)
