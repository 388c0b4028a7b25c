"""What is told of reports: to those who owe a step, to whom they are sent, and to everybody who subscribed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from complaints.mail.media import Undeliverable
from complaints.mail.types import MessageType, Recipient
from complaints.models import Message
from reports.publication import people
from reports.publication.models import Report, Subscription
from reports.publication.recipients import is_recipient
from reports.publication.states import State
from reports.publication.words import title_of
from surveys.forums.contacts import identity_of, token_for
from surveys.forums.models import Contact


class ReportMessage(models.TextChoices):
    """Messages of this room."""

    DUE = "report_due", gettext_lazy("Report due")
    FOR_YOU = "report_for_you", gettext_lazy("Report for you")
    NEWS = "report_news", gettext_lazy("Report published or withdrawn")
    CONFIRM = "report_confirm", gettext_lazy("Please confirm your address")


def _report(message: Message) -> Report | None:
    code = message.data.get("number") or message.data.get("report")
    found: Report | None = Report.objects.select_related("agency").filter(code=code).first()
    return found


def _line(message: Message) -> str:
    words = {
        "review": _("An accountability report waits to be reviewed"),
        "publishing": _("A reviewed accountability report waits to be published"),
        "review_late": _("An accountability report was not reviewed in time"),
        "publishing_late": _("A reviewed accountability report was not published in time"),
        "published": _("An accountability report was published"),
        "withdrawn": _("An accountability report was withdrawn"),
    }
    return words.get(str(message.data.get("what", "")), str(ReportMessage.DUE.label))


def _page(message: Message) -> str:
    """Its page on the desk for who reads it there, else the public one: a link, never the file."""
    report = _report(message)
    if report is not None and people.reads_on_desk(message.user, report):
        return reverse("reports:desk-report", args=[message.data["number"]])
    return reverse("reports:report", args=[message.data["number"]])


def _is_over(message: Message) -> bool:
    """Whether the step that was due has been done."""
    report = _report(message)
    what = str(message.data.get("what", "")).removesuffix("_late")
    return report is None or people.next_step(report) != what


def _was_withdrawn(message: Message) -> bool:
    """Of what was withdrawn before the mail left nobody hears that it is out: that it was withdrawn is told instead."""
    report = _report(message)
    return message.data.get("what") == "published" and report is not None and report.state == State.WITHDRAWN


def _may_read(message: Message) -> bool:
    report = _report(message)
    return report is not None and message.user is not None and people.reads_on_desk(message.user, report)


def _is_still_for(message: Message) -> bool:
    """They are looked at when the mail leaves, which may be days after the publication."""
    report, user = _report(message), message.user
    if report is None or user is None:
        return False
    return is_recipient(report, user) and report.recipients.filter(pk=user.pk).exists()


def _instead(message: Message, now: datetime) -> list[User]:
    report = _report(message)
    return people.who_owes(report, now) if report is not None else []


def link(contact: Contact, purpose: str) -> str:
    path = reverse(f"reports:subscription-{purpose}", args=[token_for(contact, f"report-{purpose}")])
    return f"{settings.BASE_URL}{path}"


def _contact(message: Message) -> Contact:
    contact = Contact.objects.filter(pk=message.data.get("contact")).first()
    if contact is None:
        raise Undeliverable("who subscribed was erased")
    if contact.stopped_at is not None:
        raise Undeliverable("this person wants no mails")
    return contact


def _to_be_confirmed(message: Message) -> Recipient:
    contact = _contact(message)
    return identity_of(contact).email, contact.language


def _to_subscriber(message: Message) -> Recipient:
    contact = _contact(message)
    if not Subscription.objects.filter(contact=contact, confirmed_at__isnull=False).exists():
        raise Undeliverable("this person has ended the subscription")
    return identity_of(contact).email, contact.language


def _headers(message: Message) -> dict[str, str]:
    """RFC 8058: one press in the mail program ends it."""
    stop = link(_contact(message), "stop")
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _confirm(message: Message) -> dict[str, Any]:
    contact = _contact(message)
    return {"link": link(contact, "confirm"), "stop_url": link(contact, "stop")}


def _news(message: Message) -> dict[str, Any]:
    contact, report = _contact(message), _report(message)
    if report is None:
        raise Undeliverable("there is no such report")
    return {
        "is_withdrawn": message.data.get("what") == "withdrawn",
        "title": title_of(report),
        "reason": report.get_reason_display() if report.reason else "",
        "reason_words": report.reason_words,
        "page_url": f"{settings.BASE_URL}{reverse('reports:report', args=[report.code])}",
        "stop_url": link(contact, "stop"),
    }


MESSAGES = (
    MessageType(
        ReportMessage.DUE,
        files="obligation",
        is_digested=True,
        line=_line,
        page=_page,
        is_overtaken=_is_over,
        is_for_reader=_may_read,
        instead=_instead,
    ),
    MessageType(
        ReportMessage.FOR_YOU,
        files="obligation",
        is_digested=True,
        line=_line,
        page=_page,
        is_overtaken=_was_withdrawn,
        is_for_reader=_is_still_for,
    ),
    MessageType(
        ReportMessage.NEWS,
        context=_news,
        recipient=_to_subscriber,
        headers=_headers,
        is_overtaken=_was_withdrawn,
    ),
    MessageType(ReportMessage.CONFIRM, context=_confirm, recipient=_to_be_confirmed),
)
