"""manage.py tell_failure: writes to the administrators that the copy or a check of the night failed."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Message


class Command(BaseCommand):
    help = (
        "Writes to every administrator, once a day, that the copy or a check of the night failed. Its unit calls "
        "it when the other ends with 1 (docs/deploy/tuntas-failed@.service)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        told = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
        template, cause = Message.Template.NIGHT_FAILED, f"{day_of(now)}"
        store_messages(
            [draft_message(template, case=None, cause=cause, due_at=now, user=user) for user in told]
        )
