"""manage.py check_integrity: does what is stored agree with itself; exit 1 when it does not."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from complaints.integrity import check_integrity


class Command(BaseCommand):
    help = "Checks rows, files, hashes, events, outbox, and that every open case has an owner and a next due moment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = check_integrity()
        ok = not any(broken.values())
        if options["json"]:
            self.stdout.write(json.dumps({"ok": ok, "checks": len(broken), "broken": broken}))
        else:
            for name, examples in broken.items():
                self.stdout.write(f"{'ok     ' if not examples else 'BROKEN '} {name} {' · '.join(examples)}")
        if not ok:
            sys.exit(1)
