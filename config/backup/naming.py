"""How copies are named, and which of them stay. Knows no Django."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

NAME = re.compile(r"tuntas-(?P<city>[a-z][a-z0-9_]*)-(?P<at>\d{8}T\d{6})Z")
UNFINISHED = ".unfinished"
HEADS, KEYS = "heads-{name}.tar", "keys-{name}.sealed"


def name_of(city: str, at: datetime) -> str:
    return f"tuntas-{city}-{at.astimezone(UTC):%Y%m%dT%H%M%S}Z"


def made_at(name: str) -> datetime:
    """When the copy of that name was begun. ValueError for another name."""
    found = NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name} is no name of a copy")
    return datetime.strptime(found["at"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def copies_in(folder: Path, city: str) -> list[Path]:
    """The finished copies of this city, oldest first."""
    found = [path for path in folder.glob(f"tuntas-{city}-*Z") if path.is_dir() and NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name)


def outlived(names: Iterable[str], now: datetime, *, days: int, months: int) -> list[str]:
    """Which copies may go: those that are older than `days`, but for the first of each of the last `months` months.
    The newest always stays."""
    by_age = sorted(names, key=made_at)
    first_of_month: dict[str, str] = {}
    for name in by_age:
        first_of_month.setdefault(name.split("-")[-1][:6], name)
    kept_months = set(sorted(first_of_month)[-months:]) if months else set()
    stays = {first_of_month[month] for month in kept_months} | set(by_age[-1:])
    return [name for name in by_age if name not in stays and now - made_at(name) > timedelta(days=days)]
