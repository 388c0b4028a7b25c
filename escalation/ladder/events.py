"""What the ladder writes into the history of a case, and how it is told."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.clock.dates import day_words
from complaints.history.kinds import EventType, Names, stages_in_words
from complaints.models import Event
from escalation.ladder.models import Decision, Level, Lifted, Trigger


class LadderEvent(models.TextChoices):
    """Kinds of events."""

    ESCALATED = "escalated", gettext_lazy("Escalated")
    ESCALATION_ACKNOWLEDGED = "escalation_acknowledged", gettext_lazy("Escalation acknowledged")
    ESCALATION_DECIDED = "escalation_decided", gettext_lazy("Escalation decided")
    ESCALATION_LIFTED = "escalation_lifted", gettext_lazy("Escalation lifted")
    REMINDED = "ladder_reminded", gettext_lazy("Reminded: still late")


def _escalated(event: Event, names: Names) -> str:
    levels: dict[int, str] = {
        Level.AGENCY_HEAD: _("Raised to the head of the agency"),
        Level.INSPECTORATE: _("Raised to the inspectorate or the city secretary"),
        Level.OMBUDSMAN: _("Raised to the ombudsman"),
    }
    raised = levels.get(event.data.get("level", 0), _("Raised to the next level"))
    if stages := stages_in_words(event):
        return _("Target missed (%(stage)s). %(raised)s") % {"stage": stages, "raised": raised}
    trigger = event.data.get("trigger")
    if trigger == Trigger.SHARE:
        return _("Most of the time is used. %(raised)s") % {"raised": raised}
    if trigger == Trigger.REPEATED:
        return _("Complaints about the same matter repeat themselves. %(raised)s") % {"raised": raised}
    return raised


def _decided(event: Event, names: Names) -> str:
    if event.data.get("decision") == Decision.EXTEND and event.data.get("new") and event.data.get("old"):
        old, new = (day_words(datetime.fromisoformat(event.data[key])) for key in ("old", "new"))
        return _("Decision on the escalation: more time was given, until %(new)s instead of %(old)s") % {
            "new": new,
            "old": old,
        }
    if event.data.get("decision") == Decision.INSTRUCT and event.data.get("due"):
        day = day_words(datetime.fromisoformat(event.data["due"]))
        return _("Decision on the escalation: the agency was told to answer by %(day)s") % {"day": day}
    decisions: dict[str, str] = {
        Decision.INSTRUCT: _("Decision on the escalation: the agency was instructed"),
        Decision.EXTEND: _("Decision on the escalation: more time was given"),
        Decision.REASSIGN: _("Decision on the escalation: the report goes to another agency"),
        Decision.REFER: _("Decision on the escalation: the report goes to another body"),
        Decision.UNFOUNDED: _("Decision on the escalation: there was no ground for it"),
    }
    return decisions.get(str(event.data.get("decision", "")), _("Decision on the escalation"))


def _lifted(event: Event, names: Names) -> str:
    if event.data.get("because") != Lifted.MOVED:
        return _("Escalation lifted")
    if not event.data.get("due"):
        return _("Escalation lifted: it is not late")
    day = day_words(datetime.fromisoformat(event.data["due"]))
    return _("Escalation lifted: it is not late, the day is now %(day)s") % {"day": day}


def _reminded(event: Event, names: Names) -> str:
    if event.data.get("why") == "date" and event.data.get("due"):
        day = day_words(datetime.fromisoformat(event.data["due"]))
        return _("Whoever decided was reminded: nothing was done by %(day)s, the day they set") % {"day": day}
    level = event.data.get("level")
    who = Level(level).label if level in Level.values else ""
    return _("Still late: reminded %(level)s") % {"level": who}


EVENTS = (
    EventType(LadderEvent.ESCALATED, _escalated, "up", "danger", is_public=True),
    EventType(LadderEvent.ESCALATION_ACKNOWLEDGED, None, "check", "info"),
    EventType(LadderEvent.ESCALATION_DECIDED, _decided, "flag", "info", is_public=True),
    EventType(LadderEvent.ESCALATION_LIFTED, _lifted, "check", "neutral"),
    EventType(LadderEvent.REMINDED, _reminded, "bell", "warning", repeats=True),
)
