"""What a case's complete file holds beyond the case page: its mails, its escalations, each look at an identity."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from complaints.history.timeline import TimelineItem
from complaints.mail.types import type_of
from complaints.models import Complaint, EventKind, Message
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Escalation, levels_of


@dataclass(frozen=True)
class Letter:
    """One mail: what it was, to whom by role or staff name, and what became of it. Never an address."""

    what: str
    to: str
    due: datetime
    outcome: str
    at: datetime | None
    tone: str
    icon: str


@dataclass(frozen=True)
class Raised:
    """An escalation with the words of its decision; `may_decide` for the reader."""

    row: Escalation
    words: str
    may_decide: bool


def letters_of(case: Complaint) -> list[Letter]:
    """The correspondence, oldest first; one query."""
    rows = Message.objects.letters().filter(complaint=case).select_related("user__agency")
    return [_letter(row) for row in rows.order_by("due_at", "id")]


def _letter(row: Message) -> Letter:
    what = str(type_of(row).template.label)
    if row.sent_at is not None:
        return Letter(what, _reader(row), row.due_at, _("sent"), row.sent_at, "success", "check")
    if row.dropped_at is not None:
        # The reason is kept for whoever runs the system; it may name a mail server.
        return Letter(what, _reader(row), row.due_at, _("not sent"), row.dropped_at, "danger", "x-circle")
    waits = _("waits, tried %(count)d times") % {"count": row.attempts} if row.attempts else _("waits")
    return Letter(what, _reader(row), row.due_at, waits, None, "neutral", "hourglass")


def _reader(row: Message) -> str:
    if row.user is None:
        return str(row.get_reader_display() or Role.CITIZEN.label)
    agency = row.user.agency.short_name if row.user.agency else ""
    return " · ".join(part for part in (str(row.user), str(Role(row.user.role).label), agency) if part)


def escalations_of(case: Complaint, user: User, timeline: list[TimelineItem]) -> list[Raised]:
    """Oldest first, with the words from the history; one query."""
    decided = {
        (item.at, item.data.get("level")): item.words
        for item in timeline
        if item.kind == LadderEvent.ESCALATION_DECIDED
    }
    rows = Escalation.objects.filter(complaint=case).select_related("acknowledged_by", "decided_by")
    levels = levels_of(user)
    return [
        Raised(row, decided.get((row.decided_at, row.level), ""), row.is_open and row.level in levels)
        for row in rows.order_by("raised_at", "id")
    ]


def identity_accesses_of(timeline: list[TimelineItem]) -> list[TimelineItem]:
    """Each look at the protected identity, out of the history."""
    return [item for item in timeline if item.kind == EventKind.IDENTITY_OPENED]
