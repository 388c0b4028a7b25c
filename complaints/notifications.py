"""Puts mails into the outbox. Nothing here sends: the worker does, after the transaction has held."""

from datetime import datetime
from typing import Any

from accounts.models import User
from complaints.models import Complaint, Message


def draft_message(
    template: Message.Template,
    *,
    case: Complaint | None,
    cause: str,
    due_at: datetime,
    user: User | None = None,
    data: dict[str, Any] | None = None,
) -> Message:
    """A mail to `user`, or to the citizen of `case`. `cause` makes it unique: one cause, one mail.

    `data` holds codes and ids only, never an address, a name or a receipt code.
    """
    to = f"u{user.pk}" if user else "citizen"
    about = case.number if case else "-"
    return Message(
        dedupe_key=f"{template}:{about}:{to}:{cause}",
        template=template,
        complaint_id=case.pk if case else None,
        user_id=user.pk if user else None,
        data=data or {},
        due_at=due_at,
    )


def store_messages(messages: list[Message]) -> None:
    """Inserts drafted mails; one that is already there stays as it is."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)
