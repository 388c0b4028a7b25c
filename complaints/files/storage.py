"""Receives files, makes them harmless in a child process, keeps them and reads them back.

A file is kept as <first two of its key>/<key>; its name is random and never the sender's. The bytes are kept, flushed
or read again, before their row is written: a kill leaves at most a file without a row, which `collect_garbage` takes
away after a day.
"""

import errno
import logging
import re
import unicodedata
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from time import monotonic
from typing import NamedTuple

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.files import keeping
from complaints.files.capture import Capture, capture_of
from complaints.files.child import FileRefused as FileRefused
from complaints.files.child import StorageAway, TooHeavy, make_safe, private
from complaints.files.child import StorageBusy as StorageBusy
from complaints.files.child import StorageFull as StorageFull
from complaints.files.folders import FOLDERS, KEYED, ON_ITS_WAY, Folder, collect_strays
from complaints.files.keeping import temporary
from complaints.files.object_store import StoreAway
from complaints.models import Attachment, Draft
from complaints.models.attachment import PICTURES

logger = logging.getLogger(__name__)

ALL_TOGETHER_SECONDS = 20  # of the files of one request
DRAFT_LIFE = ON_ITS_WAY
RECEIVED = "received"  # what is not safe yet
SMALLEST_HEAVY = 256 * 1024  # bytes
MOST_WAITING = 200  # files
NAME_LENGTH = 120
# By the type found in the bytes: endings that agree with it, ending and type of what is kept.
KINDS: dict[str, tuple[frozenset[str], str, str]] = {
    "jpg": (frozenset({"jpg", "jpeg", "jpe", "jfif"}), "jpg", "image/jpeg"),
    "png": (frozenset({"png"}), "png", "image/png"),
    "webp": (frozenset({"webp"}), "webp", "image/webp"),
    # Telephones and their friends call such a picture by the name of what they would have made of it.
    "heic": (frozenset({"heic", "heif", "hif", "jpg", "jpeg"}), "jpg", "image/jpeg"),
    "pdf": (frozenset({"pdf"}), "pdf", "application/pdf"),
}
ACCEPT = ",".join(
    f".{e}" for e in dict.fromkeys(e for endings, *_rest in KINDS.values() for e in sorted(endings))
)
# The kinds of HEIF that hold pictures coded as HEVC, those of ten bits among them.
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})


class FileDamaged(Exception):
    """The bytes that are kept are not those that were stored, or are gone."""


class Safe(NamedTuple):
    """A harmless copy that the worker made: `taken` is what the received file said of when and where."""

    key: str
    sha256: str
    size: int
    taken: Capture


@dataclass(frozen=True)
class Received:
    """What came of some uploads: the drafts kept, and a sentence for each file that was not."""

    kept: list[Attachment]
    problems: list[str]


def receive_all(
    uploads: Iterable[UploadedFile],
    *,
    digest: str,
    now: datetime,
    added_by: User | None = None,
    may_wait: bool = False,
    shows: str = "",
) -> Received:
    """Takes uploads as drafts of the form with this digest, up to ATTACHMENT_MAX_FILES with those it has.

    A file that the form has already is not taken twice. `may_wait`: one that is too heavy for a request is taken as
    it is, and waits for the worker. `shows`: which side of the work the pictures among them show. Raises StorageFull.
    """
    kept, problems = list(drafts_of(digest)), []
    began = monotonic()
    for upload in uploads:
        shown = clean_name(upload.name or "")
        if monotonic() - began > ALL_TOGETHER_SECONDS:
            raise StorageBusy
        if len(kept) >= settings.ATTACHMENT_MAX_FILES:
            problems.append(
                _("You can attach up to %(count)d files; “%(name)s” was left out.")
                % {"count": settings.ATTACHMENT_MAX_FILES, "name": shown}
            )
            continue
        try:
            draft = receive(upload, digest=digest, now=now, added_by=added_by, may_wait=may_wait, shows=shows)
        except FileRefused as refused:
            problems.append(f"“{shown}”: {refused}")
            continue
        if any((draft.sha256, draft.shows) == (other.sha256, other.shows) for other in kept):
            discard(draft)
        else:
            kept.append(draft)
    return Received(kept, problems)


