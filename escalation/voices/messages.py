"""What is told in office of inputs: due soon, late, late on the level above, gone on being late."""

from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from complaints.mail.types import MessageType
from complaints.models import Message
from escalation.voices.people import place_of, roster_for
from surveys.forums.models import ForumInput, InputState


class InputMessage(models.TextChoices):
    """Messages of the ladder of inputs."""

    DUE = "input_due", gettext_lazy("Input due")


def _line(message: Message) -> str:
    words = {
        "reminder": _("An input from a citizen is due soon"),
        "overdue": _("An input from a citizen was not answered in time"),
        "still": _("An input from a citizen is still not answered"),
    }
    return words.get(str(message.data.get("what", "")), str(InputMessage.DUE.label))


def _page(message: Message) -> str:
    return reverse("surveys:input-detail", args=[message.data["number"]])


def _row(message: Message) -> ForumInput | None:
    rows = ForumInput.objects.select_related("forum").filter(number=message.data["number"])
    found: ForumInput | None = rows.first()
    return found


def _is_for_reader(message: Message) -> bool:
    rows = ForumInput.objects.visible_to(message.user).filter(number=message.data["number"])
    return bool(message.user is not None and rows.exists())


def _is_answered(message: Message) -> bool:
    row = _row(message)
    return row is None or row.state != InputState.WAITING


def _instead(message: Message, now: datetime) -> list[User]:
    """Whoever is on that level now."""
    row = _row(message)
    if row is None:
        return []
    roster, level = roster_for([row.pk], now), int(message.data.get("level", 0))
    return roster.level(level, place_of(row)) if level else roster.workers(place_of(row))


MESSAGES = (
    MessageType(
        InputMessage.DUE,
        files="obligation",
        is_digested=True,
        line=_line,
        page=_page,
        is_overtaken=_is_answered,
        is_for_reader=_is_for_reader,
        instead=_instead,
    ),
)
