"""Puts a copy into an empty place, and asks what was put there whether it is whole."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from complaints.files import keeping
from config.backup import database
from config.backup.keys import FURTHER, missing_keys, open_keys, take_key
from config.backup.making import MEDIA
from config.backup.manifest import BadCopy, Manifest, check_parts, read_manifest, unknown_migrations
from config.backup.naming import HEADS, KEYS
from config.backup.packing import is_empty, unpack, unpack_to_store

QUESTIONS = (("verify_ledger", "--json"), ("check_integrity", "--json"), ("acknowledge_restore", "--json"))


class CannotRestore(Exception):
    """Nothing was changed; the message says why."""


class HalfRestored(Exception):
    """The database is filled, and its files are not all there; the message says why."""


@dataclass
class Restored:
    """What was put back, and what `verify_ledger`, `check_integrity` and `acknowledge_restore` said of it."""

    manifest: Manifest
    files: int = 0
    heads: int = 0
    migrated: bool = False  # the copy was of an older version
    wrong_rows: dict[str, tuple[int, int]] = field(default_factory=dict)  # by table: in the manifest, found
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def is_older_copy(self) -> bool:
        """Whether signed heads know of more than this copy holds."""
        return bool(self.said["acknowledge_restore"].get("lost"))

    @property
    def is_whole(self) -> bool:
        return (
            not self.wrong_rows
            and bool(self.said["check_integrity"].get("ok") or self._only_older())
            and bool(self.said["verify_ledger"].get("ok") or self.is_older_copy)
        )

    def _only_older(self) -> bool:
        """The heads that miss events, and people who were erased since, are no fault of the rows."""
        broken = {
            name for name, examples in self.said["check_integrity"].get("broken", {}).items() if examples
        }
        return self.is_older_copy and broken <= {"ledger", "erased_person_is_back"}


def restore(folder: Path, apart: Path, passphrase: str = "") -> Restored:
    """Into the empty database and folders of the settings. CannotRestore, BadCopy, DumpFailed or OSError: nothing was
    changed, but for keys that were opened. HalfRestored."""
    manifest = read_manifest(folder)
    check_parts(folder, manifest.parts)
    _check_place(manifest)
    _take_keys(manifest, apart / KEYS.format(name=folder.name), passphrase)
    done = Restored(manifest)
    database.load(folder / database.FILES[manifest.database])
    media = folder / MEDIA
    try:
        done.files = (
            unpack_to_store(media) if settings.FILES_S3_BUCKET else unpack(media, Path(settings.MEDIA_ROOT))
        )
        done.heads = _bring_heads(apart)
    except (OSError, BadCopy) as error:
        raise HalfRestored(
            f"the database is filled, and the files are not: {error}. Mend that, empty both, and run it again"
        ) from error
    _ask(done)
    return done


def _check_place(manifest: Manifest) -> None:
    if manifest.city != settings.CITY.slug:
        raise CannotRestore(f"this is a copy of {manifest.city}, and CITY says {settings.CITY.slug}")
    if manifest.database != connection.vendor:
        raise CannotRestore(
            f"this is a copy of a {manifest.database} database: restore it into one, then use move_database"
        )
    if later := unknown_migrations(manifest.migrations):
        raise CannotRestore(
            f"this copy was made by a later version, with {', '.join(later)}: put that version here first"
        )
    if not database.is_empty():
        raise CannotRestore("the database holds tables; a copy is put into an empty one only")
    if not is_empty(keeping.place()):
        where = "FILES_S3_FOLDER" if settings.FILES_S3_BUCKET else "MEDIA_ROOT"
        raise CannotRestore(f"{where} holds files; a copy is put into an empty folder only")


def _bring_heads(apart: Path) -> int:
    """The newest heads that were kept apart: they tell whether the copy is an older one. What this host kept itself
    stays as it is."""
    kept = sorted(apart.glob(HEADS.format(name=f"tuntas-{settings.CITY.slug}-*")))
    return unpack(kept[-1], Path(settings.LEDGER_DIR), overwrite=False) if kept else 0


def _take_keys(manifest: Manifest, sealed: Path, passphrase: str) -> None:
    """The copy belongs to the keys of this installation, or else to the sealed ones, which are then kept in
    DATA_DIR/keys instead of what was made there at the first start."""
    wrong = missing_keys(manifest.keys)
    if not wrong:
        return
    given = [name for name in wrong if os.environ.get(name)]
    if given:
        raise CannotRestore(f"not the keys of this copy: {', '.join(given)}, as the environment sets them")
    if not passphrase:
        raise CannotRestore(
            f"not the keys of this copy: {', '.join(wrong)}. Set them, or BACKUP_PASSPHRASE to open {sealed.name}"
        )
    if not sealed.exists():
        raise CannotRestore(f"{sealed} is not there")
    keys = open_keys(sealed.read_text(encoding="utf-8"), passphrase)
    folder = settings.DATA_DIR / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in [*wrong, *(each for each in FURTHER if each in keys and not os.environ.get(each))]:
        path = folder / name.lower()
        path.touch(mode=0o600)
        path.write_text(keys[name], encoding="utf-8")
        take_key(name, keys[name])


def _ask(done: Restored) -> None:
    try:
        call_command("migrate", "--check", verbosity=0)
        found, kept = database.count_rows(), done.manifest.rows
        done.wrong_rows = {
            table: (kept.get(table, 0), count)
            for table, count in found.items()
            if kept.get(table, 0) != count
        }
    except SystemExit:  # there is something to migrate
        call_command("migrate", "--noinput", verbosity=0)
        done.migrated = True
    for question in QUESTIONS:
        answer = StringIO()
        with suppress(SystemExit):  # it does not fit, which is in the answer
            call_command(*question, stdout=answer)
        done.said[question[0]] = json.loads(answer.getvalue())
