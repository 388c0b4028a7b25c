"""Which inputs without an answer nobody watches, said one by one and person by person, slowly and by other means."""

from datetime import datetime

from accounts.models import User
from accounts.roles import AGENCY_ROLES, Role, Seat
from complaints.models import ReportedParty
from surveys.forums.inputs.models import InputMark
from surveys.forums.models import ForumInput
from tests.oversight.watching_oracle import is_there

TOP = 3


def unwatched(now: datetime) -> set[str]:
    """Numbers."""
    there = [user for user in User.objects.prefetch_related("absences") if is_there(user, now)]
    rows = ForumInput.objects.filter(state="waiting").select_related("forum")
    return {row.number for row in rows if _is_alone(row, there)}


def _is_alone(row: ForumInput, there: list[User]) -> bool:
    if row.next_action_at is None:
        return True
    near = [user for user in there if not _stands_aside(user, row)]
    acts = [user for user in near if _acts(user, row)]
    return not (acts and [user for user in near if _decides(user, row, min(row.level + 1, TOP))])


def _stands_aside(user: User, row: ForumInput) -> bool:
    """Marked, or complained about by a report of the forum; the head of a unit that is answers for it."""
    if InputMark.objects.filter(input=row, user=user, cleared_at=None).exists():
        return True
    cases = list(row.forum.cases.all()) if row.forum else []
    for party in ReportedParty.objects.filter(complaint__in=cases, cleared_at=None):
        if party.user_id == user.pk:
            return True
        below = party.agency.with_descendants() if party.agency else []
        if user.agency_id in below and (party.user_id or user.role != Role.AGENCY_HEAD):
            return True
    return False


def _acts(user: User, row: ForumInput) -> bool:
    """Answers it, or gives it to an agency where none has it."""
    if row.agency_id is None:
        return user.role == Role.VERIFIER
    return user.role in AGENCY_ROLES and row.agency_id in user.agency_scope


def _decides(user: User, row: ForumInput, level: int) -> bool:
    if user.role == Role.SUPERVISOR:
        return level < TOP or user.seat != Seat.INSPECTORATE
    return level == 1 and user.role == Role.AGENCY_HEAD and row.agency_id in user.agency_scope
