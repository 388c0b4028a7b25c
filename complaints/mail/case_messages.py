"""What is told of a case by mail, to its citizen and to those who work on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.roles import Role
from complaints.clock.dates import day_words, moment_words
from complaints.files.child import reason
from complaints.mail.types import MessageType
from complaints.mail.way_in import code_of
from complaints.models import Complaint, EventKind, Message
from complaints.models.clock import answer_due, runs_on
from complaints.numbers import show_receipt
from complaints.states import ACTIVE, State

Template = Message.Template


def is_answered(message: Message) -> bool:
    """A reminder of a case that nobody has to answer any more."""
    return message.complaint is not None and message.complaint.state not in ACTIVE


def has_moved_on(message: Message) -> bool:
    """New for an agency, which has the case no longer."""
    case, agency = message.complaint, message.data.get("agency")
    return case is not None and agency is not None and (case.agency is None or case.agency.code != agency)


def _in_place_of_officers(message: Message) -> dict[str, Any]:
    """The agency, for whoever is told because nobody there can take the case up."""
    if message.user is None or message.user.role == Role.OFFICER or message.complaint is None:
        return {"instead_of": ""}
    agency = message.complaint.agency
    return {"instead_of": agency.local_name if agency else ""}


def _new_line(message: Message) -> str:
    if agency := _in_place_of_officers(message)["instead_of"]:
        return _("New for %(agency)s, where nobody can take it up") % {"agency": agency}
    return _("New for your agency")


def _handed_on_line(message: Message) -> str:
    case = message.complaint
    if case is not None and message.user_id == case.handler_id:
        return _("Handed to you by a colleague")
    return _("A colleague goes on with it")


def _why_unsafe(message: Message) -> dict[str, Any]:
    return {"why": reason(str(message.data.get("why", "")))}


def question_is_over(message: Message) -> bool:
    return message.complaint is not None and message.complaint.state != State.AWAITING_CITIZEN


def is_answered_or_followed(message: Message) -> bool:
    """Answered since; of a merged case, the one that it follows."""
    case = _followed(message)
    return case is not None and case.state not in ACTIVE


def _followed(message: Message) -> Complaint | None:
    """The case that its citizen is told of: their own, or the one that it was merged into."""
    case = message.complaint
    return (case.merged_into or case) if case is not None else None


def _has_left(state: State) -> Callable[[Message], bool]:
    """Whether the case is in another state by now, of which its citizen hears by another mail or from a person."""

    def has_left(message: Message) -> bool:
        case = _followed(message)
        return case is not None and case.state != state

    return has_left


def _at_agency(message: Message) -> dict[str, Any]:
    """Who works on a part of it besides whoever leads."""
    case = _followed(message)
    parts = case.children.active().select_related("agency").order_by("pk") if case is not None else []
    return {"others": [part.agency.local_name for part in parts if part.agency is not None]}


def referral_is_settled(message: Message) -> bool:
    """The body outside has answered, or the case came back, since it was asked after."""
    told = _followed(message)
    return told is not None and (told.state != State.REFERRED or bool(told.outside_answer))


def agency_name(code: Any) -> str:
    """The name of an agency in the reader's language, "" for an unknown code."""
    agency = Agency.objects.filter(code=code).first() if code else None
    return agency.local_name if agency else ""


def reassigned_in_words(data: dict[str, Any]) -> str:
    """Who lost and who got the case; "" where the codes do not say it."""
    before, agency = agency_name(data.get("from")), agency_name(data.get("agency"))
    if not agency:
        return ""
    if before:
        words = _("The report was taken from %(before)s and given to %(agency)s.")
        return words % {"before": before, "agency": agency}
    return _("The report was given to %(agency)s.") % {"agency": agency}


def _taken_away(message: Message) -> dict[str, Any]:
    return {"decided": reassigned_in_words(message.data)}


def _handed_over(message: Message) -> dict[str, Any]:
    """Which agency was closed, and who has the case now."""
    about = {
        "before": agency_name(message.data.get("from")),
        "agency": agency_name(message.data.get("agency")),
    }
    if not about["agency"]:
        return {"decided": _("%(before)s was closed. Another agency is being sought.") % about}
    return {"decided": _("%(before)s was closed. %(agency)s goes on with the report.") % about}


def _question(message: Message) -> dict[str, Any]:
    """By when to answer; and what is promised, where the time of the city runs on meanwhile."""
    case = message.complaint
    if case is None:
        return {}
    due = answer_due(case)
    runs = day_words(case.target_at) if case.target_at and runs_on(case) else ""
    asked = case.events.filter(seq=message.cause, kind=EventKind.QUESTION_ASKED).first()
    through_part = asked is not None and asked.data.get("part")
    asker = agency_name(asked.data.get("agency")) if asked is not None and through_part else ""
    return {"due": moment_words(due) if due else "", "runs_until": runs, "asker": asker}


