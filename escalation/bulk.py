"""Guarded updates of many rows at once, which the ORM would do one by one or with one huge CASE."""

from typing import Any

from django.db import connection

from complaints.models import Clock, Complaint
from complaints.models.complaint import Conflict

CASE_FIELDS = (
    "state",
    "returns_to",
    "ended_at",
    "due_at",
    "target_at",
    "next_action_at",
    "watch_at",
    "next_level",
    "version",
    "head_hash",
)
CLOCK_FIELDS = ("due_at", "warn_at", "warned_at", "breached_at", "stopped_at")


def update_cases(cases: list[Complaint]) -> None:
    """Writes what the sweep changed, each row only if its version is still the one that was read.

    The states were changed by transitions in memory; here they are only stored. Raises Conflict.
    """
    rows = [(*_values(case, CASE_FIELDS), case.pk, case.stored_version) for case in cases]
    if _executemany(Complaint, CASE_FIELDS, rows, 'AND "version" = %s') != len(cases):
        raise Conflict("a case changed during the sweep")


def update_clocks(clocks: list[Clock]) -> None:
    stored = [clock for clock in clocks if not clock._state.adding]
    _executemany(Clock, CLOCK_FIELDS, [(*_values(clock, CLOCK_FIELDS), clock.pk) for clock in stored])


def _values(row: Any, names: tuple[str, ...]) -> list[Any]:
    fields = (row._meta.get_field(name) for name in names)
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def _executemany(model: Any, names: tuple[str, ...], rows: list[Any], guard: str = "") -> int:
    """How many rows were updated."""
    if not rows:
        return 0
    columns = ", ".join(f'"{name}" = %s' for name in names)
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "id" = %s {guard}', rows)
        return int(cursor.rowcount)
