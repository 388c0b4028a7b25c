"""Who in office is told: messages for a reader are handed on to people as the outbox would."""

from typing import Any

from django.db.models import Max, QuerySet

from accounts.models import User
from complaints.mail.readers import hand_on
from complaints.models import Message


def staff_messages(**filters: Any) -> QuerySet[Message]:
    """The rows for people in office, sent or not, as if everything were due."""
    latest = Message.objects.filter(user=None).exclude(reader="").aggregate(at=Max("due_at"))["at"]
    if latest is not None:
        hand_on(latest)
    return Message.objects.filter(user__isnull=False, **filters)


def told(template: str, **filters: Any) -> set[User]:
    """The people who are told."""
    return {row.user for row in staff_messages(template=template, **filters) if row.user}
