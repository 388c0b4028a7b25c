"""manage.py import_thread FILE --forum CODE: takes over a discussion held elsewhere. Again it creates nothing."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from complaints.clock.city_time import moment_in_city
from surveys.forums.inputs.services.importing import Line, import_thread
from surveys.forums.models import Forum

COLUMNS = {"key", "parent", "at", "text"}


class Command(BaseCommand):
    help = (
        "Imports a thread from a CSV with the columns key, parent, at, text, and if there are any pseudonym, thread "
        "(the key of the contribution at the head of a reply) and supports (how many there were elsewhere)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--forum", required=True, help="the code of the forum")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        forum = Forum.objects.select_related("agency").filter(code=options["forum"]).first()
        if forum is None:
            raise CommandError("there is no forum with this code")
        counts = asdict(import_thread(forum, read(options["file"]), actor=None, now=timezone.now()))
        words = ", ".join(f"{name}: {value}" for name, value in counts.items())
        self.stdout.write(json.dumps(counts) if options["json"] else words)


def read(path: Path) -> Iterator[Line]:
    """CommandError for a file that is none, or a line whose moment makes no sense."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not set(rows.fieldnames or ()) >= COLUMNS:
                raise CommandError(f"the file needs the columns {', '.join(sorted(COLUMNS))}")
            for number, row in enumerate(rows, start=2):
                try:
                    at = moment_in_city(datetime.fromisoformat(row["at"]))
                except ValueError:
                    raise CommandError(f"line {number}: {row['at']!r} is no moment") from None
                supports = row.get("supports") or "0"
                if not (supports.isascii() and supports.isdecimal() and len(supports) < 8):
                    raise CommandError(f"line {number}: {supports!r} is no number of supports")
                yield Line(
                    row["key"],
                    row["text"],
                    at,
                    parent=row["parent"] or "",
                    pseudonym=row.get("pseudonym") or "",
                    thread=row.get("thread") or "",
                    supports=int(supports),
                )
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"the file cannot be read ({type(error).__name__})") from None
