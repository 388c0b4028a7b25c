"""Makes a copy of the running installation: database first, then files, since a file is kept before its row is
written and a case's file is never deleted. Heads and keys go apart."""

import logging
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from pathlib import Path

from django.conf import settings
from django.db import connection

from complaints.files import keeping
from complaints.files.folders import strays
from complaints.files.keeping import Disk
from complaints.models import Attachment
from complaints.sealing import seal_anew
from config.backup import database
from config.backup.bucket import Bucket, NoBucket
from config.backup.keys import SHORTEST, all_keys, keys_in_use, seal_keys
from config.backup.manifest import BadCopy, Manifest, Part, check_parts, newest_migrations, part_of
from config.backup.naming import HEADS, KEYS, UNFINISHED, copies_in, made_at, name_of, outlived
from config.backup.packing import Packed, pack

MEDIA = "media.tar"
logger = logging.getLogger(__name__)


class CannotCopy(Exception):
    """Nothing was made; the message says why."""


class NotElsewhere(Exception):
    """The copy is made, and is not in BACKUP_COPY_DIR or BACKUP_S3_BUCKET, or older ones could not be taken away; the
    message says why."""


@dataclass(frozen=True)
class Made:
    """A finished copy: its folder, what it says of itself, and what was not as the database says."""

    folder: Path
    manifest: Manifest
    packed: Packed
    heads: int
    removed: int  # older copies


def make_copy(now: datetime) -> Made:
    """CannotCopy, DumpFailed, BadCopy or OSError: then nothing is left of it. NotElsewhere: it is there."""
    _check_passphrase()
    folder = settings.BACKUP_DIR / name_of(settings.CITY.slug, now)
    draft = folder.with_name(folder.name + UNFINISHED)
    if folder.exists() or draft.exists():
        raise CannotCopy(f"{folder.name} is there already, or being made")
    _make_folder(settings.BACKUP_DIR)
    draft.mkdir(mode=0o700)
    try:
        seal_anew()  # a copy needs no former key
        held = database.dump(draft)
        place = keeping.place()
        # Of no row, and so of nobody who is in this copy: what an object store did not take away when it was erased.
        # But for what the worker made safe since: in the copy it waits still.
        left_out = {name for name in strays(place, inf) if name.rpartition("/")[2] not in held.files}
        packed = pack(place, draft / MEDIA, held.files, left_out)
        packed.missing = _still_there(packed.missing)
        manifest = Manifest(
            city=settings.CITY.slug,
            made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            database=connection.vendor,
            rows=held.rows,
            files=packed.files,
            last_number=held.last_number,
            keys=keys_in_use(),
            parts=_parts(draft),
            migrations=newest_migrations(),
        )
        manifest.write(draft)
        heads = _put_apart(folder.name)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft)
        _drop_apart(folder.name)
        raise
    return Made(folder, manifest, packed, heads, _bring_elsewhere(folder, manifest, now))


def _still_there(keys: list[str]) -> list[str]:
    """Those that a row still tells of: who was erased while files were read misses nothing."""
    return sorted(Attachment.objects.filter(key__in=keys).values_list("key", flat=True))


def newest_copy(by: datetime | None = None) -> tuple[Path, datetime] | None:
    """The last finished copy in BACKUP_DIR, and when it was begun. `by`: of those that were, since a clock that ran
    ahead once names a copy that stays the newest for as long."""
    copies = copies_in(settings.BACKUP_DIR, settings.CITY.slug)
    copies = [copy for copy in copies if by is None or made_at(copy.name) <= by]
    return (copies[-1], made_at(copies[-1].name)) if copies else None


def _check_passphrase() -> None:
    if settings.BACKUP_PASSPHRASE and len(settings.BACKUP_PASSPHRASE) < SHORTEST:
        raise CannotCopy(f"BACKUP_PASSPHRASE has to have at least {SHORTEST} characters")


def _parts(folder: Path) -> dict[str, Part]:
    """Of what was written, read once more from the disk."""
    return {path.name: part_of(path) for path in sorted(folder.iterdir())}


