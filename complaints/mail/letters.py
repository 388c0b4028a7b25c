"""Makes a mail from outbox rows: to whom, in which language, with which words.

What a mail never holds: a receipt code, an identity, and, to staff, what the citizen wrote. The words of
the city reach the citizen by mail only where the case is not protected.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from complaints.clock.dates import day_words, moment_words
from complaints.ledger.signing import verifier
from complaints.mail.decided_words import what_was_decided
from complaints.mail.owed_words import what_is_owed
from complaints.models import Complaint, Head, Message, RejectReason
from complaints.permissions import is_protected
from complaints.services.system import contact
from complaints.states import ACTIVE, State

SUBJECT_LENGTH = 150
Template = Message.Template
# Mails about something else than a case: the page of an upper app, and which entry of their data it takes.
PAGES = {
    Template.AUDIT_REQUEST: ("escalation:audit-detail", "sample"),
    Template.RECOMMENDATION: ("escalation:recommendation-detail", "number"),
    Template.RECOMMENDATION_REPLY: ("escalation:recommendation-detail", "number"),
    Template.RECOMMENDATION_DUE: ("escalation:recommendation-detail", "number"),
    Template.COMMITMENT_DUE: ("escalation:commitment-detail", "number"),
}
# What an agency owes: one letter for all of it.
OWED = frozenset(
    {
        Template.RECOMMENDATION,
        Template.RECOMMENDATION_REPLY,
        Template.RECOMMENDATION_DUE,
        Template.COMMITMENT_DUE,
    }
)


class Undeliverable(Exception):
    """There is nobody to send this to, or no reason any more; the row is dropped with these words."""


def compose(messages: list[Message]) -> EmailMultiAlternatives:
    """The one mail for `messages`: several only as a digest for one person. Raises Undeliverable."""
    first = messages[0]
    name = "owed" if first.template in OWED else first.template
    if len(messages) > 1:
        name = "digest"
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
    }
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
    if message.user is not None:
        if not message.user.is_active:
            raise Undeliverable("the account is closed")
        address, language = message.user.email, message.user.language
    elif message.template == Template.LEDGER_HEAD:
        address, language = _outsider(message), settings.LANGUAGE_CODE
    elif message.complaint is None:
        raise Undeliverable("there is no such account")
    elif message.complaint.is_anonymous:
        raise Undeliverable("an anonymous case has no address")
    else:
        address, language = contact(message.complaint).email, message.complaint.language
    if not address:
        raise Undeliverable("no address was left")
    try:
        validate_email(address)  # exactly one address, and nothing that could become a header
    except ValidationError:
        raise Undeliverable("what was left is no address") from None
    return address, language


def _outsider(message: Message) -> str:
    """Who keeps heads of the history for us, as the environment has it now."""
    place = int(message.data["place"])
    return settings.LEDGER_MAIL_TO[place] if place < len(settings.LEDGER_MAIL_TO) else ""


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
    if first.template in (Template.INVITATION, Template.PASSWORD_RESET):
        assert first.user is not None
        return context | {"link": password_link(first.user)}
    if first.template == Template.LEDGER_HEAD:
        head = Head.objects.get(size=first.data["size"])
        return context | {"head": head, "key": str(verifier()), "ledger_url": f"{settings.BASE_URL}/ledger/"}
    if first.complaint is not None:
        context |= _about(first.complaint)
        if first.user is None:
            return context | _citizen(first, first.complaint)
    return context | _staff(first)


def password_link(user: User) -> str:
    """Where this person chooses a password. Made when the mail is sent, so that no token is ever stored."""
    place = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, key = place.split("-", 1)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return f"{settings.BASE_URL}{path}"


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
    # The citizen of a merged case follows the answer to the one it was merged into.
    followed = message.template in (Template.RESOLUTION, Template.DECISION)
    told = case.merged_into if followed and case.merged_into else case
    event = told.events.filter(seq=message.cause).select_related("content").first()
    shown = not is_protected(told) and not is_protected(case) and case.kind != "oversight"
    words = event.content.words.get("text", "") if event and shown and hasattr(event, "content") else ""
    reason = event.data.get("reason", "") if event else ""
    return {
        "words": words,
        "reason": str(RejectReason.objects.filter(code=reason).first() or ""),
        "main_number": case.merged_into.number if case.merged_into else "",
        "agency": told.agency.local_name if told.agency else "",
        "body": case.referred_to.local_name if case.referred_to else "",
        "reference": case.external_reference,
        "answered": told.state == State.RESOLVED,
        "due": moment_words(told.due_at) if told.due_at else "",
        "commitment_url": _commitment_url(message),
        "decided": what_was_decided(message.data),
    }


def _commitment_url(message: Message) -> str:
    """The public page of the promise that was kept."""
    number = message.data.get("commitment")
    return f"{settings.BASE_URL}{reverse('escalation:commitment-public', args=[number])}" if number else ""


def _staff(message: Message) -> dict[str, Any]:
    decided = what_was_decided(message.data) if message.template == Template.DECISION else ""
    return {"case_url": _page(message), "what": _what(message), "why": _why(message), "decided": decided}


def _item(message: Message) -> dict[str, Any]:
    """A line of a digest."""
    about = _about(message.complaint) if message.complaint else {"number": message.data.get("number", "")}
    return about | _staff(message)


def _what(message: Message) -> str:
    """What happened, in a few words, as staff read it."""
    if message.template in OWED:
        return what_is_owed(message)
    words = {
        Template.ASSIGNMENT: _("New for your agency"),
        Template.ANSWERED: _("The citizen has answered"),
        Template.REMINDER: _("Falls due soon"),
        Template.BREACH: _("The deadline has passed"),
        Template.DISPUTE: _("The citizen does not accept the answer"),
        Template.ESCALATION: _("Escalated to you"),
        Template.DECISION: _("A decision was made"),
        Template.AUDIT_REQUEST: _("You are asked for a second review"),
    }
    return words.get(Template(message.template), str(message.get_template_display()))


def _why(message: Message) -> str:
    """Why a case was escalated."""
    return {
        "breach": _("a deadline has passed"),
        "disputed": _("the citizen does not accept the answer"),
        "handed_back": _("agencies have handed it back again and again"),
        "unacknowledged": _("nobody answered the escalation before this one"),
        "oversight_kind": _("it is an oversight complaint"),
        "share": _("most of the time is used"),
        "overdue": _("it is long overdue"),
        "repeated": _("complaints about the same agency and matter repeat themselves"),
    }.get(str(message.data.get("trigger", "")), "")


def _page(message: Message) -> str:
    """Where what the mail is about stands; every page asks for sign-in and looks at the scope itself."""
    name, key = PAGES.get(Template(message.template), ("", ""))
    if name and key in message.data:
        return f"{settings.BASE_URL}{reverse(name, args=[message.data[key]])}"
    if message.template == Template.DECISION and _has_lost_it(message):
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
    try:
        path = reverse("complaints:case-detail", args=[case.number]) if case else "/staff/"
    except NoReverseMatch:
        path = "/staff/"
    return f"{settings.BASE_URL}{path}"


def _tidy(text: str) -> str:
    """Without the gaps that template tags leave behind."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


def is_overtaken(message: Message) -> bool:
    """Whether what the mail would say has stopped being so: a reminder of a case that is answered, a
    question that is answered already."""
    case = message.complaint
    if case is None:
        return False
    if message.template in (Template.REMINDER, Template.BREACH):
        return case.state not in ACTIVE
    if message.template in (Template.ASSIGNMENT, Template.DISPUTE, Template.ANSWERED):
        return message.user is not None and case.agency_id not in message.user.agency_scope
    return bool(message.template == Template.QUESTION and case.state != State.AWAITING_CITIZEN)
