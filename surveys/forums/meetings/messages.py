"""What is told of a meeting: to those who were invited, who registered, who were there, and to the office."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from complaints.clock.dates import moment_words
from complaints.identity import unseal
from complaints.mail.media import Undeliverable
from complaints.mail.types import MessageType, Recipient
from complaints.models import Message
from surveys.forums.inputs.messages import link
from surveys.forums.meetings import codes
from surveys.forums.meetings.models.minutes import Minutes
from surveys.forums.meetings.models.people import Attendance, Invitation, Registration
from surveys.forums.models import Contact, Forum, ForumState


class ForumMessage(models.TextChoices):
    """Messages of forums; at most 20 signs."""

    INVITATION = "forum_invitation", gettext_lazy("Invitation to a forum")
    REGISTERED = "forum_registered", gettext_lazy("Registration for a forum")
    REMINDER = "forum_reminder", gettext_lazy("Reminder of a forum")
    MOVED = "forum_moved", gettext_lazy("A forum was moved")
    CANCELLED = "forum_cancelled", gettext_lazy("A forum was cancelled")
    MINUTES = "forum_minutes", gettext_lazy("Minutes open to objections")
    SIGN = "forum_sign", gettext_lazy("Minutes to be signed")
    PUBLISHED = "forum_published", gettext_lazy("Minutes published")


# What goes to nobody who has not shown yet that the address is theirs (docs/decisions/0059).
ONLY_CONFIRMED = (ForumMessage.REMINDER, ForumMessage.PUBLISHED)
# By the key under which a message has its row, the kind of row.
ROWS: dict[str, Any] = {"invitation": Invitation, "registration": Registration, "attendance": Attendance}


def _row(message: Message) -> Any:
    for name, model in ROWS.items():
        if name in message.data:
            return (
                model.objects.select_related("contact", "forum__agency").filter(pk=message.data[name]).first()
            )
    return None


def _contact(message: Message) -> Contact | None:
    if "minutes" in message.data:
        row = (
            Minutes.objects.select_related("representative_contact")
            .filter(pk=message.data["minutes"])
            .first()
        )
        return row.representative_contact if row else None
    row = _row(message)
    return row.contact if row else None


def _recipient(message: Message) -> Recipient:
    contact = _contact(message)
    if contact is None:
        raise Undeliverable("no address was left")
    if contact.stopped_at is not None:
        raise Undeliverable("wants no more mails")
    if contact.confirmed_at is None and message.template in ONLY_CONFIRMED:
        raise Undeliverable("the address was never confirmed")
    return unseal(bytes(contact.sealed)).email, contact.language


def _forum(message: Message) -> Forum | None:
    if "minutes" in message.data:
        row = Minutes.objects.select_related("forum__agency").filter(pk=message.data["minutes"]).first()
        return row.forum if row else None
    row = _row(message)
    return row.forum if row else None


def _words(message: Message) -> dict[str, Any]:
    forum = _forum(message)
    assert forum is not None
    words = {
        "forum": forum,
        "starts": moment_words(forum.starts_at),
        "forum_url": f"{settings.BASE_URL}{reverse('surveys:forum', args=[forum.code])}",
        "calendar_url": f"{settings.BASE_URL}{reverse('surveys:forum-calendar', args=[forum.code])}",
    }
    contact = _contact(message)
    words["stop_url"] = link(contact, "stop") if contact else ""
    words["is_confirmed"] = contact is not None and contact.confirmed_at is not None
    holder = _holder(message)
    nonce = str(getattr(holder, "nonce", "") or "")
    if nonce:
        code = codes.shown(nonce, getattr(holder, "code_digest", None))
        yours = f"{settings.BASE_URL}{reverse('surveys:forum-yours')}"
        words |= {"code": code, "yours_url": yours, "yours_link": f"{yours}#{code}"}
    if message.template in (ForumMessage.MINUTES, ForumMessage.SIGN, ForumMessage.PUBLISHED):
        path = reverse("surveys:forum-minutes", args=[forum.code])
        words["minutes_url"] = f"{settings.BASE_URL}{path}"
        until = Minutes.objects.get(forum=forum).objections_until
        words["until"] = moment_words(until) if until else ""
    return words


def _headers(message: Message) -> dict[str, str]:
    """RFC 8058: one press in the mail program stops them."""
    contact = _contact(message)
    if contact is None:
        return {}
    stop = f"<{link(contact, 'stop')}>"
    return {"List-Unsubscribe": stop, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _holder(message: Message) -> Any:
    """Of whose code it tells."""
    if "minutes" in message.data:
        return Minutes.objects.get(pk=message.data["minutes"])
    return _row(message)


def _is_over(message: Message) -> bool:
    """A word on a coming meeting to somebody who no longer comes, or on a day that is no longer the one."""
    row = _row(message)
    if row is None:
        return True
    if getattr(row, "cancelled_at", None) is not None:
        return True
    if message.template in (ForumMessage.CANCELLED, ForumMessage.PUBLISHED, ForumMessage.MINUTES):
        return False
    forum = row.forum
    moved = "at" in message.data and message.data["at"] != forum.starts_at.isoformat()
    return moved or forum.state not in (ForumState.ANNOUNCED, ForumState.OPEN)


def _to_person(template: ForumMessage) -> MessageType:
    return MessageType(
        template, context=_words, recipient=_recipient, is_overtaken=_is_over, headers=_headers
    )


def _asked_to_sign(message: Message) -> bool:
    row = Minutes.objects.filter(pk=message.data["minutes"], state="objections").first()
    return row is None or row.signatures.filter(side="public").exists()


MESSAGES = (
    _to_person(ForumMessage.INVITATION),
    _to_person(ForumMessage.REGISTERED),
    _to_person(ForumMessage.REMINDER),
    _to_person(ForumMessage.MOVED),
    _to_person(ForumMessage.CANCELLED),
    _to_person(ForumMessage.MINUTES),
    _to_person(ForumMessage.PUBLISHED),
    MessageType(
        ForumMessage.SIGN,
        context=_words,
        recipient=_recipient,
        is_overtaken=_asked_to_sign,
        headers=_headers,
    ),
)
