"""What an audit tells people."""

from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User, there
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.mail.types import MessageType
from complaints.models import Complaint, Message
from escalation.audits.models import AuditItem, AuditSample


class AuditMessage(models.TextChoices):
    """Messages of audits."""

    AUDIT_DRAWN = "audit_drawn", gettext_lazy("Audit drawn")
    AUDIT_REQUEST = "audit_request", gettext_lazy("Second review asked for")


def _page(message: Message) -> str:
    return reverse("escalation:audit-detail", args=[message.data["sample"]])


def _is_supervisors(message: Message) -> bool:
    return message.user is not None and message.user.role == Role.SUPERVISOR


def _is_for_reader(message: Message) -> bool:
    """As long as they are a supervisor, and a case of it exists for them."""
    if not _is_supervisors(message):
        return False
    asked = AuditItem.objects.filter(sample=message.data["sample"], is_twice=True)
    return asked.filter(complaint__in=Complaint.objects.visible_to(message.user).values("pk")).exists()


def _instead(message: Message, now: datetime) -> list[User]:
    """The other reviewer; where that one is not there either, the other supervisors."""
    sample = AuditSample.objects.select_related("drawn_by", "second_reviewer").get(pk=message.data["sample"])
    everyone = list(User.objects.filter(role=Role.SUPERVISOR, is_active=True).order_by("pk"))
    pair = {sample.drawn_by_id, sample.second_reviewer_id}
    here = there([user for user in everyone if user != message.user], day_of(now))
    return [user for user in here if user.pk in pair] or here


def _is_asked(message: Message) -> bool:
    """Whether its user is the second reviewer; else they hear that this one is not there."""
    return AuditSample.objects.filter(pk=message.data["sample"], second_reviewer=message.user_id).exists()


def _request(message: Message) -> dict[str, Any]:
    return {"is_asked": _is_asked(message)}


def _request_line(message: Message) -> str:
    if _is_asked(message):
        return _("You are asked for a second review")
    return _("Whoever was asked for a second review cannot review it now")


MESSAGES = (
    MessageType(
        AuditMessage.AUDIT_DRAWN,
        is_digested=True,
        line=lambda message: _("The audit you announced is drawn"),
        page=_page,
        is_for_reader=_is_supervisors,
        instead=_instead,
    ),
    MessageType(
        AuditMessage.AUDIT_REQUEST,
        is_digested=True,
        line=_request_line,
        context=_request,
        page=_page,
        is_for_reader=_is_for_reader,
        instead=_instead,
    ),
)
