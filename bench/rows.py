"""What it costs to write all cases as a CSV, beside COPY of the same columns and of the table as it lies."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from bench.spending import spent
from complaints.desk.list_csv import write_csv
from complaints.models import Complaint
from complaints.paging import Order

# The table's own columns, in no order and with keys instead of names: less is no row.
AS_IT_LIES = """COPY (SELECT number, received_at, ended_at, due_at, target_at, state, kind, channel, agency_id,
  category_id, area_id, service_id, parent_id, cycle, disputed_at, hand_backs
  FROM complaints_complaint) TO STDOUT (FORMAT csv)"""
# The same columns as ours: how each case stands is asked of its clocks, and people read names. No scope.
SAME = """COPY (SELECT c.number, c.received_at, c.ended_at, c.due_at, c.target_at, c.state,
  CASE WHEN k.late THEN 'late' WHEN k.answered THEN 'on_time' ELSE c.state END,
  CASE WHEN k.late_extended THEN 'late' WHEN k.answered THEN 'on_time' ELSE c.state END,
  c.kind, c.channel, a.code, a.name, g.code, g.name_id, w.code, w.name, s.code, s.name_id,
  c.parent_id IS NOT NULL, c.cycle, c.disputed_at IS NOT NULL, c.hand_backs
  FROM complaints_complaint c
  LEFT JOIN (SELECT complaint_id, bool_or(coalesce(stopped_at, now()) > promised_at) late,
    bool_or(coalesce(stopped_at, now()) > due_at) late_extended, bool_or(stopped_by = 'done') answered
    FROM complaints_clock WHERE stage = 'resolution' GROUP BY 1) k ON k.complaint_id = c.id
  LEFT JOIN accounts_agency a ON a.id = c.agency_id LEFT JOIN complaints_category g ON g.id = c.category_id
  LEFT JOIN complaints_area w ON w.id = c.area_id LEFT JOIN complaints_service s ON s.id = c.service_id
  ORDER BY c.received_at DESC, c.id DESC) TO STDOUT (FORMAT csv)"""


def measure(_cases: int) -> dict[str, Any]:
    """Seconds are of the processors, the database's with them; MB what the process grew by at the most."""
    actor = User.objects.filter(role=Role.SUPERVISOR).first() or User.objects.create(
        email="rows@kota.example", name="Sari", role=Role.SUPERVISOR, password="!"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # others' processors would not be counted
    write_csv(Complaint.objects.none(), Order("received_at"), timezone.now(), BytesIO())  # all is loaded
    bare, same, ours = [], [], []
    for _n in range(3):
        bare.append(spent(lambda: _copy(AS_IT_LIES))[0])
        same.append(spent(lambda: _copy(SAME))[0])
        _forget_peak()
        before, begun = _memory("VmRSS"), perf_counter()
        seconds, size = spent(lambda: _write(actor))
        ours.append((seconds, perf_counter() - begun, _memory("VmHWM") - before, size))
    seconds, clock, _grown, size = min(ours)
    return {
        "copy_as_it_lies_seconds": min(bare),
        "copy_seconds": min(same),
        "seconds": seconds,
        "clock_seconds": clock,
        "ratio": seconds / min(same),
        "ratio_as_it_lies": seconds / min(bare),
        "grown_mb": max(each[2] for each in ours),
        "file_mb": size / 2**20,
    }


def _copy(statement: str) -> None:
    with TemporaryFile() as into, connection.cursor() as cursor, cursor.copy(statement) as copy:
        into.writelines(copy)


def _write(actor: User) -> int:
    with TemporaryFile() as into:
        write_csv(
            Complaint.objects.visible_to(actor), Order("received_at", newest_first=True), timezone.now(), into
        )
        return into.tell()


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _memory(name: str) -> float:
    """MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))
