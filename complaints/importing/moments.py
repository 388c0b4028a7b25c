"""Dates as other systems write them: ISO, a spreadsheet's serial number, or by format, with English and Indonesian
names of months, with or without the name of the weekday."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

ISO, SERIAL = "iso", "serial"
# The first three letters tell all of them apart in both languages; "Agt" and "Okt" are usual abbreviations.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan",),
            ("feb", "peb"),
            ("mar",),
            ("apr",),
            ("mei", "may"),
            ("jun",),
            ("jul",),
            ("agu", "agt", "ags", "aug"),
            ("sep",),
            ("okt", "oct"),
            ("nov", "nop"),
            ("des", "dec"),
        ),
        start=1,
    )
    for name in names
}
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_WEEKDAY = re.compile(
    r"^(?:sen|sel|rab|kam|jum|sab|min|aha|mon|tue|wed|thu|fri|sat|sun)[\w'’.]*,?\s+(?=\w)", re.IGNORECASE
)
_WEEKDAY_CODE = re.compile(r"^%[Aa][.,]?\s*")
_CLOCK_WORDS = re.compile(r"\s+(?:pukul|pkl\.?|jam)\s+", re.IGNORECASE)
_OWN_ZONE = re.compile(r"\s*\(?\b(WIB|WITA|WIT)\b\)?$", re.IGNORECASE)
_ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_FIRST_SERIAL = datetime(1899, 12, 30)  # noqa: DTZ001 - the zone is added by the caller
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Found(NamedTuple):
    """What a text names: a moment, or the beginning of a whole day."""

    at: datetime
    whole_day: bool


def parse_moment(text: str, formats: tuple[str, ...], tz: ZoneInfo) -> Found:
    """The moment that `text` names; a time without a zone is `tz`'s wall clock. ValueError otherwise.

    `formats` are "iso", "serial" (days since the end of 1899) or strptime's; %b stands for a month's name, whatever
    the machine's language.
    """
    text, tz = _own_zone(_CLOCK_WORDS.sub(" ", _WEEKDAY.sub("", text.strip())), tz)
    for pattern in formats:
        moment = _try(text, pattern)
        if moment is not None:
            whole = moment if moment.tzinfo else moment.replace(tzinfo=tz)
            if whole.year < EARLIEST.year or whole.year >= LATEST.year:
                raise ValueError(text)
            return Found(whole.astimezone(UTC), _is_whole_day(text, pattern))
    raise ValueError(text)


def last_second(day: datetime, tz: ZoneInfo) -> datetime:
    """Of the day in `tz` that begins at this moment."""
    begins = day.astimezone(tz)
    return (begins.replace(hour=23, minute=59, second=59)).astimezone(UTC)


def as_read(pattern: str) -> str:
    """Whole names of months are read as short ones are, and names of weekdays are passed over."""
    return _WEEKDAY_CODE.sub("", pattern).replace("%B", "%b")


def second_time(at: datetime, tz: ZoneInfo) -> datetime:
    """Of a time that the clocks of `tz` show twice, when they are put back: the later moment; else the same."""
    return at.astimezone(tz).replace(fold=1).astimezone(UTC)


def _own_zone(text: str, tz: ZoneInfo) -> tuple[str, ZoneInfo]:
    """Indonesia's zones are written behind the time."""
    found = _OWN_ZONE.search(text)
    return (text[: found.start()], ZoneInfo(_ZONES[found[1].upper()])) if found else (text, tz)


def _try(text: str, pattern: str) -> datetime | None:
    try:
        if pattern == ISO:
            return datetime.fromisoformat(text)
        if pattern == SERIAL:
            return _FIRST_SERIAL + timedelta(seconds=round(_days(text) * 86400))
        if "%b" in pattern:
            return datetime.strptime(_WORD.sub(_number, text), pattern.replace("%b", "%m"))  # noqa: DTZ007
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the caller
    except (ValueError, OverflowError):
        return None


def _days(text: str) -> float:
    """Of a serial number, or of one column with the day and one with the time."""
    parts = text.split()
    if not 1 <= len(parts) <= 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError(text)
    return sum(float(part.replace(",", ".")) for part in parts)


def _is_whole_day(text: str, pattern: str) -> bool:
    if pattern == ISO:
        return ":" not in text and "T" not in text
    if pattern == SERIAL:
        return _days(text).is_integer()
    return not any(code in pattern for code in ("%H", "%I", "%X", "%T", "%c", "%s"))


def _number(match: re.Match[str]) -> str:
    month = _MONTHS.get(match.group()[:3].casefold())
    return match.group() if month is None else f"{month:02d}"
