"""What the codes in a snapshot are called. Names come from the snapshot, fixed words from the translations."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.models import Stopped
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel, StateChoice
from complaints.models.policy import Stage
from escalation.ladder.models import Level

CHOICES: dict[str, Any] = {
    "channel": Channel,
    "kind": Kind,
    "state": StateChoice,
    "stage": Stage,
    "level": Level,
    "stopped": Stopped,
}


def name_of(data: dict[str, Any], group: str, code: Any) -> str:
    """The words for `code` of `group` (agency, category, area, channel, kind, state, reason, how)."""
    if group in CHOICES:
        return str(CHOICES[group](code).label) if code in CHOICES[group].values else str(code)
    if code == "":
        return _missing(group)
    if group == "how":
        return _how(code)
    names = data["labels"].get(group, {}).get(code)
    return in_language(names) if names else str(code)


def in_language(names: dict[str, str]) -> str:
    return names["en" if get_language() == "en" else "id"]


def _missing(group: str) -> str:
    return {
        "agency": _("Not yet with an agency"),
        "category": _("Without a category"),
        "area": _("Area not given"),
        "reason": _("No reason recorded"),
    }.get(group, _("Not given"))


def _how(code: str) -> str:
    known = {
        "confirmed": _("Confirmed by the citizen"),
        "auto_closed": _("Closed: the citizen said nothing in time"),
        "closed": _("Closed (as another system recorded it)"),
        "answered": _("Answered, waiting for the citizen's word"),
    }
    return known.get(code) or name_of({}, "state", code)
