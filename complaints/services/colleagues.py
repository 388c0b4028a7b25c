"""What people of an agency tell each other and the citizen while they work on a case: who goes on with it, whom a note
is for, and how far it is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import AGENCY_ROLES, Role
from complaints.clock.city_time import day_of
from complaints.models import Attachment, Complaint, EventKind, Message, Stopped
from complaints.models.policy import Stage, update_is_response
from complaints.permissions import Act
from complaints.recusal import PERSON_STANDS_ASIDE, blocked, unblocked
from complaints.services.change import NOT_NOW, NotPossible, changing
from complaints.services.handling import attach, tell_colleagues
from complaints.states import PAUSED, State

IS_THEIRS = _("This person handles the case already.")
NOT_AN_OFFICER = _("This person is not an officer of the case's agency.")
DAY_IS_PAST = _("The day by which it is to be done lies behind.")
TOLD_BY_LEAD = _("The citizen is told by the agency that leads.")


def is_handled(case: Complaint) -> bool:
    """Accepted and not answered: somebody works on it, or waits for the citizen's answer."""
    state = case.returns_to if case.state in PAUSED else case.state
    return state == State.IN_PROGRESS and case.handler_id is not None


def takers(case: Complaint) -> list[User]:
    """Who could go on with the case instead of whoever has it."""
    if case.agency_id is None or case.handler_id is None:
        return []
    officers = User.objects.filter(role=Role.OFFICER, agency_id=case.agency_id, is_active=True)
    return unblocked(officers.exclude(pk=case.handler_id).order_by("name"), case)


def hand_on(
    pk: int, *, actor: Actor, now: datetime, handler: User, remark: str = "", version: int | None = None
) -> Complaint:
    """Gives a case that was accepted to a colleague of the same agency; no clock moves. Who gets it is told, and who
    had it, unless they did it themselves."""
    with changing(pk, actor, Act.HAND_ON, now=now, version=version) as change:
        case = change.case
        if not is_handled(case):
            raise NotPossible(NOT_NOW)
        if handler.agency_id != case.agency_id or handler.role != Role.OFFICER or not handler.is_active:
            raise NotPossible(NOT_AN_OFFICER)
        if handler.pk == case.handler_id:
            raise NotPossible(IS_THEIRS)
        if blocked([handler], case):
            raise NotPossible(PERSON_STANDS_ASIDE)
        before, case.handler = case.handler, handler
        data = {"handler": handler.pk, "before": before.pk if before else None}
        change.event(EventKind.HANDED_ON, data=data, words={"text": remark})
        told = [each for each in (handler, before) if each is not None]
        tell_colleagues(change, told, Message.Template.HANDED_ON)
    return case


def readers_of_notes(case: Complaint, actor: User) -> list[User]:
    """Whom a note may be for: the people of the agency that has the case, before that the verifiers; not its writer."""
    people = User.objects.filter(is_active=True).exclude(pk=actor.pk).order_by("name")
    verifiers = Q(role=Role.VERIFIER)
    people = people.filter(
        Q(agency_id=case.agency_id, role__in=sorted(AGENCY_ROLES)) if case.agency_id else verifiers
    )
    return unblocked(people, case)


@transaction.atomic
def tell_progress(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    words: str,
    files: Iterable[Attachment] = (),
    expected_on: date | None = None,
    version: int | None = None,
) -> Complaint:
    """Tells the citizen in public how far it is. The promise stands; it is a first response only where the policy
    of the case says so. `expected_on`: not done yet, because of what the words say; by then it will be."""
    with changing(pk, actor, Act.TELL_PROGRESS, now=now, version=version) as change:
        case, files = change.case, list(files)
        if case.state != State.IN_PROGRESS:
            raise NotPossible(NOT_NOW)
        if case.parent_id is not None:
            raise NotPossible(TOLD_BY_LEAD)
        if update_is_response(case.policy):
            change.clockwork.stop(Stage.FIRST_RESPONSE, at=change.now, why=Stopped.DONE)
        if expected_on is not None and expected_on < day_of(change.now):
            raise NotPossible(DAY_IS_PAST)
        data: dict[str, Any] = {"files": [each.sha256 for each in files]}
        if expected_on is not None:
            data["expected_on"] = expected_on.isoformat()
        change.event(EventKind.PROGRESS_TOLD, data=data, words={"text": words})
        change.tell_citizen(Message.Template.PROGRESS)
        change.tell_merged(Message.Template.PROGRESS)
    attach(change, files)
    return case
