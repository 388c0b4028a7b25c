"""What is told by mail to those who took part. Address, language and links are made when a mail leaves."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from complaints.mail.media import Undeliverable
from complaints.mail.types import MessageType, Recipient
from complaints.models import Message
from surveys.forums.contacts import identity_of, token_for
from surveys.forums.inputs.additions import commitment_page
from surveys.forums.inputs.choices import DeclineReason, HideReason
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.models import Contact, Forum, ForumInput, Support


class VoiceMessage(models.TextChoices):
    """Messages to those who took part."""

    CONFIRM = "voice_confirm", gettext_lazy("Please confirm your address")
    STEP = "voice_step", gettext_lazy("What became of an input")
    CODE = "voice_code", gettext_lazy("Receipt of a report that came of an input")


def _contact(message: Message) -> Contact:
    contact = Contact.objects.filter(pk=message.data.get("contact")).first()
    if contact is None:
        raise Undeliverable("who took part was erased")
    return contact


def _to_be_confirmed(message: Message) -> Recipient:
    contact = _contact(message)
    if contact.stopped_at is not None:
        raise Undeliverable("this person wants no mails")
    return identity_of(contact).email, contact.language


def _to_who_hears(message: Message) -> Recipient:
    contact = _contact(message)
    if contact.confirmed_at is None:
        raise Undeliverable("the address was never confirmed")
    return _to_be_confirmed(message)


def link(contact: Contact, purpose: str, about: str = "") -> str:
    path = reverse(f"surveys:voice-{purpose}", args=[token_for(contact, purpose, about)])
    return f"{settings.BASE_URL}{path}"


def _headers(message: Message) -> dict[str, str]:
    """RFC 8058: one press in the mail program stops them."""
    stop = link(_contact(message), "stop")
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _confirm(message: Message) -> dict[str, Any]:
    contact = _contact(message)
    about = str(message.data["about"])
    is_support = about.startswith("s") and Support.objects.filter(pk=int(about[1:])).exists()
    row = ForumInput.objects.filter(number=message.data["input"]).select_related("forum").first()
    return _common(contact, row) | {"is_support": is_support, "link": link(contact, "confirm", about)}


def _step(message: Message) -> dict[str, Any]:
    contact = _contact(message)
    if message.data["kind"] == "received":
        row = ForumInput.objects.select_related("forum").get(number=message.data["input"])
        return _common(contact, row) | {"kind": "received", "what": StepKind.RECEIVED.label, "spoke": True}
    step = InputStep.objects.select_related("input__forum", "finding__forum", "forum").get(
        pk=message.data["step"]
    )
    finding = step.finding
    context = _common(contact, step.input, finding.forum if finding else None)
    reasons = dict(HideReason.choices) | dict(DeclineReason.choices)
    return context | {
        "kind": step.kind,
        "what": StepKind(step.kind).label,
        "spoke": message.data.get("spoke", False),
        "finding": finding,
        "words": step.words if step.kind not in (StepKind.PASSED_ON, StepKind.ERASED) else "",
        "reason": reasons.get(step.data.get("reason", ""), ""),
        "case_number": step.data.get("case", ""),
        "commitment": step.data.get("commitment", ""),
        "is_seen": step.data.get("seen", True),
        "commitment_url": _absolute(commitment_page(step.data.get("commitment", ""))),
    }


def _absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}" if path else ""


def _common(contact: Contact, row: ForumInput | None, forum: Forum | None = None) -> dict[str, Any]:
    forum = forum or (row.forum if row else None)
    page = ""
    if row is not None and row.forum is not None and row.has_page:
        page = reverse("surveys:thread-input", args=[row.forum.code, row.number])
    elif row is None and forum is not None and forum.has_thread:
        page = reverse("surveys:forum-thread", args=[forum.code])
    return {
        "input_number": row.number if row else "",
        "forum_title": forum.title if forum else "",
        "page_url": _absolute(page),
        "due": row.due_at if row else None,
        "stop_url": link(contact, "stop"),
    }


def _code(message: Message) -> dict[str, Any]:
    contact = _contact(message)
    row = ForumInput.objects.select_related("forum", "complaint").get(number=message.data["input"])
    case = message.data["case"]
    return _common(contact, row) | {"case_number": case, "link": link(contact, "code", str(row.pk))}


MESSAGES = (
    MessageType(VoiceMessage.CONFIRM, context=_confirm, recipient=_to_be_confirmed, headers=_headers),
    MessageType(VoiceMessage.STEP, context=_step, recipient=_to_who_hears, headers=_headers),
    MessageType(VoiceMessage.CODE, context=_code, recipient=_to_who_hears, headers=_headers),
)
