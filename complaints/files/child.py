"""Runs sanitise.py as a child process with bounds, for few files at a time, and says why one is not taken."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TIMEOUT_SECONDS = 15  # on the clock, of one file; its processor time is bounded in sanitise.py
LATER_TIMEOUT_SECONDS = 60  # the same, for the worker
WAIT_SECONDS = 3  # for a place
HEAVY = frozenset({"too_heavy", "too_much_memory", "too_long"})  # for the request; perhaps not for the worker
CODE = re.compile(r"[a-z_]+")
# Two at a time in each process, since a picture may take hundreds of megabytes while it is decoded, and one that
# waits: a thread is left for whoever sends no file.
_children, _at_work = BoundedSemaphore(2), BoundedSemaphore(3)


class FileRefused(Exception):
    """A file that is not taken, by a code of `reason` or in words; the message says why, in the reader's language."""

    def __init__(self, why: str) -> None:
        super().__init__(reason(why) if CODE.fullmatch(why) else why)
        self.why = why


class TooHeavy(FileRefused):
    """Needs more than one request may take; the worker has more."""


class StorageFull(Exception):
    """There is no room for files, or the disk fails; cases without files can still be filed. `reason` in words."""

    reason = gettext_lazy("There is no room for files at the moment.")
    status = 507  # of the answer


class StorageBusy(StorageFull):
    """More files come in than can be read at a time."""

    reason = gettext_lazy("Very many files are coming in just now.")
    status = 503


class StorageAway(StorageFull):
    """The object store does not answer."""

    reason = gettext_lazy("Files cannot be kept just now.")
    status = 503


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def make_safe(
    kind: str, source: Path, target: Path, *, later: bool = False, reads_capture: bool = False
) -> object:
    """Runs complaints.files.sanitise apart from this process: none of its secrets, little memory, little time; with
    `later` more of both, for the worker. Raises FileRefused, and TooHeavy where the worker might."""
    with open(target, "xb", opener=private):
        pass  # made here, so that its mode is ours
    command = [sys.executable, "-m", "complaints.files.sanitise", kind, str(source), str(target)]
    command += [word for word, is_so in (("later", later), ("capture", reads_capture)) if is_so]
    timeout = LATER_TIMEOUT_SECONDS if later else TIMEOUT_SECONDS
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        with _place():
            done = subprocess.run(  # noqa: S603 - our own module, and names that we made
                command,
                cwd=settings.BASE_DIR,
                env=environment,
                capture_output=True,
                timeout=timeout,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise TooHeavy("too_long") from error
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise TooHeavy("too_long")
    try:
        result = json.loads(done.stdout)
    except ValueError:
        result = {"ok": False, "why": "unreadable"}
    if not result["ok"]:
        _check_room(source)
        raise (TooHeavy if result["why"] in HEAVY else FileRefused)(result["why"])
    return result.get("taken")


@contextmanager
def _place() -> Iterator[None]:
    """One of the few places in which a file is read. StorageBusy when none comes free soon."""
    if not _at_work.acquire(blocking=False):
        raise StorageBusy
    try:
        if not _children.acquire(timeout=WAIT_SECONDS):
            raise StorageBusy
        try:
            yield
        finally:
            _children.release()
    finally:
        _at_work.release()


def reason(code: str) -> str:
    """Why a file is not taken, in the reader's language."""
    if code == "too_long":
        return _("The file took too long to read.")
    if code == "encrypted":
        return _("The PDF is protected by a password. Save it without one and attach it again.")
    if code in ("too_many_pixels", "too_heavy"):
        return _("The picture has too many pixels. Please attach a smaller one.")
    if code == "too_many_pages":
        return _("The PDF has more than 300 pages. Please attach only those that matter.")
    if code == "too_much_memory":
        return _("The file is too complex to be read here. Please attach a simpler or smaller one.")
    return _("The file is damaged or not what its name says.")


def _check_room(source: Path) -> None:
    """The child cannot say that the disk is full, so look whether there is room for what it would write."""
    stats = os.statvfs(source.parent)
    if stats.f_bavail * stats.f_frsize < source.stat().st_size:
        raise OSError(errno.ENOSPC, "no room for files")
