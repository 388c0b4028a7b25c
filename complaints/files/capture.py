"""When and where a camera says it took a picture: read before that is taken out of the file, and for staff alone."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from complaints.clock.city_time import moment_in_city

NOT_SET = (0.0, 0.0)  # what telephones write that know no position


@dataclass(frozen=True)
class Capture:
    """None where the file does not say it, or says nonsense."""

    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """Of the file's row."""
        return {"taken_at": self.at, "taken_latitude": self.latitude, "taken_longitude": self.longitude}


def capture_of(told: Any) -> Capture:
    """Of what sanitise.py read: {"at", "offset", "position"}. A time without its zone is the city's."""
    if not isinstance(told, dict):
        return Capture()
    latitude, longitude = _position(told.get("position"))
    return Capture(_moment(told.get("at"), told.get("offset")), latitude, longitude)


def _moment(at: Any, offset: Any) -> datetime | None:
    day, _blank, time = str(at or "").partition(" ")
    try:
        typed = datetime.fromisoformat(f"{day.replace(':', '-')}T{time}{str(offset or '').strip()}")
    except ValueError:
        return _moment(at, "") if offset else None
    return moment_in_city(typed)


def _position(told: Any) -> tuple[float, float] | tuple[None, None]:
    if not isinstance(told, list) or len(told) != 2 or not all(isfinite(each) for each in told):
        return None, None
    latitude, longitude = told
    is_one = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != NOT_SET
    return (latitude, longitude) if is_one else (None, None)
