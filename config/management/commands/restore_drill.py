"""manage.py restore_drill: restores the newest copy beside the running installation and says what it found."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup.drill import drill
from config.backup.making import newest_copy


class Command(BaseCommand):
    help = (
        "Restores the newest copy, or COPY, beside this installation and verifies it; exit 1 when it failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("copy", type=Path, nargs="?", help="the folder of a copy")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        newest = newest_copy()
        folder = options["copy"] or (newest[0] if newest else None)
        if folder is None:
            raise CommandError("there is no copy in BACKUP_DIR yet: manage.py backup")
        try:
            said = drill(folder.resolve())
        except DatabaseError as error:
            raise CommandError(
                f"no database could be made beside the running one ({str(error).strip()}); as postgres: "
                'ALTER ROLE "…" CREATEDB'
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(said))
        else:
            fits = "all fits" if said["ok"] else said.get("error") or "it does not fit: --json says what"
            self.stdout.write(
                f"{said['copy']}: {fits}. Restored in {said['seconds']} s, {said.get('rows', 0)} rows, "
                f"{said.get('files', 0)} files, up to case {said.get('last_number') or '(none)'}"
            )
        if not said["ok"]:
            sys.exit(1)
