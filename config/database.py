"""How rows come out of PostgreSQL."""

from datetime import UTC
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import Format

TIMESTAMPTZ = psycopg.adapters.types["timestamptz"].oid


def read_moments_quickly(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Lets psycopg's own compiled loader read moments. Django's, written in Python, takes some 15 µs for
    each, more than all else of a row; both give aware moments in UTC, the session's time zone."""
    compiled = psycopg.adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
    if connection.vendor == "postgresql" and compiled is not None:
        # Django looks at `timezone` to see whether its loader is the right one.
        loader = type("QuickTimestamptzLoader", (compiled,), {"timezone": UTC})
        connection.connection.adapters.register_loader(TIMESTAMPTZ, loader)
