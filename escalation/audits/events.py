"""What an audit writes into the history of a case, and how it is told."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.history.kinds import EventType, Names
from complaints.models import Event


class AuditEvent(models.TextChoices):
    """Kinds of events."""

    AUDITED = "audited", gettext_lazy("Reviewed in an audit")


def _audited(event: Event, names: Names) -> str:
    data = {"sample": event.data.get("sample", 0)}
    if event.data.get("held"):
        return _("Reviewed in audit %(sample)d; the result follows after the second review") % data
    if "released" in event.data:
        return _("Audit %(sample)d: counts with one review, as the other can no longer be made") % data
    if "agreed" in event.data:
        return _("Audit %(sample)d: both reviewers agreed where they had differed") % data
    given = list((event.data.get("answers") or {}).values())
    data |= {
        "place": event.data.get("place", 1),
        "yes": given.count("yes"),
        "no": given.count("no"),
    }
    return _("Reviewed in audit %(sample)d (reviewer %(place)d): yes %(yes)d, no %(no)d") % data


EVENTS = (EventType(AuditEvent.AUDITED, _audited, "check", "neutral"),)
