"""What waits for one supervisor, a panel each on the first page of their desk.

A part of the desk that has something waiting adds its function to PANELS. A function asks one query.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Seat
from complaints.calendars import Calendars, calendars
from complaints.words import time_left
from escalation.models import Escalation, Level

SHOWN = 5
MOST = 100  # rows read for a panel; a longer pile is shown as "100+"
RUNGS = {
    Seat.INSPECTORATE: (Level.INSPECTORATE,),
    Seat.OMBUDSMAN: (Level.OMBUDSMAN,),
    "": (Level.INSPECTORATE, Level.OMBUDSMAN),
}


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
Find = Callable[[User, datetime], Panel]


def panel_of(title: str, rows: Iterable[Row], line: Callable[[Row], Line], *, url: str, empty: str) -> Panel:
    """A panel over `rows`, the most pressing first, cut by the caller at MOST + 1."""
    found = list(rows)
    count = f"{MOST}+" if len(found) > MOST else str(len(found))
    return Panel(title, [line(row) for row in found[:SHOWN]], count, url, empty)


def rungs_of(user: User) -> tuple[Level, ...]:
    """The upper rungs on which this supervisor is the one who answers."""
    return RUNGS[Seat(user.seat) if user.seat else ""]


def my_escalations(user: User, now: datetime) -> Panel:
    """Cases with escalations on this person's own rung that nobody has decided, each with its most pressing."""
    waiting = Escalation.objects.visible_to(user).open().filter(level__in=rungs_of(user))
    rows = waiting.select_related("complaint").defer("complaint__description", "complaint__policy")
    known = calendars()
    pressing: dict[int, Escalation] = {}
    for row in rows.order_by("due_at", "id")[: MOST + 1]:
        pressing.setdefault(row.complaint_id, row)
    return panel_of(
        _("Escalated to you"),
        pressing.values(),
        lambda row: _escalation_line(row, known, now),
        url=reverse("escalation:oversight-escalations") + "?answerer=me",
        empty=_("No escalation waits for you."),
    )


def _escalation_line(row: Escalation, known: Calendars, now: datetime) -> Line:
    left = time_left(row.due_at, known.of(row.complaint.agency_id), now)
    words = row.complaint.subject
    note = f"{row.complaint.number} · {row.get_trigger_display()} · {left.words}"
    return Line(words, reverse("escalation:escalation-detail", args=[row.pk]), note, left.level)


# In the order in which they stand on the page.
PANELS: tuple[Find, ...] = (my_escalations,)


def panels_for(user: User, now: datetime) -> list[Panel]:
    return [find(user, now) for find in PANELS]
