"""The code for one use that a mail brings to who has lost their receipt code. It is stored nowhere."""

from datetime import timedelta

from django.conf import settings

from complaints.models import Message
from complaints.numbers import receipt_from_secret

LIFE = timedelta(minutes=30)


def code_of(message: Message) -> str:
    """The 20 symbols that open the report once, worked out from the key of the message."""
    secret = f"lost\0{message.pk}\0{message.dedupe_key}"
    return receipt_from_secret(secret.encode(), settings.RECEIPT_PEPPER)
