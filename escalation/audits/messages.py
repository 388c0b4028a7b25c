"""What an audit tells people."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.mail.types import MessageType
from complaints.models import Complaint, Message
from escalation.audits.models import AuditItem


class AuditMessage(models.TextChoices):
    """Messages of audits."""

    AUDIT_DRAWN = "audit_drawn", gettext_lazy("Audit drawn")
    AUDIT_REQUEST = "audit_request", gettext_lazy("Second review asked for")


def _page(message: Message) -> str:
    return reverse("escalation:audit-detail", args=[message.data["sample"]])


def _is_for_reader(message: Message) -> bool:
    """As long as a case of it exists for them."""
    asked = AuditItem.objects.filter(sample=message.data["sample"], is_twice=True)
    return asked.filter(complaint__in=Complaint.objects.visible_to(message.user).values("pk")).exists()


MESSAGES = (
    MessageType(
        AuditMessage.AUDIT_DRAWN,
        is_digested=True,
        line=lambda message: _("The audit you announced is drawn"),
        page=_page,
    ),
    MessageType(
        AuditMessage.AUDIT_REQUEST,
        is_digested=True,
        line=lambda message: _("You are asked for a second review"),
        page=_page,
        is_for_reader=_is_for_reader,
    ),
)
