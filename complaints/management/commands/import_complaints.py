"""Takes cases over from another system's export."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.importing.lines import BrokenFile
from complaints.importing.looking import unlisted
from complaints.importing.mapping import MappingError, load_mapping
from complaints.importing.running import Previewed, import_file, preview
from complaints.importing.runs import ImportRefused, refuse_beside_a_page
from complaints.importing.storing import Result
from complaints.importing.unpacking import MAX_UNPACKED

EVERY = 5000  # rows between two lines of progress where nobody watches a terminal


class Command(BaseCommand):
    help = str(
        gettext_lazy(
            "Takes cases over from another system's file: CSV, Excel, OpenDocument or JSON lines, packed or not."
        )
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="what the columns mean (TOML)")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--preview", action="store_true", help="show ten rows as they would become")
        parser.add_argument("--escalate", action="store_true", help="open cases get clocks and escalate")
        parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mapping = load_mapping(options["mapping"])
            if options["preview"]:
                told, rows = preview(options["file"], mapping, now=timezone.now())
                words = unlisted(options["file"], mapping, most=MAX_UNPACKED)
                self._show(told, rows, words, as_json=options["json"])
                return
            if not options["dry_run"]:
                refuse_beside_a_page()
            result = import_file(
                options["file"],
                mapping,
                now=timezone.now(),
                dry_run=options["dry_run"],
                escalate=options["escalate"],
                progress=self._progress(),
            )
        except (MappingError, BrokenFile, LookupError, ImportRefused) as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
        else:
            self._tell(result)
        if result.all_rejected:
            raise CommandError(_("Not one row could be taken over."), returncode=1)

    def _show(self, told: str, rows: list[Previewed], words: dict[str, list[str]], *, as_json: bool) -> None:
        shown = [
            {"line": each.line, "reason": each.reason} if each.row is None else asdict(each.row)
            for each in rows
        ]
        if as_json:
            self.stdout.write(
                json.dumps({"file": told, "unlisted": words, "rows": shown}, ensure_ascii=False, default=str)
            )
            return
        self.stdout.write(told)
        for heading, found in words.items():
            message = _("Words in the column “%(heading)s” that the mapping does not list: %(words)s")
            quoted = ", ".join(f"“{word}”" for word in found)
            self.stdout.write(message % {"heading": heading, "words": quoted})
        for each in shown:
            self.stdout.write("")
            for name, value in each.items():
                if value not in ("", None, False, ()):
                    self.stdout.write(f"  {name}: {value}")

    def _tell(self, result: Result) -> None:
        self.stdout.write(result.told)
        self.stdout.write(result.in_words())
        for line, reason in sorted([*result.rejected, *result.remarks]):
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
