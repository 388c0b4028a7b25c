"""manage.py verify_ledger: checks the whole history; exit 1 when something does not fit, 2 when all fits and files
could not be read."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.ledger.notes import BadNote
from complaints.ledger.verify import LedgerResult, verify_ledger


class Command(BaseCommand):
    help = "Checks every event, its words, its case, its files and the signed heads; names the first that does not fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--head",
            type=Path,
            action="append",
            default=[],
            help="a file with a head that was mailed or published; may be given again",
        )
        parser.add_argument(
            "--heads-file", type=Path, help="the file of heads to hold it against, else the one in LEDGER_DIR"
        )
        parser.add_argument("--no-files", action="store_true", help="leave attached files out")
        parser.add_argument("--processes", type=int, help="how many processes read at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = verify_ledger(
                files=not options["no_files"],
                given=options["head"],
                heads_file=options["heads_file"],
                processes=options["processes"],
            )
        except (BadNote, OSError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_told(result)))
        elif result.unread:
            self.stdout.write(
                f"{result.events} events, all fit; files were not looked at to the end: {result.unread}"
            )
        elif result.first_bad is None:
            self.stdout.write(
                f"{result.events} events, all fit {result.heads} signed heads; {result.unsigned} wait for the next"
            )
        else:
            self.stdout.write(f"does not fit: {result.first_bad}")
        for gap in [] if options["json"] else result.gaps:
            self.stdout.write(
                f"gap acknowledged {gap.at:%Y-%m-%d %H:%M} UTC: heads of {gap.agrees + 1} to {gap.known.size} events "
                f"signed until {gap.until:%Y-%m-%d %H:%M} UTC are of a history that is lost; why: {gap.why}"
            )
        if not result.ok:
            sys.exit(2 if result.first_bad is None else 1)


def _told(result: LedgerResult) -> dict[str, Any]:
    return {
        "events": result.events,
        "ok": result.ok,
        "first_bad": result.first_bad.as_dict() if result.first_bad else None,
        "heads": result.heads,
        "unsigned": result.unsigned,
        "gaps": [
            {"agrees": gap.agrees, "known": gap.known.size, "at": gap.at.isoformat(), "why": gap.why}
            for gap in result.gaps
        ],
        "lost_heads": result.lost,
    } | ({"files_unread": result.unread} if result.unread else {})
