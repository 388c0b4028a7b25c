"""Each look at a protected identity, for all supervisors to see: who, which case, when, why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from complaints.database.kept_statements import rows_of
from complaints.models import Complaint, Event, EventKind
from complaints.paging import Order
from complaints.querysets import scope_of

NEWEST_FIRST = Order("at", newest_first=True)
RECENT = timedelta(days=30)
NEW = timedelta(days=7)
ON_HOME = 5


@dataclass(frozen=True)
class IdentityAccess:
    """One line; `why` is empty where the words were erased."""

    at: datetime
    who: str
    number: str
    url: str
    why: str
    is_mine: bool
    is_new: bool


def accesses_for(actor: Actor) -> QuerySet[Event]:
    """The events, of cases in scope."""
    # Of each its case: with IN SQLite would begin at all cases.
    case = Complaint.objects.visible_to(actor).filter(pk=OuterRef("complaint"))
    found = Event.objects.filter(Exists(case), kind=EventKind.IDENTITY_OPENED)
    rows = found.select_related("content", "actor", "complaint")
    return rows.only(
        "kind", "at", "seq", "content__words", "actor__name", "actor__email", "complaint__number"
    )


def recent_by_others(user: User, now: datetime) -> list[IdentityAccess]:
    """The newest of the last 30 days that this person did not take themselves."""
    since = now - RECENT
    events = rows_of(
        ("looks by others", *scope_of(user)), since, since + timedelta(seconds=1), partial(_by_others, user)
    )
    return [access_of(event, user, now) for event in events]


def _by_others(user: User, since: datetime) -> QuerySet[Event]:
    events = accesses_for(user).filter(at__gte=since).exclude(actor=user)
    return events.order_by("-at", "-pk")[:ON_HOME]


def access_of(event: Event, user: User, now: datetime) -> IdentityAccess:
    content = getattr(event, "content", None)
    return IdentityAccess(
        at=event.at,
        who=str(event.actor or ""),
        number=event.complaint.number,
        url=reverse("escalation:oversight-case", args=[event.complaint.number]),
        why=str(content.words.get("text", "")) if content else "",
        is_mine=event.actor_id == user.pk,
        is_new=event.actor_id != user.pk and event.at > now - NEW,
    )