def _lost_code(message: Message) -> dict[str, Any]:
    """The code for one use, and where it is entered: it stands behind the # so that no server sees it."""
    code = show_receipt(code_of(message))
    return {"code": code, "link": f"{settings.BASE_URL}/complaints/track/#{code}"}


def day_moved(message: Message) -> dict[str, Any]:
    """By when it is due now, for whoever was told that it was missed."""
    due = message.data.get("due")
    if not due:
        return {"decided": _("It is not late.")}
    return {
        "decided": _("It is not late: the day is now %(day)s.")
        % {"day": day_words(datetime.fromisoformat(due))}
    }


MESSAGES = (
    MessageType(Template.RECEIPT),
    MessageType(Template.LOST_CODE, context=_lost_code),
    MessageType(Template.QUESTION, is_overtaken=question_is_over, context=_question),
    MessageType(
        Template.ANSWERED,
        is_digested=True,
        line=lambda message: _("The citizen has answered"),
        is_overtaken=is_answered,
    ),
    MessageType(Template.REJECTION, follows_main=True),
    MessageType(Template.MERGER),
    MessageType(Template.GOES_ON),
    MessageType(Template.FOLLOWED, follows_main=True),
    MessageType(Template.REOPENED, is_step=True),
    MessageType(
        Template.SUCCESSOR,
        is_digested=True,
        line=lambda message: _("Goes on in place of %(number)s") % {"number": message.data.get("from", "")},
        is_overtaken=has_moved_on,
    ),
    MessageType(
        Template.PART_ANSWERED,
        is_digested=True,
        line=lambda message: _("Part %(number)s was answered") % {"number": message.data.get("part", "")},
        is_overtaken=is_answered,
    ),
    MessageType(
        Template.ALSO_TOLD,
        is_digested=True,
        line=lambda message: _("Somebody else reports the same"),
        is_overtaken=has_moved_on,
    ),
    MessageType(
        Template.ASSIGNMENT,
        is_digested=True,
        line=_new_line,
        is_overtaken=has_moved_on,
        context=_in_place_of_officers,
    ),
    MessageType(
        Template.HANDED_ON,
        is_digested=True,
        line=_handed_on_line,
        is_overtaken=is_answered,
    ),
    MessageType(Template.MENTIONED, is_digested=True, line=lambda message: _("A note on it is for you")),
    MessageType(
        Template.AT_AGENCY,
        is_step=True,
        is_overtaken=_has_left(State.ASSIGNED),
        context=_at_agency,
        follows_main=True,
    ),
    MessageType(
        Template.TAKEN_UP, is_step=True, is_overtaken=_has_left(State.IN_PROGRESS), follows_main=True
    ),
    MessageType(
        Template.PROGRESS,
        is_step=True,
        follows_main=True,
        is_overtaken=is_answered_or_followed,
    ),
    MessageType(Template.RESOLUTION, follows_main=True),
    MessageType(
        Template.DISPUTE,
        is_digested=True,
        line=lambda message: _("The citizen does not accept the answer"),
        is_overtaken=is_answered,
    ),
    MessageType(
        Template.TAKEN_AWAY,
        files="decision",
        is_digested=True,
        line=lambda message: _("A decision was made"),
        context=_taken_away,
        told_afterwards=True,
    ),
    MessageType(
        Template.HANDED_OVER,
        is_digested=True,
        line=lambda message: _("Its agency was closed, and another goes on"),
        context=_handed_over,
        is_step=True,
        follows_main=True,
        told_afterwards=True,
    ),
    MessageType(Template.REFERRAL, follows_main=True),
    MessageType(Template.REFERRAL_CHECK, is_overtaken=referral_is_settled, follows_main=True),
    MessageType(Template.OMBUDSMAN, is_overtaken=is_answered_or_followed),
    MessageType(Template.BROUGHT_BACK, follows_main=True),
    MessageType(
        Template.REFERRAL_OPEN,
        is_digested=True,
        line=lambda message: _("Referred, and nobody knows whether it was answered"),
        is_overtaken=referral_is_settled,
    ),
    MessageType(Template.FILE_UNSAFE, context=_why_unsafe),
    MessageType(Template.CLOSING),
    MessageType(
        Template.REMINDER,
        is_digested=True,
        line=lambda message: _("Falls due soon"),
        is_overtaken=is_answered,
    ),
    MessageType(
        Template.BREACH,
        is_digested=True,
        line=lambda message: _("The deadline has passed"),
        is_overtaken=is_answered,
        replaces=frozenset({Template.REMINDER}),
    ),
    MessageType(
        Template.NOT_MISSED,
        is_digested=True,
        line=lambda message: _("The deadline has moved"),
        context=day_moved,
        is_overtaken=is_answered,
        replaces=frozenset({Template.BREACH}),
    ),
)
