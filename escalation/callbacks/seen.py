"""Who may know that a report was drawn: supervisors, but nobody whom it is about nor who answered it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import AGENCY_ROLES, Seat
from complaints.models import Complaint, Event
from complaints.models.complaint import Complaints
from complaints.permissions import role_may
from escalation.callbacks.models import CallBackItem
from escalation.rights import EscalationAct


def kept_from(user: User, cases: Complaints) -> Complaints:
    """Those of `cases` that do not exist for this supervisor here: about them; worked on by them when they were with an
    agency; and what the inspectorate answered, for whoever sits on its seat. Parts of a shared case count with it."""
    worked = Event.objects.filter(actor=user, role__in=sorted(AGENCY_ROLES))
    own = Exists(worked.filter(complaint=OuterRef("pk")))
    part = Exists(worked.filter(complaint__parent=OuterRef("pk")))
    hidden = Q(pk__in=Complaint.objects.about(user).values("pk")) | Q(own) | Q(part)
    if user.seat == Seat.INSPECTORATE:
        inspected = Complaint.objects.filter(parent=OuterRef("pk"), agency__is_oversight=True)
        hidden |= Q(agency__is_oversight=True) | Q(Exists(inspected))
    return cases.filter(hidden)


def items_for(actor: Actor) -> QuerySet[CallBackItem]:
    """The door by which pages and services reach what was drawn."""
    if not isinstance(actor, User) or not role_may(role_of(actor), EscalationAct.CALL_BACK):
        return CallBackItem.objects.none()
    drawn: Complaints = Complaint.objects.visible_to(actor).filter(
        pk__in=CallBackItem.objects.values("complaint")
    )
    hidden = kept_from(actor, drawn).values("pk")
    return CallBackItem.objects.filter(complaint__in=drawn.values("pk")).exclude(complaint__in=hidden)
