"""Freezing a report of all cases, in a process that has loaded what the command of a city loads, and nothing else.

python -m bench.freezing     (DATABASE_URL names a filled database)
"""

import json
import os
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.spending import RAW, asked, peak, spent  # noqa: E402
from complaints.clock.city_time import day_of  # noqa: E402
from reports.figures.periods import Period  # noqa: E402
from reports.figures.snapshot import Packed, freeze  # noqa: E402
from reports.management.commands import build_report  # noqa: E402, F401 - what the command has loaded

YEARS = timedelta(1094)
# What a report freezes, as it lies and in no order.
FROZEN = (
    """SELECT id, received_at, ended_at, target_at, state, kind, channel, agency_id, category_id, area_id, service_id,
    cycle, disputed_at, hand_backs, end_reason, rating, entered_by_id FROM complaints_complaint""",
    """SELECT complaint_id, stage, cycle, promised_at, due_at, stopped_at, stopped_by, extended_by
    FROM complaints_clock WHERE stage IN ('verification', 'first_response', 'resolution')""",
    "SELECT complaint_id, started_at, ended_at FROM complaints_pause WHERE stops_clock",
    "SELECT complaint_id, kind FROM complaints_event WHERE kind IN ('confirmed', 'auto_closed')",
    """SELECT complaint_id, agency_id, began_at, until_at, how, first_due_at, promised_at, due_at, paused
    FROM escalation_keptstay""",
)


def measure() -> dict[str, Any]:
    """What it holds at once is read before anything else is asked."""
    loaded, now = peak(), timezone.now().replace(microsecond=0)
    whole = Period(day_of(now) - YEARS, day_of(now))
    freezing, snapshot = spent(lambda: freeze(whole, None, actor=None, now=now))
    packing, _packed = spent(lambda: Packed.of(snapshot))
    most = peak()
    raw = min(spent(lambda: asked(RAW))[0] for _ in range(3))
    rows = min(spent(_rows)[0] for _ in range(3))
    return {
        "rows_seconds": rows,
        "freeze_seconds": freezing,
        "freeze_ratio": freezing / raw,
        "freeze_least_ratio": freezing / (raw + rows),
        "pack_seconds": packing,
        "freeze_loaded_mb": loaded,
        "freeze_mb": most,
    }


def _rows() -> None:
    """Reads the rows that are frozen, and forgets them."""
    for statement in FROZEN:
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(statement)
            while cursor.fetchmany(2000):
                pass


if __name__ == "__main__":
    print(json.dumps(measure()))
