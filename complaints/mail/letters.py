"""Makes a mail from outbox rows: to whom, in which language, with which words.

What a mail never holds: a receipt code, an identity, and, to staff, what the citizen wrote. The words of
the city reach the citizen by mail only where the case is not protected.
"""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.clock.dates import day_words, moment_words
from complaints.clock.following import heard_until
from complaints.history.timeline import answers_of
from complaints.mail.media import Undeliverable
from complaints.mail.types import type_of
from complaints.models import Complaint, Event, Message, RejectReason
from complaints.permissions import is_protected
from complaints.services.system import contact
from complaints.states import ACTIVE, State

SUBJECT_LENGTH = 150


def compose(messages: list[Message]) -> EmailMultiAlternatives:
    """The one mail for `messages`: several only as a digest for one person. Raises Undeliverable."""
    first = messages[0]
    name = "digest" if len(messages) > 1 else type_of(first).file_name
    address, language = _recipient(first)
    with override(language):
        context = _context(messages)
        parts = {
            kind: render_to_string(f"mail/{name}.{kind}", context | {"subject": ""})
            for kind in ("subject.txt", "txt")
        }
        subject = " ".join(parts["subject.txt"].split())[:SUBJECT_LENGTH]
        html = render_to_string(f"mail/{name}.html", context | {"subject": subject})
    headers = {
        "Message-ID": message_id(messages),
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    } | type_of(first).headers(first)
    mail = EmailMultiAlternatives(
        subject, _tidy(parts["txt"]), settings.DEFAULT_FROM_EMAIL, [address], headers=headers
    )
    mail.attach_alternative(html, "text/html")
    return mail


def message_id(messages: list[Message]) -> str:
    """The same for the same rows, however often they are tried, so that a mail program shows one."""
    keys = ",".join(str(pk) for pk in sorted(message.pk for message in messages))
    digest = salted_hmac("complaints.outbox", keys, algorithm="sha256").hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"


def _recipient(message: Message) -> tuple[str, str]:
    """Address and language, looked up now: outbox rows hold neither."""
    address, language = _address(message)
    if not address:
        raise Undeliverable("no address was left")
    try:
        validate_email(address)  # exactly one address, and nothing that could become a header
    except ValidationError:
        raise Undeliverable("what was left is no address") from None
    return address, language


def _address(message: Message) -> tuple[str, str]:
    if outside := type_of(message).recipient:
        return outside(message)
    if message.user is not None:
        if not message.user.is_active:
            raise Undeliverable("the account is closed")
        return message.user.email, message.user.language
    if message.complaint is None:
        raise Undeliverable("there is no such account")
    if message.complaint.is_anonymous:
        raise Undeliverable("an anonymous case has no address")
    return contact(message.complaint).email, message.complaint.language


def _context(messages: list[Message]) -> dict[str, Any]:
    first = messages[0]
    context: dict[str, Any] = {
        "city": settings.CITY,
        "government": settings.CITY.government,
        "base_url": settings.BASE_URL,
        "track_url": f"{settings.BASE_URL}/complaints/track/",
        "sign_in_url": f"{settings.BASE_URL}/staff/",
        "data": first.data,
        "user": first.user,
    }
    if len(messages) > 1:
        return context | {"items": [_item(message) for message in messages], "count": len(messages)}
    about = _about(first.complaint) if first.complaint else {}
    to_citizen = first.user is None and first.complaint is not None
    told = _citizen(first, first.complaint) if to_citizen and first.complaint else _staff(first)
    return context | about | told | type_of(first).context(first)


def _about(case: Complaint) -> dict[str, Any]:
    """What any mail may say of a case: nothing that somebody wrote."""
    return {
        "number": case.number,
        "kind": case.get_kind_display(),
        "category": case.category.name if case.category else "",
        "state": case.state,
        "due": moment_words(case.due_at) if case.due_at else "",
        "target_day": day_words(case.target_at) if case.target_at and case.state in ACTIVE else "",
    }


