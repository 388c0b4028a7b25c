"""What the codes in a snapshot are called. Names come from the snapshot, fixed words from the translations."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.models import Stopped
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel, StateChoice
from complaints.models.policy import Stage
from escalation.ladder.models import Decision, Level, Trigger
from escalation.promises.models.commitment import CommitmentKind, CommitmentState
from escalation.promises.models.recommendation import Maladministration
from escalation.signals.models import Signal
from surveys.aftercase.models import Ending
from surveys.forums.inputs.choices import DeclineReason
from surveys.forums.models import ForumInput, InputState
from surveys.questionnaires.models import Element

CHOICES: dict[str, Any] = {
    "channel": Channel,
    "kind": Kind,
    "state": StateChoice,
    "stage": Stage,
    "level": Level,
    "stopped": Stopped,
    "trigger": Trigger,
    "signal": Signal,
    "decision": Decision,
    "maladministration": Maladministration,
    "promise_kind": CommitmentKind,
    "input_source": ForumInput.Source,
    "input_state": InputState,
    "decline_reason": DeclineReason,
    "element": Element,
    "ending": Ending,
}


def name_of(data: dict[str, Any], group: str, code: Any) -> str:
    """The words for `code` of `group` (agency, category, area, channel, kind, state, reason, how)."""
    if group in CHOICES:
        return str(CHOICES[group](code).label) if code in CHOICES[group].values else str(code)
    if (said := _fixed(group, code)) is not None:
        return said
    if code == "":
        return _missing(group)
    if group == "how":
        return _how(code)
    names = data["labels"].get(group, {}).get(code)
    return in_language(names) if names else str(code)


def _fixed(group: str, code: Any) -> str | None:
    """Words of a group that is no enumeration of the models."""
    if group == "became":  # of a report or a promise that an input became
        if code in CommitmentState.values and code != CommitmentState.OPEN:
            return str(CommitmentState(code).label)
        return {"open": _("still running"), "ended": _("over")}.get(code)
    words: dict[str, dict[Any, str]] = {
        "basis": {
            "issued": _("issued in the period"),
            "made": _("made in the period"),
            "due": _("owed within the period"),
        },
        "effect": {
            "": _("too early, or too few to say"),
            "fewer": _("fewer"),
            "more": _("more"),
            "unclear": _("no difference beyond chance"),
        },
        "after_case_by": {"whole": _("all together"), "unit": _("by unit"), "ending": _("by ending")},
        "yes_no": {True: _("yes"), False: _("no")},
    }
    return words.get(group, {}).get(code)


def in_language(names: dict[str, str]) -> str:
    return names["en" if get_language() == "en" else "id"]


def _missing(group: str) -> str:
    return {
        "agency": _("Not yet with an agency"),
        "category": _("Without a category"),
        "area": _("Area not given"),
        "reason": _("No reason recorded"),
        "service": _("No service named"),
        "forum": _("In no forum"),
    }.get(group, _("Not given"))


def _how(code: str) -> str:
    known = {
        "confirmed": _("Confirmed by the citizen"),
        "auto_closed": _("Closed: the citizen said nothing in time"),
        "closed": _("Closed (as another system recorded it)"),
        "answered": _("Answered, waiting for the citizen's word"),
    }
    return known.get(code) or name_of({}, "state", code)
