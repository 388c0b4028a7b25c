"""Takes cases over from another system's CSV export."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.importing.mapping import MappingError, load_mapping
from complaints.importing.reading import BrokenFile
from complaints.importing.running import import_file
from complaints.importing.storing import Result

EVERY = 5000  # rows between two lines of progress where nobody watches a terminal


class Command(BaseCommand):
    help = str(gettext_lazy("Takes cases over from a CSV file (plain or gzipped) of another system."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="what the columns mean (TOML)")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--escalate", action="store_true", help="open cases get clocks and escalate")
        parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = import_file(
                options["file"],
                load_mapping(options["mapping"]),
                now=timezone.now(),
                dry_run=options["dry_run"],
                escalate=options["escalate"],
                progress=self._progress(),
            )
        except (MappingError, BrokenFile, LookupError) as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
        else:
            self._tell(result)

    def _tell(self, result: Result) -> None:
        counts = {
            "read": result.read,
            "created": result.created,
            "duplicates": result.duplicates,
            "rejected": len(result.rejected),
        }
        message = _(
            "%(read)d rows read: %(created)d cases created, %(duplicates)d there already, "
            "%(rejected)d rejected."
        )
        self.stdout.write(message % counts)
        for line, reason in sorted(result.rejected):
            self.stdout.write(_("line %(line)d: %(reason)s") % {"line": line, "reason": reason})

    def _progress(self) -> Any:
        watched = sys.stderr.isatty()
        told = 0

        def progress(read: int, total: int) -> None:
            nonlocal told
            if not watched and read - told < EVERY and read < total:
                return
            told = read
            share = _("%(read)d of %(total)d rows") % {"read": read, "total": total}
            ending = "\r" if watched and read < total else "\n"
            self.stderr.write(share, ending=ending, style_func=str)
            self.stderr.flush()

        return progress