def _citizen(message: Message, case: Complaint) -> dict[str, Any]:
    # The citizen of a merged case follows the answer to the one it was merged into: to the one that it tells of, though
    # they may follow another by now, or go on by themselves.
    follows = type_of(message).follows_main
    told = case.merged_into if follows and case.merged_into else case
    if follows and message.told_of not in ("", told.number):
        told = Complaint.objects.visible_to(None).get(number=message.told_of)
    is_its_event = message.told_of in ("", told.number)
    event = told.events.filter(seq=message.cause).select_related("content").first() if is_its_event else None
    shown = not is_protected(told) and not is_protected(case) and not case.is_oversight
    words = event.content.words.get("text", "") if event and shown and hasattr(event, "content") else ""
    reason = event.data.get("reason", "") if event else ""
    return {
        "about": _what_it_is_about(case) if shown else "",
        "turn": _whose_turn(told),
        "is_step": type_of(message).is_step,
        "expected": _expected(event),
        "happened_on": day_words(event.at) if event else "",
        "words": words,
        "parts": _answers_of_parts(told)
        if words and type_of(message).template == Message.Template.RESOLUTION
        else [],
        "reason": str(RejectReason.objects.filter(code=reason).first() or ""),
        "main_number": (event.data.get("into") if event else "") or told.number,
        "agency": told.agency.local_name if told.agency else "",
        "body": told.referred_to.local_name if told.referred_to else "",
        "reference": told.external_reference,
        "answered": told.state == State.RESOLVED,
        "due": moment_words(told.due_at) if told.due_at else "",
        "follows": told.pk != case.pk,
        "main_state": told.state,
        "until": _heard_until(case) if follows else "",
    }


def _expected(event: Event | None) -> str:
    """By when the agency says that it will be done; "" where it has not said."""
    day = event.data.get("expected_on") if event else None
    return day_words(date.fromisoformat(day)) if day else ""


def _what_it_is_about(case: Complaint) -> str:
    """By what its citizen knows the report again. Not its title: an address may be a stranger's, and a title anybody's
    words."""
    place = case.area.name if case.area else ""
    parts = [str(part) for part in (case.category or case.service, place) if part]
    return ", ".join([*parts, _("reported on %(day)s") % {"day": day_words(case.received_at)}])


def _whose_turn(case: Complaint) -> str:
    """Who has to do something now; "" once nobody has."""
    if case.state == State.SUBMITTED:
        return _("Now: the city's verifiers check it.")
    if case.state == State.AWAITING_CITIZEN:
        return _("Now: it is your turn to answer the question.")
    if case.state == State.RESOLVED:
        return _("Now: it is your turn to say whether it is solved.")
    if case.state == State.ASSIGNED and case.agency:
        return _("Now: %(agency)s has to take it up.") % {"agency": case.agency.local_name}
    if case.state in ACTIVE and case.agency:
        return _("Now: %(agency)s works on it.") % {"agency": case.agency.local_name}
    return ""


def _answers_of_parts(case: Complaint) -> list[dict[str, str]]:
    """What other agencies answered, each on its part."""
    parts = case.children.select_related("agency").order_by("pk")
    given = [(part.agency.local_name if part.agency else "", answers_of(part)) for part in parts]
    return [{"agency": agency, "words": answers[-1].words} for agency, answers in given if answers]


def _heard_until(case: Complaint) -> str:
    """Until when the citizen of a merged case may still say what they think of the answer; "" when they may not."""
    until = heard_until(case)
    return moment_words(until) if until is not None else ""


def _staff(message: Message) -> dict[str, Any]:
    return {"case_url": _page(message), "what": type_of(message).title(message)}


def _item(message: Message) -> dict[str, Any]:
    """A line of a digest."""
    about = _about(message.complaint) if message.complaint else {"number": message.data.get("number", "")}
    return about | _staff(message) | type_of(message).context(message)


def _page(message: Message) -> str:
    """Where what the mail is about stands; every page asks for sign-in and looks at the scope itself."""
    message_type = type_of(message)
    if message_type.page is not None:
        return f"{settings.BASE_URL}{message_type.page(message)}"
    if message_type.told_afterwards and _has_lost_it(message):
        return case_url(None)  # the case is another agency's now
    return case_url(message.complaint)


def _has_lost_it(message: Message) -> bool:
    case, user = message.complaint, message.user
    return (
        case is not None
        and user is not None
        and user.agency is not None
        and case.agency_id not in user.agency_scope
    )


def case_url(case: Complaint | None) -> str:
    """The case's page at the desk, which asks for sign-in and looks at the scope itself."""
    page = reverse("complaints:case-detail", args=[case.number]) if case else reverse("complaints:desk-home")
    return f"{settings.BASE_URL}{page}"


def _tidy(text: str) -> str:
    """Without the gaps that template tags leave behind."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
