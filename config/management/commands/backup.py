"""manage.py backup: a copy of the running installation, verified as it is written."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.backup.database import DumpFailed
from config.backup.making import CannotCopy, NotElsewhere, make_copy
from config.backup.manifest import BadCopy


class Command(BaseCommand):
    help = (
        "Copies database and files into BACKUP_DIR, signed heads and sealed keys into BACKUP_APART_DIR, while the site "
        "runs; exit 1 when files are not what the database says."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_copy(timezone.now())
        except (CannotCopy, DumpFailed, BadCopy, OSError) as error:
            raise CommandError(f"no copy was made: {error}") from error
        except NotElsewhere as error:
            raise CommandError(str(error)) from error
        size = sum(part.size for part in made.manifest.parts.values())
        told: dict[str, Any] = {
            "ok": not (made.packed.missing or made.packed.changed),
            "copy": made.folder.name,
            "folder": str(made.folder),
            "rows": sum(made.manifest.rows.values()),
            "files": made.manifest.files,
            "bytes": size,
            "heads": made.heads,
            "keys": bool(settings.BACKUP_PASSPHRASE),
            "removed": made.removed,
            "missing": made.packed.missing,
            "changed": made.packed.changed,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(
                f"{made.folder}: {told['rows']} rows, {told['files']} files, {size / 1e6:.1f} MB; "
                f"{told['removed']} older copies removed"
            )
            if not told["keys"]:
                self.stdout.write("The keys are not in it: BACKUP_PASSPHRASE is not set. Keep them elsewhere")
        if not told["ok"]:
            raise CommandError(
                f"the copy is kept, but files are missing ({', '.join(made.packed.missing[:5]) or 'none'}) or changed "
                f"({', '.join(made.packed.changed[:5]) or 'none'}): see check_integrity"
            )
