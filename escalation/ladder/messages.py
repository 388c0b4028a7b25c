"""What the ladder tells people: that a case was escalated to them, and what was decided."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.clock.dates import day_words
from complaints.mail.case_messages import agency_name, day_moved, is_answered, reassigned_in_words
from complaints.mail.types import MessageType
from complaints.models import Message
from escalation.ladder.models import Decision, Trigger


class LadderMessage(models.TextChoices):
    """Messages of the ladder."""

    ESCALATION = "escalation", gettext_lazy("Escalation")
    DECISION = "decision", gettext_lazy("Decision")
    EXTENDED = "extended", gettext_lazy("More time was given")
    LIFTED = "escalation_lifted", gettext_lazy("Escalation lifted")
    STILL_LATE = "still_late", gettext_lazy("Still late")
    HELD = "held", gettext_lazy("The worker waits for you")


def _why(message: Message) -> dict[str, Any]:
    """Why a case was escalated."""
    words: dict[str, str] = {
        Trigger.BROUGHT_BACK: _("the body that it was referred to did not answer"),
        Trigger.BREACH: _("a deadline has passed"),
        Trigger.DISPUTED: _("the citizen does not accept the answer"),
        Trigger.HANDED_BACK: _("agencies have handed it back again and again"),
        Trigger.UNACKNOWLEDGED: _("nothing came of the escalation before this one"),
        Trigger.OVERSIGHT_KIND: _("it is an oversight complaint"),
        Trigger.SHARE: _("most of the time is used"),
        Trigger.OVERDUE: _("it is long overdue"),
        Trigger.REPEATED: _("complaints about the same agency and matter repeat themselves"),
    }
    return {"why": words.get(str(message.data.get("trigger", "")), "")}


def what_was_decided(data: dict[str, Any]) -> str:
    """The sentence for the data of a decision's mail, for citizen and staff alike, from codes alone; "" for a
    decision of which the codes say nothing."""
    if data.get("decision") == Decision.REASSIGN:
        return reassigned_in_words(data)
    told = {
        "body": agency_name(data.get("body")),
        "due": _day(data.get("due")),
        "old": _day(data.get("old")),
        "new": _day(data.get("new")),
    }
    sentences: dict[str, tuple[str, ...]] = {
        Decision.INSTRUCT: (_("The agency was told to answer by %(due)s."), "due"),
        Decision.EXTEND: (
            _("More time was given: the promised day is now %(new)s. It was %(old)s."),
            "new",
            "old",
        ),
        Decision.REFER: (_("The report goes to %(body)s, which answers for this matter."), "body"),
        Decision.UNFOUNDED: (
            _("There was no ground for the escalation. The agency goes on with the report."),
        ),
    }
    sentence, *needed = sentences.get(str(data.get("decision", "")), ("",))
    return sentence % told if all(told[name] for name in needed) else ""


def _day(moment: Any) -> str:
    return day_words(datetime.fromisoformat(moment)) if moment else ""


def _reminded(message: Message) -> str:
    """A line of the digest, by the code of why somebody is reminded."""
    return _("The day you set has passed") if message.data.get("why") == "date" else _("Still late")


def _is_date(message: Message) -> dict[str, Any]:
    is_date = message.data.get("why") == "date"
    return {"set_day": _day(message.data.get("due")) if is_date else ""}


def _decided(message: Message) -> dict[str, Any]:
    return {"decided": what_was_decided(message.data)}


MESSAGES = (
    MessageType(
        LadderMessage.ESCALATION,
        is_digested=True,
        line=lambda message: _("Escalated to you"),
        context=_why,
        replaces=frozenset({Message.Template.REMINDER}),
    ),
    MessageType(
        LadderMessage.DECISION,
        is_digested=True,
        line=lambda message: _("A decision was made"),
        context=_decided,
        follows_main=True,
        told_afterwards=True,
    ),
    MessageType(
        LadderMessage.EXTENDED,
        files="decision",
        is_digested=True,
        line=lambda message: _("More time was given"),
        context=_decided,
    ),
    MessageType(
        LadderMessage.LIFTED,
        files="not_missed",
        is_digested=True,
        line=lambda message: _("No longer escalated: the deadline has moved"),
        context=day_moved,
    ),
    MessageType(
        LadderMessage.STILL_LATE,
        is_digested=True,
        line=_reminded,
        context=_is_date,
        is_overtaken=is_answered,
    ),
    MessageType(LadderMessage.HELD),
)
