"""manage.py former_keys: what is still sealed with a former IDENTITY_KEY."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from complaints.sealing import sealed_with_former_keys


class Command(BaseCommand):
    help = "Counts what is still sealed with a former IDENTITY_KEY; exit 1 while there is any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        left = sealed_with_former_keys()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not any(left.values()), "left": left}))
        else:
            for column, count in left.items():
                self.stdout.write(f"{count:>8}  {column}")
        if any(left.values()):
            sys.exit(1)
