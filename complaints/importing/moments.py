"""Dates as other systems write them: ISO, or by format, with English and Indonesian names of months."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

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
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def parse_moment(text: str, formats: tuple[str, ...], tz: ZoneInfo) -> datetime:
    """The moment that `text` names; a time without a zone is `tz`'s wall clock. ValueError otherwise.

    `formats` are "iso" or strptime's; %b stands for a month's name, whatever the machine's language.
    """
    text = text.strip()
    for pattern in formats:
        moment = _try(text, pattern)
        if moment is not None:
            whole = moment if moment.tzinfo else moment.replace(tzinfo=tz)
            if whole.year < EARLIEST.year or whole.year >= LATEST.year:
                raise ValueError(text)
            return whole.astimezone(UTC)
    raise ValueError(text)


def _try(text: str, pattern: str) -> datetime | None:
    try:
        if pattern == "iso":
            return datetime.fromisoformat(text)
        if "%b" in pattern:
            return datetime.strptime(_WORD.sub(_number, text), pattern.replace("%b", "%m"))  # noqa: DTZ007
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the caller
    except ValueError:
        return None


def _number(match: re.Match[str]) -> str:
    month = _MONTHS.get(match.group()[:3].casefold())
    return match.group() if month is None else f"{month:02d}"
