"""When a row that a worker has taken may be taken by another."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

# Clocks of hosts differ by less; one that runs off further is held (config/clock_guard.py).
DIFFER = timedelta(hours=1)


def free(now: datetime, lease: timedelta) -> Q:
    """Not leased, or no longer; or for longer than anybody leases, by a clock that had jumped ahead."""
    return Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + lease + DIFFER)


def give_back(rows: QuerySet[Any], **until: datetime) -> None:
    """Lets claimed rows go. The attempt does not count: it failed by no fault of theirs. `until`: the column that keeps
    them from being taken at once, `due_at` or `leased_until`."""
    rows.update(**{"leased_until": None, "attempts": F("attempts") - 1} | until)
