"""A meeting as a calendar file (RFC 5545). Pure: knows no Django and no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

FOLD_AT = 75  # octets of a line, without its end


@dataclass(frozen=True)
class CalendarEvent:
    """`uid` stays for ever, `sequence` rises with each change: so a calendar moves its entry instead of adding one."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    words: str
    url: str
    is_cancelled: bool


def calendar_file(event: CalendarEvent, zone: ZoneInfo) -> bytes:
    """The whole file, in the city's time."""
    return "".join(f"{line}\r\n" for text in _lines(event, zone) for line in fold(text)).encode()


def _lines(event: CalendarEvent, zone: ZoneInfo) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tuntas//Forums//EN", "CALSCALE:GREGORIAN")
    yield "METHOD:CANCEL" if event.is_cancelled else "METHOD:PUBLISH"
    yield from _zone(event.starts_at, zone)
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"SEQUENCE:{event.sequence}")
    yield f"DTSTAMP:{event.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for name, moment in (("DTSTART", event.starts_at), ("DTEND", event.ends_at)):
        yield f"{name};TZID={zone.key}:{moment.astimezone(zone):%Y%m%dT%H%M%S}"
    yield f"SUMMARY:{escape(event.title)}"
    if event.place:
        yield f"LOCATION:{escape(event.place)}"
    yield f"DESCRIPTION:{escape(event.words)}"
    yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield from ("END:VEVENT", "END:VCALENDAR")


def _zone(at: datetime, zone: ZoneInfo) -> Iterator[str]:
    """The zone as it is on that day: Indonesian cities keep one time all year."""
    local = at.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    yield from ("BEGIN:VTIMEZONE", f"TZID:{zone.key}", "BEGIN:STANDARD", "DTSTART:19700101T000000")
    yield from (
        f"TZOFFSETFROM:{_offset(offset)}",
        f"TZOFFSETTO:{_offset(offset)}",
        f"TZNAME:{local.tzname()}",
    )
    yield from ("END:STANDARD", "END:VTIMEZONE")


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def escape(text: str) -> str:
    """TEXT as the standard has it (3.3.11)."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def fold(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets; no sign is cut in two, and each further piece begins with a space (3.1)."""
    piece, room = "", FOLD_AT
    for sign in line:
        size = len(sign.encode())
        if size > room:
            yield piece
            piece, room = " ", FOLD_AT - 1
        piece += sign
        room -= size
    yield piece
