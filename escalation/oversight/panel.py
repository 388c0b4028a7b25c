"""A panel of the desk's first page: a pile of what waits, as the parts of the desk hand it to `panels`."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from accounts.models import User
from complaints.database.kept_statements import rows_of
from complaints.querysets import scope_of

SHOWN = 5
MOST = 100  # rows read for a panel; a longer pile is shown as "100+"


@dataclass(frozen=True)
class Line:
    """One thing that waits. `level` is calm, soon or overdue; `note` says how long there is."""

    words: str
    url: str
    note: str = ""
    level: str = "calm"


@dataclass(frozen=True)
class Panel:
    """A pile: the most pressing lines, how many there are in all, where the rest is."""

    title: str
    lines: list[Line]
    count: str
    url: str
    empty: str


Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)


def kept_rows(name: str, user: User, make: Callable[[], QuerySet[Stored]], *also: Hashable) -> list[Stored]:
    """The rows that `make` asks for somebody, by a statement that is put together once; `also`: all else it depends
    on."""
    return rows_of(("panel", name, *scope_of(user), *also), "", "", lambda _none: make())


def panel_of(title: str, rows: Iterable[Row], line: Callable[[Row], Line], *, url: str, empty: str) -> Panel:
    """A panel over `rows`, the most pressing first, cut by the caller at MOST + 1."""
    found = list(rows)
    count = f"{MOST}+" if len(found) > MOST else str(len(found))
    return Panel(title, [line(row) for row in found[:SHOWN]], count, url, empty)
