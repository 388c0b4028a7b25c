"""What will be late, and what has lain longest."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from accounts.actors import Actor
from accounts.roles import Role
from complaints.clock.arithmetic import Target, Unit, due_at
from complaints.clock.calendars import calendar_for
from complaints.clock.working_calendar import MICROSECOND
from complaints.desk.rows import Row
from complaints.models import Complaint, Event
from complaints.models.complaint import Complaints
from complaints.paging import Order
from complaints.states import PAUSED, Lane

SOON = Target(3, Unit.WORKING_DAYS)
OLDEST_FIRST = Order("received_at")
LONGEST_REFERRED_FIRST = Order("ended_at")
SOONEST_FIRST = Order("due_at")


def soon_until(now: datetime) -> datetime:
    """The moment three working days from now by the city's calendar."""
    _row, calendar = calendar_for(None)
    moment = due_at(now, SOON, calendar)
    assert moment is not None  # nothing pauses it
    return moment


def due_soon(actor: Actor, now: datetime) -> Complaints:
    """What the city, not the citizen, has to do within three working days."""
    until = soon_until(now) + MICROSECOND  # what falls due at that very moment as well
    cases = Complaint.objects.visible_to(actor).due_within(now, until).filter(is_live=True)
    # While a question does not stop the clock, the city's promise is still to be kept.
    return cases.filter(~Q(state__in=sorted(PAUSED)) | Q(target_at__gte=now, target_at__lt=until))


def strands_due_soon(actor: Actor, now: datetime) -> list[Complaints]:
    """The same, each as one walk along the index of a lane."""
    cases = due_soon(actor, now)
    return [cases.filter(lane=lane) for lane in Lane if lane != Lane.ANSWERED]


def unanswered(actor: Actor) -> Complaints:
    """Everything that nobody has answered yet, whoever holds it."""
    cases = Complaint.objects.visible_to(actor).open()  # SQLite does not see that what is active is open
    return cases.active().filter(is_live=True)


@dataclass(frozen=True)
class OldRow:
    """A row of the list of the oldest; days are whole days of the calendar, `quiet` since a person last acted."""

    row: Row
    age: int
    quiet: int


def old_rows(rows: list[Row], now: datetime) -> list[OldRow]:
    """How long each has lain, and since when without any event by a person; one query."""
    cases = [row.case.pk for row in rows]
    by_people = Event.objects.filter(complaint__in=cases).exclude(role=Role.SYSTEM).order_by()
    last = dict(by_people.values_list("complaint_id").annotate(Max("at")))
    return [
        OldRow(
            row=row,
            age=(now - row.case.received_at).days,
            quiet=(now - last.get(row.case.pk, row.case.received_at)).days,
        )
        for row in rows
    ]
