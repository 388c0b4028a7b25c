"""An agency that closes hands its open cases over, by the system on the administration's order (decision 0055).

Found, not queued: what lies with a closed agency that has a successor goes there, and so does what is disputed later.
"""

import logging
from datetime import datetime

from django.db.models import Q

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.accused import named_in
from complaints.clock.deadlines import office_moment
from complaints.models import Complaint, Message, Reader, Stopped
from complaints.recusal import unblocked
from complaints.services.change import NOT_NOW, Change, NotPossible, changing
from complaints.services.parties import take_back
from complaints.services.reassignment import check_can_get, give
from complaints.states import Verb

logger = logging.getLogger(__name__)
BATCH = 200


def hand_over_cases(now: datetime, batch: int = BATCH) -> int:
    """Moves so many of what lies with closed agencies, the oldest first; how many it moved."""
    moved = 0
    for agency in Agency.objects.handed_over().select_related("successor"):
        successor = agency.who_took_over()
        if successor is None:
            continue
        left = Complaint.objects.visible_to(None).left_at(agency).order_by("received_at", "pk")
        for pk in left.values_list("pk", flat=True):
            if moved == batch:
                return moved
            moved += _hand_over_one(pk, agency, successor, now)
    return moved


def _hand_over_one(pk: int, agency: Agency, successor: Agency, now: datetime) -> bool:
    """Whether it was moved. One that cannot be now comes again."""
    try:
        hand_over(pk, agency=agency, successor=successor, now=now)
    except Exception as error:  # noqa: BLE001 - one bad case must not stop the rest
        logger.error("a case of a closed agency not handed over (%s)", type(error).__name__)
        return False
    return True


def hand_over(pk: int, *, agency: Agency, successor: Agency, now: datetime) -> Complaint:
    """Gives the case to whoever took over, with its promise, or, where they may not have it, to the verifiers. Both
    heads, the citizen, and whoever works on it are told."""
    with changing(pk, None, Verb.REASSIGN, now=now) as change:
        case = change.case
        if case.agency_id != agency.pk:
            raise NotPossible(NOT_NOW)
        told = _who_loses_it(case, agency)
        data = {"closed": True, "by": agency.closed_by_id or 0}
        if _may_have(change, successor):
            give(change, successor, data, why=Stopped.AGENCY_CLOSED)
        else:
            take_back(change, data, why=Stopped.AGENCY_CLOSED)
        _tell(change, told, agency)
    return case


def _may_have(change: Change, successor: Agency) -> bool:
    """The same as whoever reassigns is held to; what would be asked first, a verifier is asked."""
    try:
        check_can_get(change, successor)
    except NotPossible:
        return False
    return not named_in(change.case, [successor], change.now)


def _who_loses_it(case: Complaint, agency: Agency) -> list[User]:
    """Its heads, and whoever works on it."""
    people = agency.users.filter(Q(role=Role.AGENCY_HEAD) | Q(pk=case.handler_id), is_active=True)
    return unblocked(people.order_by("pk"), case)


def _tell(change: Change, told: list[User], agency: Agency) -> None:
    case = change.case
    data = {"from": agency.code, "agency": case.agency.code if case.agency else ""}
    at = office_moment(change.clockwork.calendar_row(), change.now)
    change.tell_staff(told, Message.Template.HANDED_OVER, data, at=at)
    if case.agency is not None:
        change.tell(Reader.LEVEL_1, Message.Template.HANDED_OVER, data, at=at)
    change.tell_citizen(Message.Template.HANDED_OVER, data)
    change.tell_merged(Message.Template.HANDED_OVER, data)
