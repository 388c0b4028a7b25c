"""The one writer of events, and the reader that checks their chain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import F, Model

from accounts.actors import Actor, Citizen, role_of
from accounts.roles import Role
from complaints.database import bulk
from complaints.database.one_of import OneOfPairs
from complaints.history.kinds import EVENT_TYPES
from complaints.models import Complaint, Event, EventContent
from complaints.models.event import content_digest, event_hash, spelled

_SYSTEM = str(Role.SYSTEM)  # made a text once, not for each event of a sweep


@dataclass
class Drafted:
    """An event that has its hash but is not stored yet, with its words."""

    event: Event
    content: EventContent | None = field(default=None)


def draft_event(
    case: Complaint,
    kind: str,
    *,
    actor: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    words: dict[str, Any] | None = None,
) -> Drafted:
    """Links the next event to `case`'s chain and raises its version; the caller stores both together."""
    kind = EVENT_TYPES[kind].code  # what nobody registered is not written
    case.version += 1
    salt = token_hex(16) if words else ""
    event = Event(
        complaint_id=case.pk,
        seq=case.version,
        kind=kind,
        at=at,
        actor=None if actor is None or isinstance(actor, Citizen) else actor,
        role=role_of(actor),
        data=data or {},
        content_digest=content_digest(salt, words) if words else "",
        prev_hash=case.last_event_hash,
    )
    event.hash = case.last_event_hash = event.compute_hash(case.number)
    return Drafted(event, EventContent(event=event, salt=salt, words=words) if words else None)


def last_moments(cases: Iterable[Complaint], now: datetime) -> dict[int, datetime]:
    """When the last event of each case happened, where that is later than `now`: the next one is dated no earlier."""
    pairs = [(case.id, case.stored_version) for case in cases]
    last = Event.objects.filter(OneOfPairs(F("complaint_id"), F("seq"), pairs=pairs), at__gt=now)
    return dict(last.values_list("complaint_id", "at"))


def draft_row(case: Complaint, kind: str, *, at: datetime, data: dict[str, Any]) -> Any:
    """The system's next event without words, as a plain row for `bulk.insert`: a sweep drafts thousands. It has no
    hash before `give_hashes`: what it says may still grow."""
    kind = EVENT_TYPES[kind].code
    case.version += 1
    return SimpleNamespace(
        complaint_id=case.id,
        seq=case.version,
        kind=kind,
        at=at,
        actor_id=None,
        role=_SYSTEM,
        data=data,
        content_digest="",
    )


def give_hashes(case: Complaint, rows: Iterable[Any]) -> None:
    """Gives the rows of `draft_row`, in their order, their hashes; once, when all is said. On PostgreSQL, which keeps
    no spelling, their data is a text from then on: that of the hash is stored."""
    keeps_spelling = _keeps_spelling()
    for row in rows:
        row.data = row.data if keeps_spelling else spelled(row.data)
        row.prev_hash = case.last_event_hash
        row.hash = case.last_event_hash = event_hash(row, case.number)


@cache
def _keeps_spelling() -> bool:
    """Asked once a process, whose database stays the same: Django's `connection` costs as much as a hash."""
    return connection.vendor != "postgresql"


def rows_of(drafted: Drafted, key: int) -> tuple[tuple[type[Model], list[Any]], ...]:
    """The drafted event and its words as `bulk.insert_together` takes them, under a key that was reserved for it."""
    drafted.event.pk = key
    if drafted.content is None:
        return ((Event, [drafted.event]),)
    drafted.content.event = drafted.event
    return (Event, [drafted.event]), (EventContent, [drafted.content])


def store_events(drafted: list[Drafted]) -> list[Event]:
    """Inserts drafted events and their words, whose cases are stored already."""
    events = [draft.event for draft in drafted]
    contents = [draft.content for draft in drafted if draft.content is not None]
    if len(events) <= bulk.FEW:
        bulk.insert(Event, events)
    else:
        Event.objects.bulk_create(events)
    for draft in drafted:
        if draft.content is not None:
            draft.content.event = draft.event
    bulk.insert(EventContent, contents)
    return events
