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
from escalation.promises.models.proposal import Proposal
from escalation.promises.models.recommendation import Recommendation


class PromiseMessage(models.TextChoices):
    """Messages of recommendations and commitments."""

    RECOMMENDATION = "recommendation", gettext_lazy("Recommendation")
    RECOMMENDATION_REPLY = "recommendation_reply", gettext_lazy("Answer to a recommendation")
    RECOMMENDATION_DUE = "recommendation_due", gettext_lazy("Recommendation due")
    COMMITMENT_DUE = "commitment_due", gettext_lazy("Commitment due")
    COMMITMENT_KEPT = "commitment_kept", gettext_lazy("Commitment kept")
    PROPOSAL = "proposal", gettext_lazy("Proposal from a survey")


def _line(message: Message) -> str:
    """By what happened (`data["what"]`) to which of the two, as staff read it; the message's own name for what
    is not known."""
    of = {PromiseMessage.COMMITMENT_DUE.value: _of_commitment, PromiseMessage.PROPOSAL.value: _of_proposal}
    words = of.get(message.template, _of_recommendation)()
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


def _of_proposal() -> dict[str, str]:
    return {
        "made": _("A survey found a weak point: please make a promise, or say why not"),
        "reminder": _("A proposal from a survey is to be answered within a week"),
        "overdue": _("A proposal from a survey was not answered in time"),
        "handed_over": _("A proposal to an agency that was closed is yours now"),
        "declined": _("A unit declined a proposal from a survey"),
    }


def _recommendation_page(message: Message) -> str:
    return reverse("escalation:recommendation-detail", args=[message.data["number"]])


def _commitment_page(message: Message) -> str:
    return reverse("escalation:commitment-detail", args=[message.data["number"]])


def _proposal_page(message: Message) -> str:
    return reverse("escalation:proposal-detail", args=[message.data["number"]])


def _model_of(message: Message) -> Any:
    of = {PromiseMessage.COMMITMENT_DUE.value: Commitment, PromiseMessage.PROPOSAL.value: Proposal}
    return of.get(message.template, Recommendation)


def _may_read(message: Message) -> bool:
    """Asked when it leaves: whoever was named meanwhile does not hear of it."""
    model = _model_of(message)
    return bool(model.objects.visible_to(message.user).filter(number=message.data["number"]).exists())


def _instead(message: Message, now: datetime) -> list[User]:
    row = _model_of(message).objects.filter(number=message.data["number"]).select_related("agency").first()
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
    _obligation(PromiseMessage.PROPOSAL, _proposal_page),
    MessageType(PromiseMessage.COMMITMENT_KEPT, context=_public_page),
)
