"""Lines in the digests of those who work on a case, whoever that is when they leave (mail/readers.py)."""

from complaints.clock.calendars import calendar_for
from complaints.clock.deadlines import Clockwork, office_moment
from complaints.mail.drafting import draft_message
from complaints.models import Complaint, Message, Reader
from complaints.services.change import Change


def tell_agency(change: Change, template: str) -> None:
    """A line for whoever works on the case; where nobody does, for the first above who is there."""
    running = [clock for clock in change.clockwork.clocks if clock.is_running]
    at = office_moment(running[0].calendar, change.now) if running else change.now
    change.tell(Reader.WORKERS, template, _about(change.case), at=at)


def tell_officers_of_part(change: Change, part: Complaint, clockwork: Clockwork) -> None:
    """The same for a part of a shared case that was just made."""
    at = office_moment(clockwork.calendar_row(), change.now)
    change.messages.append(
        draft_message(
            Message.Template.ASSIGNMENT,
            case=part,
            cause="1",
            due_at=at,
            reader=Reader.WORKERS,
            data=_about(part),
        )
    )


def tell_lead(change: Change, lead: Complaint) -> None:
    """Whoever works on the whole hears that its part was answered: they may be waiting for it."""
    at = office_moment(change.clockwork.calendar_row(), change.now)
    change.messages.append(
        draft_message(
            Message.Template.PART_ANSWERED,
            case=lead,
            cause=f"{change.case.number}-{change.case.version}",
            due_at=at,
            reader=Reader.WORKERS,
            data={"part": change.case.number},
        )
    )


def tell_part(change: Change, number: str, template: str) -> None:
    """Whoever works on this part of the whole that is changed; "" is none."""
    part = change.case.children.filter(number=number).select_related("agency").first() if number else None
    if part is None or part.agency is None:
        return
    at = office_moment(calendar_for(part.agency_id)[0], change.now)
    cause = f"{change.case.number}-{change.case.version}"
    change.messages.append(
        draft_message(template, case=part, cause=cause, due_at=at, reader=Reader.WORKERS, data=_about(part))
    )


def _about(case: Complaint) -> dict[str, str]:
    """Whose it was when this was written."""
    return {"agency": case.agency.code} if case.agency else {}
