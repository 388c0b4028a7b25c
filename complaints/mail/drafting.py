"""Puts messages into the outbox. Nothing here sends: the worker does, after the transaction has held."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from accounts.models import User
from complaints.database import bulk
from complaints.mail.types import MESSAGE_TYPES
from complaints.models import Complaint, Message


def draft_message(
    template: str,
    *,
    case: Complaint | None,
    cause: str,
    due_at: datetime,
    user: User | None = None,
    reader: str = "",
    data: dict[str, Any] | None = None,
    medium: Message.Medium = Message.Medium.EMAIL,
) -> Message:
    """A message to `user`, to whoever is the `reader` when it leaves (models.message.Reader), or to the citizen
    of `case`. `cause` makes it unique: one cause, one message a medium.

    `data` holds codes and ids only, never an address, a name or a receipt code.
    """
    return Message(**_values(template, case, cause, due_at, user, reader, data, medium))


def draft_message_row(
    template: str,
    *,
    case: Complaint,
    cause: str,
    due_at: datetime,
    user: User | None = None,
    reader: str = "",
    data: Any = None,
) -> Any:
    """The same as a plain row for `bulk.insert`: a sweep drafts thousands."""
    rest = {"leased_until": None, "attempts": 0, "sent_at": None, "dropped_at": None, "last_error": ""}
    return SimpleNamespace(**_values(template, case, cause, due_at, user, reader, data), **rest)


def for_person(message: Message, user: User) -> Message:
    """The row of one of those to whom `message` is handed on. By the same key as if it were written to them, so
    that who is told by two ways reads it once."""
    row = for_reader(message)
    row.dedupe_key = _key_of(message, f"u{user.pk}")
    row.user = user
    return row


def for_reader(message: Message) -> Message:
    """The row from which `message` was handed on, as it was."""
    return Message(
        dedupe_key=_key_of(message, message.reader),
        medium=message.medium,
        template=message.template,
        complaint_id=message.complaint_id,
        reader=message.reader,
        data=message.data,
        due_at=message.due_at,
    )


def _values(
    template: str,
    case: Complaint | None,
    cause: str,
    due_at: datetime,
    user: User | None,
    reader: str,
    data: Any,
    medium: str = Message.Medium.EMAIL.value,
) -> dict[str, Any]:
    """Codes as plain texts, which are not made anew where thousands are stored."""
    template, reader = MESSAGE_TYPES[template].code, str(reader)
    to = f"u{user.pk}" if user else reader or "citizen"
    about = case.number if case else "-"
    return {
        "dedupe_key": _key(template, about, to, cause, medium),
        "medium": medium,
        "template": template,
        "complaint_id": case.id if case else None,
        "reader": reader,
        "user_id": user.pk if user else None,
        "data": data or {},
        "due_at": due_at,
    }


def _key_of(message: Message, to: str) -> str:
    """Its key, if it were written `to` somebody else: the cause, which may hold colons, is what follows."""
    about = message.complaint.number if message.complaint else "-"
    own = f"u{message.user_id}" if message.user_id else message.reader
    cause = message.dedupe_key.removeprefix(_key(message.template, about, own, "", message.medium))
    return _key(message.template, about, to, cause, message.medium)


def _key(template: str, about: str, to: str, cause: str, medium: str) -> str:
    key = f"{template}:{about}:{to}:{cause}"
    return key if medium == Message.Medium.EMAIL else f"{medium}:{key}"


def store_messages(messages: list[Message]) -> None:
    """Inserts drafted messages; one that is already there stays as it is."""
    bulk.insert_new(Message, messages)
