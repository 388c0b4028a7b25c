"""When a row that a worker has taken may be taken by another."""

from datetime import datetime, timedelta

from django.db.models import Q

# Clocks of hosts differ by less; one that runs off further is held (config/clock_guard.py).
DIFFER = timedelta(hours=1)


def free(now: datetime, lease: timedelta) -> Q:
    """Not leased, or no longer; or for longer than anybody leases, by a clock that had jumped ahead."""
    return Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + lease + DIFFER)
