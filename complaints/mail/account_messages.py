"""What is told to whoever has an account, and to those who keep heads of the history for us."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from complaints.ledger.signing import verifier
from complaints.mail.types import MessageType, Recipient
from complaints.models import Head, Message


def password_link(user: User) -> str:
    """Where this person chooses a password. Made when the mail is sent, so that no token is ever stored."""
    place = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, key = place.split("-", 1)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return f"{settings.BASE_URL}{path}"


def _link(message: Message) -> dict[str, Any]:
    assert message.user is not None
    return {"link": password_link(message.user)}


def _keeper(message: Message) -> Recipient:
    """Who keeps heads of the history for us, as the environment has it now."""
    place = int(message.data["place"])
    address = settings.LEDGER_MAIL_TO[place] if place < len(settings.LEDGER_MAIL_TO) else ""
    return address, settings.LANGUAGE_CODE


def _head(message: Message) -> dict[str, Any]:
    head = Head.objects.get(size=message.data["size"])
    return {"head": head, "key": str(verifier()), "ledger_url": f"{settings.BASE_URL}/ledger/"}


MESSAGES = (
    MessageType(Message.Template.INVITATION, context=_link),
    MessageType(Message.Template.PASSWORD_RESET, context=_link),
    MessageType(Message.Template.TRIAL),
    MessageType(Message.Template.NIGHT_FAILED),
    MessageType(Message.Template.TREE_HEAD, context=_head, recipient=_keeper),
)
