"""manage.py former_keys: what is still sealed with a former IDENTITY_KEY, or known by a former RECEIPT_PEPPER."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from complaints.peppers import on_former_peppers
from complaints.sealing import sealed_with_former_keys


class Command(BaseCommand):
    help = (
        "Counts what is still sealed with a former IDENTITY_KEY, and what is known by a former RECEIPT_PEPPER; exit 1 "
        "while there is any of either."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        left, peppers = sealed_with_former_keys(), on_former_peppers()
        is_any = any(left.values()) or any(peppers.values())
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not is_any, "left": left, "peppers": peppers}))
        else:
            for name, counts in (("IDENTITY_KEY", left), ("RECEIPT_PEPPER", peppers)):
                self.stdout.write(name)
                for column, count in counts.items():
                    self.stdout.write(f"{count:>8}  {column}")
        if is_any:
            sys.exit(1)
