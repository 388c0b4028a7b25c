"""Which open cases nobody watches, said case by case and person by person, slowly and by other means."""

from datetime import datetime

from django.conf import settings

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.models import Complaint
from complaints.permissions import may
from complaints.states import OPEN, State, Verb


def unwatched(now: datetime) -> set[str]:
    """Numbers."""
    there = [user for user in User.objects.prefetch_related("absences") if is_there(user, now)]
    scopes = {user: set(Complaint.objects.visible_to(user).values_list("pk", flat=True)) for user in there}
    alone = {case.pk: case for case in Complaint.objects.filter(is_live=True) if _is_alone(case, scopes)}
    joined = Complaint.objects.filter(is_live=True, state=State.MERGED, merged_into__in=alone)
    return {case.number for case in (*alone.values(), *joined)}


def _is_alone(case: Complaint, scopes: dict[User, set[int]]) -> bool:
    if case.state not in OPEN:
        return False
    if case.next_action_at is None or case.next_level is None:
        return True
    near = [user for user, scope in scopes.items() if case.pk in scope]
    acts = [user for user in near if _acts(user, case)]
    decides = [user for user in near if _decides(user, case.next_level)]
    return not (acts and decides)


def is_there(user: User, now: datetime) -> bool:
    today = now.astimezone(settings.CITY.tz).date()
    is_away = any(each.first_day <= today <= each.last_day for each in user.absences.all())
    return user.is_active and user.has_usable_password() and not is_away


def _acts(user: User, case: Complaint) -> bool:
    """Assigns it while it lies with the verifiers; else accepts and answers it."""
    waits = State.SUBMITTED in (case.state, case.returns_to)
    return may(user, Verb.ASSIGN if waits else Verb.RESOLVE, case)


def _decides(user: User, level: int) -> bool:
    if user.role == Role.AGENCY_HEAD:
        return level == 1
    if user.role != Role.SUPERVISOR:
        return False
    return level <= 2 or user.seat != Seat.INSPECTORATE
