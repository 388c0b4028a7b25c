"""Puts messages into the outbox. Nothing here sends: the worker does, after the transaction has held."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from accounts.models import User
from complaints.mail.types import MESSAGE_TYPES
from complaints.models import Complaint, Message


def draft_message(
    template: str,
    *,
    case: Complaint | None,
    cause: str,
    due_at: datetime,
    user: User | None = None,
    data: dict[str, Any] | None = None,
    medium: Message.Medium = Message.Medium.EMAIL,
) -> Message:
    """A message to `user`, or to the citizen of `case`. `cause` makes it unique: one cause, one message a medium.

    `data` holds codes and ids only, never an address, a name or a receipt code.
    """
    return Message(**_values(template, case, cause, due_at, user, data, medium))


def draft_message_row(
    template: str, *, case: Complaint, cause: str, due_at: datetime, user: User | None, data: Any
) -> Any:
    """The same as a plain row for `bulk.insert`: a sweep drafts thousands."""
    rest = {"leased_until": None, "attempts": 0, "sent_at": None, "dropped_at": None, "last_error": ""}
    return SimpleNamespace(**_values(template, case, cause, due_at, user, data), **rest)


def _values(
    template: str,
    case: Complaint | None,
    cause: str,
    due_at: datetime,
    user: User | None,
    data: Any,
    medium: str = Message.Medium.EMAIL,
) -> dict[str, Any]:
    to = f"u{user.pk}" if user else "citizen"
    about = case.number if case else "-"
    key = f"{MESSAGE_TYPES[template].code}:{about}:{to}:{cause}"
    return {
        "dedupe_key": key if medium == Message.Medium.EMAIL else f"{medium}:{key}",
        "medium": medium,
        "template": template,
        "complaint_id": case.pk if case else None,
        "user_id": user.pk if user else None,
        "data": data or {},
        "due_at": due_at,
    }


def store_messages(messages: list[Message]) -> None:
    """Inserts drafted messages; one that is already there stays as it is."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)
