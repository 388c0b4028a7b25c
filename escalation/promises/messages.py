"""What is told of recommendations and commitments: to those who owe or judge, and to whom it led."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from complaints.mail.types import MessageType
from complaints.models import Message
from escalation.promises import people
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.recommendation import Recommendation


class PromiseMessage(models.TextChoices):
    """Messages of recommendations and commitments."""

    RECOMMENDATION = "recommendation", gettext_lazy("Recommendation")
    RECOMMENDATION_REPLY = "recommendation_reply", gettext_lazy("Answer to a recommendation")
    RECOMMENDATION_DUE = "recommendation_due", gettext_lazy("Recommendation due")
    COMMITMENT_DUE = "commitment_due", gettext_lazy("Commitment due")
    COMMITMENT_KEPT = "commitment_kept", gettext_lazy("Commitment kept")


def _line(message: Message) -> str:
    """By what happened (`data["what"]`) to which of the two, as staff read it; the message's own name for what
    is not known."""
    of_commitment = message.template == PromiseMessage.COMMITMENT_DUE
    words = _of_commitment() if of_commitment else _of_recommendation()
    label = str(PromiseMessage(message.template).label)
    return words.get(str(message.data.get("what", "")), label)


def _of_recommendation() -> dict[str, str]:
    return {
        "made": _("A recommendation to your agency waits for its answer"),
        "answered": _("A recommendation was answered: please judge"),
        "returned": _("The supervisors want more done on a recommendation"),
        "judged": _("The supervisors have judged a recommendation"),
        "withdrawn": _("A recommendation was withdrawn"),
        "reminder": _("A recommendation is due within a week"),
        "overdue": _("A recommendation is overdue"),
        "handed_over": _("A recommendation to an agency that was closed is yours now"),
        "waiting": _("An answered recommendation still waits for your judgement"),
    }


def _of_commitment() -> dict[str, str]:
    return {
        "made": _("You were named for a commitment of your agency"),
        "reported": _("A commitment was reported as done: please judge"),
        "returned": _("A commitment was found not to be kept yet"),
        "kept": _("A commitment was found kept"),
        "broken": _("A commitment was found broken"),
        "reminder": _("A commitment is due within a week"),
        "overdue": _("A commitment is overdue"),
        "handed_over": _("A commitment of an agency that was closed is yours now"),
        "waiting": _("A reported commitment still waits for your judgement"),
    }


def _recommendation_page(message: Message) -> str:
    return reverse("escalation:recommendation-detail", args=[message.data["number"]])


def _commitment_page(message: Message) -> str:
    return reverse("escalation:commitment-detail", args=[message.data["number"]])


def _may_read(message: Message) -> bool:
    """Asked when it leaves: whoever was named meanwhile does not hear of it."""
    model: Any = Commitment if message.template == PromiseMessage.COMMITMENT_DUE else Recommendation
    return bool(model.objects.visible_to(message.user).filter(number=message.data["number"]).exists())


def _instead(message: Message, now: datetime) -> list[User]:
    model: Any = Commitment if message.template == PromiseMessage.COMMITMENT_DUE else Recommendation
    row = model.objects.filter(number=message.data["number"]).select_related("agency").first()
    if row is None or message.user is None:
        return []
    return people.instead_of(message.user, row, str(message.data.get("what", "")), now)


def _public_page(message: Message) -> dict[str, Any]:
    """The public page of the promise that was kept."""
    path = reverse("escalation:commitment-public", args=[message.data["commitment"]])
    return {"commitment_url": f"{settings.BASE_URL}{path}"}


def _obligation(template: PromiseMessage, page: Any) -> MessageType:
    """What an agency owes: one letter for all of it."""
    return MessageType(
        template,
        files="obligation",
        is_digested=True,
        line=_line,
        page=page,
        is_for_reader=_may_read,
        instead=_instead,
    )


MESSAGES = (
    _obligation(PromiseMessage.RECOMMENDATION, _recommendation_page),
    _obligation(PromiseMessage.RECOMMENDATION_REPLY, _recommendation_page),
    _obligation(PromiseMessage.RECOMMENDATION_DUE, _recommendation_page),
    _obligation(PromiseMessage.COMMITMENT_DUE, _commitment_page),
    MessageType(PromiseMessage.COMMITMENT_KEPT, context=_public_page),
)
