"""manage.py export_ledger: the whole history in a file that tuntas_verify.py checks."""

import json
from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.ledger.export import export_lines
from complaints.ledger.tree import latest_head


class Command(BaseCommand):
    help = "Writes every event under the latest head, without anybody's words, for an auditor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, metavar="FILE", help="the file to write (JSON lines)")
        parser.add_argument("--json", action="store_true", help="print a summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        head = latest_head()
        if head is None:
            raise CommandError("no head has been signed yet: manage.py checkpoint_ledger")
        out, digest = Path(options["out"]), sha256()
        with out.open("wb") as file:
            for line in export_lines(head):
                file.write(line)
                digest.update(line)
        told = {"file": str(out), "events": head.size, "sha256": digest.hexdigest()}
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{head.size} events in {out}, SHA-256 {told['sha256']}")
