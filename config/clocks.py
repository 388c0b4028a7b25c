"""The clocks there are: the monotonic one, and that of a database on another host."""

import socket
import time
from datetime import datetime

from django.db import connection


def ticks() -> float:
    """Seconds of a clock that nobody sets. On Linux it also counts while the machine sleeps."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


def database_now() -> datetime | None:
    """The time on the database's host; None where that is this one."""
    if connection.vendor != "postgresql" or not is_elsewhere(connection.settings_dict["HOST"]):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def is_elsewhere(host: str) -> bool:
    """Whether a database's HOST names another machine: neither a socket nor one of our own names."""
    return not host.startswith("/") and host not in (
        "",
        "localhost",
        "127.0.0.1",
        "::1",
        socket.gethostname(),
    )
