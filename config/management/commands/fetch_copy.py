"""manage.py fetch_copy [NAME]: brings a copy back from the object store, to be restored."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backup.bucket import Bucket, NoBucket
from config.backup.manifest import BadCopy


class Command(BaseCommand):
    help = "Fetches the newest copy, or NAME, from BACKUP_S3_BUCKET into BACKUP_DIR; --list says which there are."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the name of a copy")
        parser.add_argument("--list", action="store_true", help="only say which there are")
        parser.add_argument("--to", type=Path, help="a folder, else BACKUP_DIR")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BACKUP_S3_BUCKET:
            raise CommandError("BACKUP_S3_BUCKET is not set")
        try:
            bucket = Bucket()
            names = bucket.names()
            name = options["name"] or (names[-1] if names else None)
            if options["list"]:
                self.stdout.write(json.dumps({"copies": names}) if options["json"] else "\n".join(names))
                return
            if name not in names:
                raise CommandError("there is no such copy: --list says which there are")
            folder = bucket.fetch(name, options["to"] or settings.BACKUP_DIR)
        except (NoBucket, BadCopy, OSError) as error:
            raise CommandError(f"nothing was fetched: {error}") from error
        self.stdout.write(json.dumps({"copy": str(folder)}) if options["json"] else str(folder))
