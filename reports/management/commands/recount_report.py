"""Counts every figure of a report again, from the data that its PDF carries."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.recount.running import recount


class Command(BaseCommand):
    help = str(gettext_lazy("Counts the figures of a report again, from the data in its PDF."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")
        parser.add_argument(
            "--digest", default="", metavar="HEX", help="the digest that you know from elsewhere"
        )
        parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": options["file"]}, returncode=2)
        result = recount(options["file"], digest=options["digest"])
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        elif "error" not in result:
            self.stdout.write(
                _("%(count)d figures compared, %(differ)d differ.")
                % {"count": result["figures"], "differ": len(result["differs"])}
            )
            for each in result["differs"]:
                self.stdout.write(f"  {each['figure']}: {each['printed']} ≠ {each['recounted']}")
        if "error" in result and not options["json"]:
            raise CommandError(result["error"], returncode=2)
        if not result["ok"]:
            sys.exit(2 if "error" in result else 1)
