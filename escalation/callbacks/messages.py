"""The mail to whom was drawn. It belongs to no case, so that no list of a case's letters tells who was; and it holds
neither a code nor a link that lets anybody in: the citizen has the receipt."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from complaints.clock.city_time import start_of
from complaints.clock.dates import day_words
from complaints.mail.media import Undeliverable
from complaints.mail.types import MessageType
from complaints.models import Message
from complaints.services.system import contact
from escalation.callbacks.models import CallBackItem


class CallBackMessage(models.TextChoices):
    CALL_BACK = "call_back", gettext_lazy("Was it done?")


def _item(message: Message) -> CallBackItem | None:
    items = CallBackItem.objects.select_related("complaint__complainant", "call_back")
    return items.filter(pk=message.data.get("item")).first()


def _recipient(message: Message) -> tuple[str, str]:
    item = _item(message)
    if item is None or item.complaint.is_anonymous or item.complaint.receipt_digest is None:
        raise Undeliverable("nobody can be asked")
    return contact(item.complaint).email, item.complaint.language


def _is_over(message: Message) -> bool:
    item = _item(message)
    return item is None or item.call_back.closed_at is not None or item.answers.filter(place=0).exists()


def _context(message: Message) -> dict[str, Any]:
    item = _item(message)
    if item is None:
        return {}
    return {
        "number": item.complaint.number,
        "answered_day": day_words(start_of(item.answered_on)),
        "answer_until": day_words(start_of(item.call_back.closes_on)),
    }


MESSAGES = (
    MessageType(CallBackMessage.CALL_BACK, recipient=_recipient, is_overtaken=_is_over, context=_context),
)
