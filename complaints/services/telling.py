"""Lines in the digests of those who work an agency's queue; whoever the case is about gets none."""

from accounts.models import User
from accounts.roles import Role
from complaints.clock.deadlines import Clockwork, office_moment
from complaints.mail.drafting import draft_message
from complaints.models import Complaint, Message
from complaints.recusal import unblocked
from complaints.services.change import Change


def tell_agency(change: Change, template: str) -> None:
    """A line in the digest of those who work the agency's queue: its named handler, else its officers."""
    case = change.case
    users = (
        [case.handler] if case.handler is not None and case.handler.is_active else officers_of(case.agency_id)
    )
    running = [clock for clock in change.clockwork.clocks if clock.is_running]
    at = office_moment(running[0].calendar, change.now) if running else change.now
    change.tell_staff(unblocked(users, case), template, at=at)


def tell_officers_of_part(change: Change, part: Complaint, clockwork: Clockwork) -> None:
    """The same for a part of a shared case that was just made."""
    at = office_moment(clockwork.calendar_row(), change.now)
    for user in unblocked(officers_of(part.agency_id), part):
        change.messages.append(
            draft_message(Message.Template.ASSIGNMENT, case=part, cause="1", due_at=at, user=user)
        )


def officers_of(agency_id: int | None) -> list[User]:
    return list(User.objects.filter(agency=agency_id, is_active=True, role=Role.OFFICER)) if agency_id else []
