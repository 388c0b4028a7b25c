"""manage.py restore COPY: puts a copy into an empty installation and asks whether it is whole."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backup.database import DumpFailed
from config.backup.keys import WrongPassphrase
from config.backup.manifest import BadCopy
from config.backup.restoring import CannotRestore, HalfRestored, Restored, restore


class Command(BaseCommand):
    help = (
        "Restores a copy that `backup` made into an empty database and empty folders, then verifies history, files "
        "and rows; exit 1 when something does not fit, or when the copy is an older one than its signed heads."
    )
    requires_system_checks = ()  # there are no tables yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("copy", type=Path, help="the folder of the copy")
        parser.add_argument(
            "--apart", type=Path, help="where heads and sealed keys lie, else BACKUP_APART_DIR"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["copy"].resolve()
        try:
            done = restore(folder, options["apart"] or settings.BACKUP_APART_DIR, settings.BACKUP_PASSPHRASE)
        except WrongPassphrase:
            raise CommandError("nothing was changed: BACKUP_PASSPHRASE does not open the keys") from None
        except (CannotRestore, HalfRestored, BadCopy, DumpFailed, OSError) as error:
            raise CommandError(str(error)) from error
        told = _told(done)
        self.stdout.write(json.dumps(told) if options["json"] else _in_words(done, told))
        if not told["ok"] or done.is_older_copy:
            sys.exit(1)


def _told(done: Restored) -> dict[str, Any]:
    return {
        "ok": done.is_whole,
        "made_at": done.manifest.made_at,
        "last_number": done.manifest.last_number,
        "rows": sum(done.manifest.rows.values()),
        "wrong_rows": done.wrong_rows,
        "files": done.files,
        "heads": done.heads,
        "migrated": done.migrated,
        "older_copy": done.is_older_copy,
        "verify_ledger": done.said["verify_ledger"],
        "check_integrity": done.said["check_integrity"],
    }


def _in_words(done: Restored, told: dict[str, Any]) -> str:
    broken = [name for name, examples in told["check_integrity"].get("broken", {}).items() if examples]
    lines = [
        f"copy of {told['made_at']}, up to case {told['last_number'] or '(none)'}",
        f"rows {told['rows']}, other than said: {told['wrong_rows'] or 'none'}",
        f"files {told['files']}, files of heads {told['heads']}",
        f"verify_ledger: {'ok' if told['verify_ledger'].get('ok') else told['verify_ledger']}",
        f"check_integrity: {'ok' if told['check_integrity'].get('ok') else broken or told['check_integrity']}",
    ]
    if done.migrated:
        lines.append("the copy was of an older version: it was migrated; run record_rows and load_city")
    if done.is_older_copy:
        lines.append(
            "signed heads know of more than this copy: docs/operating.md, An older copy was put back"
        )
    if back := told["check_integrity"].get("broken", {}).get("erased_person_is_back"):
        lines.append(f"erased since, and here again: {', '.join(back)}, perhaps others: check_integrity")
    return "\n".join(lines)
