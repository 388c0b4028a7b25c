"""manage.py record_rows: after an upgrade, puts the rows that an older version wrote on record."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.ledger.recording import record_own_rows
from complaints.ledger.taking_over import record_rows


class Command(BaseCommand):
    help = (
        "Gives each case whose events do not tell all of its rows an event that does, and records rows of no case, "
        "such as recommendations, in the ledger's own entries. Again it finds nothing to do."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write(f"{record_rows(now)} cases put on record")
        self.stdout.write(f"{record_own_rows(now)} rows of no case put on record")
