"""manage.py demo_signins: who can sign in to the demo city."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from accounts.demo import DEMO_PASSWORD, demo_users


class Command(BaseCommand):
    help = (
        "Prints the demo sign-ins: role, e-mail address and password. Prints nothing in a real installation."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        users = demo_users()
        if not users:
            return
        with override("en"):
            rows = [(str(user.get_role_display()), user.email, str(user.agency or "")) for user in users]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        self.stdout.write(f"Sign in at {settings.BASE_URL}/accounts/login/ with the password {DEMO_PASSWORD}")
        for row in rows:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(f"  {line}".rstrip())
