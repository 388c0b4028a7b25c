"""Seconds of the processors, the database's with them, and memory; and the statement that figures are held against."""

import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from bench.sites import TICK

# Figures of all cases by month, agency, category and how they stand, with exact medians: the least that SQL can do.
RAW = """SELECT date_trunc('month', c.received_at), c.agency_id, c.category_id, c.state, count(*),
  count(*) FILTER (WHERE coalesce(k.stopped_at, now()) > k.promised_at),
  count(*) FILTER (WHERE coalesce(k.stopped_at, now()) > k.due_at),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY c.ended_at - c.received_at)
  FROM complaints_complaint c LEFT JOIN complaints_clock k ON k.complaint_id = c.id AND k.stage = 'resolution'
  GROUP BY 1, 2, 3, 4"""


def asked(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # others' processors would not be counted
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of this process, its children and its server in the database."""
    begun = _cpu()
    found = work()
    return _cpu() - begun, found


def _cpu() -> float:
    times = os.times()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    server = (int(fields[11]) + int(fields[12])) / TICK
    return times.user + times.system + times.children_user + times.children_system + server


def peak() -> float:
    """MB, the most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
