"""What the system does by itself, and recorded acts of administration."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from complaints.clock.deadlines import moves_told
from complaints.identity import SHORTEST_MOTIVE, Identity, unseal
from complaints.models import Complainant, Complaint, EventKind, Message, Stopped
from complaints.models.catalogue import Kind
from complaints.models.policy import OMBUDSMAN_AFTER_DAYS, Stage
from complaints.permissions import Act, is_protected, may
from complaints.services.change import Change, NotAllowed, NotPossible, changing
from complaints.services.ending import end_case
from complaints.states import ACTIVE, Verb


def lapse(pk: int, *, actor: Actor, now: datetime) -> Complaint:
    """Ends a case whose citizen did not answer in time."""
    with changing(pk, actor, Verb.LAPSE, now=now) as change:
        lapse_in(change)
    return change.case


def lapse_in(change: Change) -> None:
    """`lapse` inside a change that is open already: the sweep makes many at once."""
    change.move(Verb.LAPSE)
    beside = end_case(change, unanswered=True)
    change.event(EventKind.LAPSED, beside)
    change.tell_citizen(Message.Template.CLOSING)
    change.tell_merged(Message.Template.FOLLOWED)


def auto_close(pk: int, *, actor: Actor, now: datetime) -> Complaint:
    """Closes an answered case whose citizen said nothing in time; never counted as confirmed."""
    with changing(pk, actor, Verb.AUTO_CLOSE, now=now) as change:
        auto_close_in(change)
    return change.case


def auto_close_in(change: Change) -> bool:
    """`auto_close` inside a change that is open already. False: a part waits, since its lead is not answered yet and
    the citizen has not seen the whole answer; its time begins anew, and with the lead's answer it is the lead's."""
    lead = change.case.parent
    if lead is not None and lead.state in ACTIVE:
        change.clockwork.stop(Stage.CONFIRMATION, at=change.now, why=Stopped.DONE)
        change.clockwork.start(Stage.CONFIRMATION, change.now)
        return False
    change.move(Verb.AUTO_CLOSE)
    end_case(change)
    change.event(EventKind.AUTO_CLOSED)
    change.tell_citizen(Message.Template.CLOSING)
    change.tell_merged(Message.Template.FOLLOWED)
    return True


def may_go_to_ombudsman_at(case: Complaint) -> datetime | None:
    """When its citizen is told that they may go to the ombudsman; None: they were, or it is no complaint."""
    days = case.policy.get("ombudsman_after_days", OMBUDSMAN_AFTER_DAYS)
    is_complaint = case.kind in (Kind.COMPLAINT, Kind.OVERSIGHT) and case.parent_id is None
    if not days or not is_complaint or case.ombudsman_told_at is not None:
        return None
    return case.received_at + timedelta(days=days)


def may_go_to_ombudsman(case: Complaint) -> bool:
    """Whether its citizen was told so and still waits for an answer; of a merged case, as the main one stands."""
    followed = case.merged_into or case
    return followed.ombudsman_told_at is not None and followed.state in ACTIVE


def tell_of_ombudsman_in(change: Change) -> None:
    """Not answered in the time that the law gives: said once, by mail and on the page."""
    change.case.ombudsman_told_at = change.now
    change.event(EventKind.TOLD_OF_OMBUDSMAN)
    change.tell_citizen(Message.Template.OMBUDSMAN)
    change.tell_merged(Message.Template.OMBUDSMAN)


def move_deadlines(pk: int, *, by: User | None, now: datetime, reason: str) -> int:
    """Works out the due moments of an open case anew after a change of calendar; returns how many moved.

    The event says what moved, from when to when, and `by` whom; an administrator sees no case, so the
    system does it for them.
    """
    with changing(pk, None, Act.MOVE_DEADLINES, now=now) as change:
        moved = change.clockwork.move(change.now)
        if moved:
            data = moves_told(change.clockwork, moved) | {"by": by.pk if by else None}
            change.event(EventKind.DEADLINES_MOVED, data=data, words={"text": reason})
    return len(moved)


def open_identity(pk: int, *, actor: Actor, now: datetime, motive: str) -> Identity:
    """Shows a supervisor a protected identity; the look and its motive become part of the history.

    NotPossible without a motive that says something.
    """
    if len(motive.strip()) < SHORTEST_MOTIVE:
        raise NotPossible(_("Say why you need to know."))
    with changing(pk, actor, Act.OPEN_IDENTITY, now=now) as change:
        change.event(EventKind.IDENTITY_OPENED, words={"text": motive})
        identity = contact(change.case)
    return identity


def contact(case: Complaint) -> Identity:
    """Who complained; empty for an anonymous case. Callers have checked the right."""
    row: Complainant | None = getattr(case, "complainant", None)  # no row: no such attribute
    return unseal(bytes(row.sealed)) if row else Identity()


def contact_for(case: Complaint, actor: Actor) -> Identity:
    """Who complained, as far as `actor` may see it without a motive. Raises NotAllowed."""
    if is_protected(case) or not may(actor, Act.READ_CONTACT, case):
        raise NotAllowed(Act.READ_CONTACT)
    return contact(case)
