"""manage.py verify_ledger: checks the whole history; exit 1 when something does not fit."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from complaints.ledger import verify_ledger


class Command(BaseCommand):
    help = "Checks every event against its hash, its predecessor and its case; names the first that does not fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        result = verify_ledger()
        first_bad = result.first_bad.as_dict() if result.first_bad else None
        if options["json"]:
            self.stdout.write(json.dumps({"events": result.events, "ok": result.ok, "first_bad": first_bad}))
        elif result.ok:
            self.stdout.write(f"{result.events} events, all fit")
        else:
            self.stdout.write(f"does not fit: {first_bad}")
        if not result.ok:
            sys.exit(1)
