"""Puts mails into the outbox. Nothing here sends: the worker does, after the transaction has held."""

from datetime import datetime
from types import SimpleNamespace
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
    return Message(**_values(template, case, cause, due_at, user, data))


def draft_message_row(
    template: Message.Template, *, case: Complaint, cause: str, due_at: datetime, user: User | None, data: Any
) -> Any:
    """The same as a plain row for `bulk.insert`: a sweep drafts thousands."""
    rest = {"leased_until": None, "attempts": 0, "sent_at": None, "dropped_at": None, "last_error": ""}
    return SimpleNamespace(**_values(template, case, cause, due_at, user, data), **rest)


def _values(
    template: str, case: Complaint | None, cause: str, due_at: datetime, user: User | None, data: Any
) -> dict[str, Any]:
    to = f"u{user.pk}" if user else "citizen"
    about = case.number if case else "-"
    return {
        "dedupe_key": f"{template}:{about}:{to}:{cause}",
        "template": template,
        "complaint_id": case.pk if case else None,
        "user_id": user.pk if user else None,
        "data": data or {},
        "due_at": due_at,
    }


def store_messages(messages: list[Message]) -> None:
    """Inserts drafted mails; one that is already there stays as it is."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)