def receive(
    upload: UploadedFile,
    *,
    digest: str,
    now: datetime,
    added_by: User | None = None,
    may_wait: bool = False,
    shows: str = "",
) -> Attachment:
    """Makes one upload harmless and stores it as a draft. Raises FileRefused or StorageFull.

    Of a picture that `shows` work it is kept, for staff, when and where it was taken; of no other.
    """
    kind = check(upload)
    _endings, ending, content_type = KINDS[kind]
    key, is_waiting, told = token_hex(16), False, None
    shows = shows if content_type in PICTURES else ""
    try:
        try:
            (data_digest, size), told = _sanitise_and_store(upload, kind, key, reads_capture=bool(shows))
        except TooHeavy as heavy:
            if not may_wait or not _is_worth_waiting(upload, heavy):
                raise
            is_waiting = True
            data_digest, size = _keep_as_received(upload, key)
    except OSError as error:
        raise _not_kept(error) from error
    stem = clean_name(upload.name or "").rsplit(".", 1)[0]
    return Attachment.objects.create(
        draft_digest=digest,
        key=key,
        name=f"{stem}.{ending}",
        content_type=content_type,
        size=size,
        sha256=data_digest,
        shows=shows,
        **capture_of(told).columns,
        added_by=added_by,
        added_at=now,
        is_waiting=is_waiting,
    )


def _not_kept(error: OSError) -> StorageFull:
    if isinstance(error, StoreAway):
        logger.error("a file cannot be stored: %s", error)
        return StorageAway()
    logger.error("a file cannot be stored: %s", errno.errorcode.get(error.errno or 0, "unknown"))
    return StorageFull()


def _is_worth_waiting(upload: UploadedFile, heavy: TooHeavy) -> bool:
    """What is small and takes long was made to; and nobody could wait for more than a few hundred."""
    is_honest = heavy.why == "too_heavy" or (upload.size or 0) >= SMALLEST_HEAVY
    return is_honest and Attachment.objects.filter(is_waiting=True).count() < MOST_WAITING


def check(upload: UploadedFile) -> str:
    """The kind of an upload by its first bytes, where its ending agrees. Raises FileRefused."""
    if not upload.size:
        raise FileRefused(_("The file is empty."))
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
        raise FileRefused(_("The file is larger than %(limit)d MB.") % {"limit": limit})
    upload.seek(0)
    kind = kind_of(upload.read(8192))
    ending = (upload.name or "").rpartition(".")[2].lower()
    if kind not in KINDS or ending not in KINDS[kind][0]:
        words = _("Only photos (JPG, PNG, WebP, HEIC) and PDF files can be attached.")
        if kind in KINDS and any(ending in endings for endings, *_rest in KINDS.values()):
            held = _("This one is called .%(ending)s, but what is in it is %(kind)s.")
            words = f"{words} {held % {'ending': ending, 'kind': kind.upper()}}"
        raise FileRefused(words)
    return kind


def kind_of(head: bytes) -> str:
    """What a file is by its first bytes: a key of KINDS, another word, or "" where nobody knows."""
    if head[4:8] == b"ftyp" and len(head) >= 16:
        length = min(int.from_bytes(head[:4], "big"), 256)
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, length, 4))}
        if brands & HEIF_BRANDS:
            return "heic"
    found = filetype.guess(head)
    return str(found.extension) if found else ""


def clean_name(name: str) -> str:
    """A file name that is safe to show: no path, control or direction characters, not too long."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    stem, dot, ending = re.sub(r"\s+", " ", name).strip(" .").rpartition(".")
    stem = (stem if dot else ending).strip(" .")[:NAME_LENGTH] or _("file")
    return f"{stem}.{ending[:10]}" if dot else stem


def name_plainly(drafts: QuerySet[Attachment]) -> None:
    """Takes the sender's own names away from their files."""
    stem = _("file")
    for draft in drafts:
        ending = draft.name.rpartition(".")[2]
        Attachment.objects.filter(pk=draft.pk).update(name=f"{stem}-{draft.pk}.{ending}")


def _sanitise_and_store(
    upload: UploadedFile, kind: str, key: str, *, reads_capture: bool
) -> tuple[tuple[str, int], object]:
    """Puts the harmless copy under its key; returns its SHA-256 and size, and what sanitise.py read of where and when
    it was taken."""
    source, target = temporary(f"{key}.in"), temporary(f"{key}.out")
    try:
        upload.seek(0)
        with open(source, "xb", opener=private) as raw:
            raw.writelines(upload.chunks())
        told = make_safe(kind, source, target, reads_capture=reads_capture)
        return keeping.put(target, safe_name(key)), told
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)


