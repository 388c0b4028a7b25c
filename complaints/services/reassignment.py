"""Taking a case away from one agency and giving it to another, by decision of the ladder (decision 26)."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES, Role
from complaints.clock.deadlines import office_moment
from complaints.models import Complaint, EventKind, Message, Stopped
from complaints.models.complaint import Complaints
from complaints.models.policy import Stage
from complaints.permissions import waits_for_verification
from complaints.recusal import Recusal, unblocked
from complaints.services.change import (
    Change,
    NotPossible,
    changing,
    let_question_stand,
    part_that_asks,
)
from complaints.services.telling import tell_agency
from complaints.services.verification import WORKS_ON_IT, ask_first, check_can_take
from complaints.states import ACTIVE, Verb


def eligible_agencies(case: Complaint, actor: Actor) -> list[Agency]:
    """Who may be given this case by `actor`: any agency of the city that takes its kind, an agency's head
    only those of their own line."""
    agencies = Agency.objects.filter(is_active=True, is_external=False)
    if role_of(actor) in AGENCY_ROLES and isinstance(actor, User):
        agencies = agencies.filter(pk__in=actor.agency_scope)
    taken = {case.agency_id, *_relatives(case).values_list("agency", flat=True)}
    recusal = Recusal.of(case.pk)
    able = [agency for agency in agencies.order_by("name") if agency.pk not in taken]
    return [agency for agency in able if not recusal.refusal(agency, case)]


def reassign(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    agency: Agency,
    words: str = "",
    answer: str = "",
    version: int | None = None,
) -> Complaint:
    """Gives the case to another agency; the promise to the citizen stays, the first response begins anew.

    An unanswered question to the citizen no longer holds it up. NotPossible for an agency that may not take
    it, that has it already, or that is outside the line of a deciding head; and where the words complain about it
    without an `answer` (SentAnyway).
    """
    with changing(pk, actor, Verb.REASSIGN, now=now, version=version) as change:
        case = change.case
        check_can_get(change, agency)
        asked = ask_first(change, [agency], answer)
        waited = waits_for_verification(case)
        told = [] if waited else unblocked(_people_of(case), case)
        data = give(change, agency, asked, words=words)
        at = office_moment(change.clockwork.calendar_row(), now)
        change.tell_staff(told, Message.Template.TAKEN_AWAY, data, at=at)
    return case


def give(
    change: Change,
    agency: Agency,
    more: dict[str, Any],
    *,
    words: str = "",
    why: Stopped = Stopped.REASSIGNED,
) -> dict[str, Any]:
    """Puts the case into the hands of `agency`, whose people are told; who lost it, as the event says. A question that
    stands through a part goes on."""
    case, before, now = change.case, change.case.agency, change.now
    is_a_parts = bool(part_that_asks(case))
    change.move(Verb.REASSIGN)
    case.returns_to = ""
    if not is_a_parts:
        change.clockwork.resume(now, why)
    change.clockwork.stop(Stage.VERIFICATION, Stage.FIRST_RESPONSE, at=now, why=why)
    case.agency, case.assigned_at, case.handler = agency, now, None
    change.clockwork.start(Stage.FIRST_RESPONSE, now)
    data = {"agency": agency.code, "from": before.code if before else ""}
    change.event(EventKind.REASSIGNED, data=data | more, words={"text": words})
    tell_agency(change, Message.Template.ASSIGNMENT)
    if is_a_parts:
        let_question_stand(change)
    return data


def check_can_get(change: Change, agency: Agency) -> None:
    """NotPossible for an agency that may not take it, that has it already, or that is outside the line of a head."""
    case, actor = change.case, change.actor
    check_can_take(agency, case)
    if agency.pk == case.agency_id:
        raise NotPossible(_("This agency has the case already."))
    if role_of(actor) in AGENCY_ROLES and isinstance(actor, User) and agency.pk not in actor.agency_scope:
        raise NotPossible(_("You can give the case to agencies of your own line only."))
    if _relatives(case).filter(agency=agency).exists():
        raise NotPossible(WORKS_ON_IT)


def _relatives(case: Complaint) -> Complaints:
    """The other active parts of a shared case, or the whole that this is a part of."""
    whole = case.parent_id or case.pk
    family = Complaint.objects.filter(Q(pk=whole) | Q(parent=whole)).exclude(pk=case.pk)
    return family.filter(state__in=sorted(ACTIVE))


def _people_of(case: Complaint) -> list[User]:
    """Officers and heads of the agency that loses the case: they will not find it in their queue any more."""
    roles = [Role.OFFICER, Role.AGENCY_HEAD]
    return list(User.objects.filter(agency=case.agency, is_active=True, role__in=roles).order_by("pk"))
