"""What asking for a sealed file writes into the history of a case, and how it is told."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.history.kinds import EventType, Names
from complaints.models import Event


class ReportEvent(models.TextChoices):
    """Kinds of events."""

    FILE_SEALED = "file_sealed", gettext_lazy("Sealed file made")
    OWN_FILE_SEALED = "own_file_sealed", gettext_lazy("Sealed file made by the citizen")


def _sealed(event: Event, names: Names) -> str:
    purposes = {
        "ombudsman": _("Sealed file made for the ombudsman"),
        "appeal": _("Sealed file made for the citizen's appeal"),
        "court": _("Sealed file made for a court"),
    }
    return purposes.get(str(event.data.get("purpose", "")), _("Sealed file made"))


EVENTS = (
    EventType(ReportEvent.FILE_SEALED, _sealed, "key", "neutral"),
    EventType(ReportEvent.OWN_FILE_SEALED, _sealed, "key", "neutral", is_public=True),
)
