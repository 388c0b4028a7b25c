"""How rows come out of PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import Buffer
from psycopg.adapt import Loader

TIMESTAMPTZ = psycopg.adapters.types["timestamptz"].oid


class MomentLoader(Loader):
    """Reads `2026-11-20 03:00:00+00`. Django's own takes ten times as long, more than all else of a row."""

    timezone = UTC  # Django looks here whether the loader fits the connection

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(bytes(data).decode())


def read_moments_quickly(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """For each new connection; its session speaks UTC, as Django has set it."""
    if connection.vendor == "postgresql":
        connection.connection.adapters.register_loader(TIMESTAMPTZ, MomentLoader)