def _put_apart(name: str) -> int:
    """The signed heads, and the keys where a passphrase is set; how many files of heads."""
    apart = settings.BACKUP_APART_DIR
    _make_folder(apart)
    packed = pack(Disk(Path(settings.LEDGER_DIR)), apart / HEADS.format(name=name))
    if settings.BACKUP_PASSPHRASE:
        path = apart / KEYS.format(name=name)
        path.touch(mode=0o600)
        path.write_text(seal_keys(all_keys(), settings.BACKUP_PASSPHRASE), encoding="utf-8")
    return packed.files


def _bring_elsewhere(folder: Path, manifest: Manifest, now: datetime) -> int:
    """Everywhere it belongs, whichever place has no room; older ones that went, which may make it."""
    problems, removed = [], 0
    for bring in (_copy_elsewhere, _send_away):
        try:
            bring(folder, manifest)
        except NotElsewhere as error:
            problems.append(str(error))
    try:
        removed = _clear(now)
    except OSError as error:
        problems.append(f"{folder} is there, and older ones could not be taken away: {error}")
    if problems:
        raise NotElsewhere("; ".join(problems))
    return removed


def _copy_elsewhere(folder: Path, manifest: Manifest) -> None:
    """Into BACKUP_COPY_DIR, another disk or host; what arrived is read once more."""
    if settings.BACKUP_COPY_DIR is None:
        return
    target = settings.BACKUP_COPY_DIR / folder.name
    draft = target.with_name(target.name + UNFINISHED)
    try:
        _make_folder(settings.BACKUP_COPY_DIR)
        shutil.copytree(folder, draft, dirs_exist_ok=True)
        check_parts(draft, manifest.parts)
        draft.rename(target)
    except (BadCopy, OSError) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise NotElsewhere(f"{folder} is there, and not in BACKUP_COPY_DIR: {error}") from error


def _send_away(folder: Path, manifest: Manifest) -> None:
    """Into BACKUP_S3_BUCKET; what arrived is read again."""
    if not settings.BACKUP_S3_BUCKET:
        return
    try:
        Bucket().send(folder, manifest)
    except (BadCopy, NoBucket, OSError) as error:
        raise NotElsewhere(f"{folder} is there, and not in BACKUP_S3_BUCKET: {error}") from error


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _clear(now: datetime) -> int:
    """Takes away what outlived BACKUP_KEEP_DAYS and BACKUP_KEEP_MONTHS, here, apart and elsewhere."""
    roots, count = [root for root in (settings.BACKUP_DIR, settings.BACKUP_COPY_DIR) if root], 0
    gone: set[str] = set()
    for root in roots:
        names = [path.name for path in copies_in(root, settings.CITY.slug)]
        for name in outlived(names, now, days=settings.BACKUP_KEEP_DAYS, months=settings.BACKUP_KEEP_MONTHS):
            shutil.rmtree(root / name)
            gone.add(name)
            count += 1
        for left in root.glob(f"tuntas-{settings.CITY.slug}-*{UNFINISHED}"):  # of a copy that was killed
            if now.timestamp() - left.stat().st_mtime > 24 * 3600:
                shutil.rmtree(left)
                _drop_apart(left.name.removesuffix(UNFINISHED))
    count += _clear_bucket(now)
    for name in gone - {path.name for root in roots for path in copies_in(root, settings.CITY.slug)}:
        _drop_apart(name)
    return count


def _clear_bucket(now: datetime) -> int:
    """The same in the object store; that it does not answer is no reason to lose the copy that was just made."""
    if not settings.BACKUP_S3_BUCKET:
        return 0
    bucket, count = Bucket(), 0
    try:
        for name in outlived(
            bucket.names(), now, days=settings.BACKUP_KEEP_DAYS, months=settings.BACKUP_KEEP_MONTHS
        ):
            bucket.drop(name)
            count += 1
    except NoBucket as error:
        logger.warning("older copies stay in BACKUP_S3_BUCKET (%s)", error)
    return count


def _drop_apart(name: str) -> None:
    for pattern in (HEADS, KEYS):
        (settings.BACKUP_APART_DIR / pattern.format(name=name)).unlink(missing_ok=True)
