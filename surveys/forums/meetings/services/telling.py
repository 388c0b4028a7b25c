"""Puts mails on meetings into the outbox: to those who were invited, who registered and who were there."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from complaints.mail.drafting import draft_message, store_messages
from surveys.forums.meetings.messages import ForumMessage
from surveys.forums.meetings.models.minutes import Minutes, MinutesState
from surveys.forums.meetings.models.people import Invitation, Registration
from surveys.forums.models import Forum

REMIND_BEFORE = timedelta(days=1)


def send_invitations(forum: Forum, *, now: datetime) -> None:
    """To those who were named with an address; each once."""
    rows = Invitation.objects.filter(forum=forum, contact__isnull=False)
    _tell(rows, "invitation", ForumMessage.INVITATION, now)


def tell_registered(row: Registration, *, now: datetime) -> None:
    """That the place is theirs, and the day before, that it is tomorrow."""
    if row.contact_id is None:
        return
    _tell([row], "registration", ForumMessage.REGISTERED, now)
    _remind([row], row.forum, now)


def tell_of_move(forum: Forum, *, now: datetime) -> None:
    for name, rows in _expected(forum):
        _tell(rows, name, ForumMessage.MOVED, now, cause=str(forum.sequence))
        if name == "registration":
            _remind(rows, forum, now)


def tell_of_cancelling(forum: Forum, *, now: datetime) -> None:
    for name, rows in _expected(forum):
        _tell(rows, name, ForumMessage.CANCELLED, now)


def tell_present(forum: Forum, template: ForumMessage, *, now: datetime, cause: str) -> None:
    """Those who were there and left an address."""
    rows = forum.attendances.filter(contact__isnull=False).order_by("pk")
    _tell(rows, "attendance", template, now, cause=cause)


def _expected(forum: Forum) -> Iterable[tuple[str, list[Any]]]:
    """Who counts on the day: the registered, and of the invited those who have not registered besides."""
    registered = list(forum.registrations.filter(cancelled_at=None, contact__isnull=False).order_by("pk"))
    known = {row.contact_id for row in registered}
    invited = Invitation.objects.filter(forum=forum, contact__isnull=False).exclude(contact__in=known)
    return [("registration", registered), ("invitation", list(invited.order_by("pk")))]


def _remind(rows: Iterable[Any], forum: Forum, now: datetime) -> None:
    at = forum.starts_at - REMIND_BEFORE
    if at > now:
        _tell(rows, "registration", ForumMessage.REMINDER, at, at=forum.starts_at.isoformat())


def _tell(
    rows: Iterable[Any], name: str, template: ForumMessage, due_at: datetime, cause: str = "", **data: str
) -> None:
    store_messages(
        [
            draft_message(
                template,
                case=None,
                cause=f"{name}{row.pk}:{cause or data.get('at', '')}",
                due_at=due_at,
                data={name: row.pk, **data},
            )
            for row in rows
        ]
    )


def ask_to_sign(minutes: Minutes, *, now: datetime) -> None:
    """Once it can be signed: a link to whom the forum named, if they left an address. Once for each naming."""
    is_over = minutes.objections_until is not None and now > minutes.objections_until
    ready = minutes.state == MinutesState.OBJECTIONS and is_over
    if not ready or minutes.representative_contact_id is None:
        return
    if minutes.objections.filter(answered_at=None).exists():
        return
    data = {"minutes": minutes.pk}
    cause = f"minutes{minutes.pk}:{minutes.nonce[:12]}"
    store_messages([draft_message(ForumMessage.SIGN, case=None, cause=cause, due_at=now, data=data)])