def _keep_as_received(upload: UploadedFile, key: str) -> tuple[str, int]:
    """Beside the others, where nothing is served from."""
    raw = temporary(f"{key}.raw")
    try:
        upload.seek(0)
        with open(raw, "xb", opener=private) as file:
            file.writelines(upload.chunks())
        return keeping.put(raw, received_name(key))
    finally:
        raw.unlink(missing_ok=True)


def make_received_safe(attachment: Attachment) -> Safe:
    """Stores the harmless copy of a file that waits under a key of its own. What was received stays. Raises
    FileRefused, FileDamaged, StorageBusy or StorageFull; StoreAway before it begins."""
    key = token_hex(16)
    data = _kept(attachment, received_name(attachment.key))
    source, target = temporary(f"{key}.in"), temporary(f"{key}.out")
    try:
        with open(source, "xb", opener=private) as raw:
            raw.write(data)
        kind, shows = kind_of(data[:8192]), bool(attachment.shows)
        told = make_safe(kind, source, target, later=True, reads_capture=shows)
        return Safe(key, *keeping.put(target, safe_name(key)), capture_of(told))
    except OSError as error:
        raise _not_kept(error) from error
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)


def let_go(key: str) -> None:
    """What was received is not needed any more. It goes with the garbage in a day: a copy of the installation that is
    just being made may tell of it."""
    with suppress(FileNotFoundError, StoreAway):
        keeping.place().touch(received_name(key))


def name_of(attachment: Attachment) -> str:
    """Under which name the bytes are kept that the row tells of."""
    return received_name(attachment.key) if attachment.is_waiting else safe_name(attachment.key)


def remove_bytes(*keys: str) -> None:
    """Of rows that are gone. What cannot be taken away now goes with the garbage."""
    keeping.remove(*(name for key in keys for name in (safe_name(key), received_name(key))))


def safe_name(key: str) -> str:
    return f"{key[:2]}/{key}"


def received_name(key: str) -> str:
    return f"{RECEIVED}/{key}"


def drafts_of(digest: str) -> list[Attachment]:
    """The files kept for an unfinished form."""
    return list(Attachment.objects.filter(draft_digest=digest, complaint=None).order_by("pk"))


def drop_drafts(digest: str, keys: Iterable[str]) -> None:
    """Takes away draft files of this form that its sender no longer wants."""
    wanted = list(keys)
    for draft in (
        Attachment.objects.filter(draft_digest=digest, complaint=None, key__in=wanted) if wanted else ()
    ):
        discard(draft)


def discard(draft: Attachment) -> None:
    """Deletes a draft's row, then its bytes; a file that has become a case's stays, also if it becomes so right now.

    One statement with its condition: `delete()` may read the rows first, and then deletes them whatever they became.
    """
    drafts = Attachment.objects.filter(pk=draft.pk, complaint=None).exclude(draft_digest="")
    if drafts._raw_delete(drafts.db):
        remove_bytes(draft.key)


def read(attachment: Attachment) -> bytes:
    """The bytes of a file, exactly those that were stored. Raises FileDamaged, also for one that is not safe yet, and
    StoreAway where nobody can say."""
    if attachment.is_waiting:
        raise FileDamaged
    return _kept(attachment, safe_name(attachment.key))


def _kept(attachment: Attachment, name: str) -> bytes:
    try:
        data = keeping.read_as(name, attachment.sha256)
    except StoreAway:
        raise
    except OSError as error:
        logger.error("file %d cannot be read", attachment.pk)
        raise FileDamaged from error
    if data is None:
        logger.error("file %d is gone, or does not match its digest", attachment.pk)
        raise FileDamaged
    return data


def digests_of(names: Collection[str]) -> dict[str, str]:
    """Of these names those of rows, with their SHA-256."""
    keys = [name.rpartition("/")[2] for name in names]
    rows = Attachment.objects.filter(key__in=keys).only("key", "is_waiting", "sha256")
    return {name_of(row): row.sha256 for row in rows}


FOLDERS.add(Folder(KEYED, digests_of), Folder(RECEIVED, digests_of))


def collect_garbage(now: datetime) -> int:
    """Deletes drafts a day old, and files as old that no row knows; returns how many files went."""
    limit = now - DRAFT_LIFE
    gone = 0
    # Without a case and without a form it belongs to an upper app, as evidence does.
    drafts = Attachment.objects.filter(complaint=None, added_at__lt=limit).exclude(draft_digest="")
    drafts = drafts.exclude(draft_digest__in=Draft.objects.values("digest"))  # these have an age of their own
    for draft in drafts.iterator():
        discard(draft)
        gone += 1
    return gone + collect_strays(now)
