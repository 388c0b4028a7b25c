"""Whether the machine's clock can be believed: its wall clock against its monotonic one, and against the clock of a
database on another host. Knows no Django and asks no clock itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=10)
# As escalation.ladder.models.HoldCode has them.
JUMPED = "clock_jumped"
DIFFERS = "clock_differs"


@dataclass(frozen=True)
class Reading:
    """What the clocks said at one moment."""

    wall: datetime
    ticks: float  # seconds of a clock that nobody can set
    database: datetime | None = None  # only where it is on another host


def disagreement(first: Reading, later: Reading) -> str:
    """Why the wall clock cannot be believed any more; "" when it can.

    Held against the first reading, not the last one: many small jumps are a great one.
    """
    if abs(later.wall - _expected(first, later)) > TOLERANCE:
        return JUMPED
    if later.database is not None and abs(later.wall - later.database) > TOLERANCE:
        return DIFFERS
    return ""


def reckoned(first: Reading, later: Reading) -> datetime:
    """What time it is, as far as one can tell without the wall clock."""
    return later.database or _expected(first, later)


def _expected(first: Reading, later: Reading) -> datetime:
    return first.wall + timedelta(seconds=later.ticks - first.ticks)
