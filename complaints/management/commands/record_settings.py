"""manage.py record_settings: puts on record what agencies, people, targets, calendars and rules are now."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.history.rows import ROWS
from complaints.ledger.settings import record_settings


class Command(BaseCommand):
    help = (
        "Puts settings on record that came in otherwise than by the administration's pages. Look at what "
        "verify_ledger says first: a change that nobody made would be on record too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        entry = record_settings(actor=None, now=timezone.now())
        if entry is None:
            self.stdout.write("nothing differs from what is on record")
            return
        counts = {name: len(rows) for name, rows in entry.data[ROWS].items()}
        self.stdout.write(f"entry {entry.seq}: {json.dumps(counts)}")
