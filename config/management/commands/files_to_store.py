"""manage.py files_to_store: brings the files below MEDIA_ROOT into the object store of FILES_S3_BUCKET."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from complaints.files.moving import bring
from complaints.files.object_store import StoreAway


class Command(BaseCommand):
    help = (
        "Brings the files below MEDIA_ROOT into the object store of FILES_S3_BUCKET; each is read again there. What is "
        "there already stays. Run it while the site still keeps files on disk, and once more with site and worker "
        "stopped. --remove takes away from the disk what is in the store. Exit 1 when a file is not what its row says."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--remove", action="store_true", help="take away from the disk what is in the store"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.FILES_S3_BUCKET:
            raise CommandError("FILES_S3_BUCKET is not set")
        try:
            done = bring(remove=options["remove"])
        except StoreAway as error:
            raise CommandError(f"not all files were brought; run it again: {error}") from None
        told = {"ok": not done.changed, **asdict(done)}
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(
                f"{done.sent} files sent, {done.there} were there, {done.removed} taken away from the disk; "
                f"{done.unknown} of no row and {len(done.changed)} that are not what their rows say were left where "
                "they are. Next: check_integrity"
            )
        if done.changed:
            sys.exit(1)
