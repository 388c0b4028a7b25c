"""Files that an administrator takes over by the wizard: kept, looked at, begun, and worked off by the worker.

The work is that of `import_complaints`, in slices, so that mail and sweep wait for none of it. How far it came is
stored with each batch: a worker that was killed goes on there, and one that is killed at the same place again and
again says so.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from complaints import leases
from complaints.clock.city_time import zone
from complaints.files import keeping
from complaints.files.child import private
from complaints.files.folders import FOLDERS, Folder
from complaints.files.object_store import StoreAway
from complaints.importing.lines import BrokenFile
from complaints.importing.looking import Look, look
from complaints.importing.mapping import Mapping, MappingError, read_mapping
from complaints.importing.reading import reading
from complaints.importing.running import Import, Previewed, preview
from complaints.importing.storing import Result, Store
from complaints.models import ImportRun, ImportState

logger = logging.getLogger(__name__)
FOLDER = "imports"  # in no copy of the installation
MOST_BYTES = 20 * 1024 * 1024  # larger ones are for the command
MOST_UNPACKED = 100_000_000
LEASE = timedelta(minutes=10)
SLICE = 10  # batches a turn of the worker
TRIES = 5  # without one more batch stored
PREPARED_FOR = timedelta(days=1)  # then what was never begun goes
TOLD_FOR = timedelta(days=30)  # then the lists of lines go, which quote the file


class ImportRefused(Exception):
    """The message says why, in the reader's language."""


class _Gone(Exception):
    """The run was stopped, or another worker has it."""


def receive(upload: UploadedFile, *, by: User, now: datetime) -> ImportRun:
    """Keeps an upload; its name is forgotten. Raises ImportRefused, and OSError where there is no room."""
    if (upload.size or 0) > MOST_BYTES:
        message = _("The file is larger than %(limit)d MB. `import_complaints` takes larger ones over.")
        raise ImportRefused(message % {"limit": MOST_BYTES // 1024 // 1024})
    run = ImportRun(key=token_hex(16), asked_by=by, asked_at=now)
    path = keeping.temporary(f"{run.key}.import")
    try:
        with open(path, "xb", opener=private) as file:
            file.writelines(upload.chunks())
        with _plainly(path):
            run.told = look(path, bare_mapping({}), most=MOST_UNPACKED).told[:300]
        run.sha256, _size = keeping.put(path, name_of(run))
        run.save()
    finally:
        path.unlink(missing_ok=True)
    return run


def name_of(run: ImportRun) -> str:
    return f"{FOLDER}/{run.key}"


def digests_of(names: Collection[str]) -> dict[str, str]:
    """Of these names those of files that are yet to be read, with their SHA-256."""
    needed = ImportRun.objects.filter(state__in=(ImportState.PREPARED, ImportState.RUNNING))
    rows = needed.filter(key__in=[name.rpartition("/")[2] for name in names])
    return {name_of(row): row.sha256 for row in rows.only("key", "sha256")}


FOLDERS.add(Folder(FOLDER, digests_of))


def bare_mapping(raw: dict[str, Any]) -> Mapping:
    """How the file is read, as far as `raw` says it: without columns, for a first look."""
    return Mapping(
        source="",
        columns={},
        values={},
        tz=zone(),
        encoding=str(raw.get("encoding", "")),
        delimiter=str(raw.get("delimiter", "")),
        sheet=str(raw.get("sheet", "")),
        header_row=int(raw.get("header_row", 0)),
    )


def look_at(run: ImportRun, raw: dict[str, Any]) -> Look:
    """Raises ImportRefused where the file cannot be read so."""
    with _path_of(run) as path:
        return look(path, bare_mapping(raw), most=MOST_UNPACKED)


def preview_of(run: ImportRun, *, now: datetime) -> tuple[str, list[Previewed]]:
    """The first rows as they would become. Raises ImportRefused."""
    with _path_of(run) as path:
        return preview(path, read_mapping(run.mapping), now=now, largest=MOST_UNPACKED)


@contextmanager
def _path_of(run: ImportRun) -> Iterator[Path]:
    """Raises ImportRefused, and StoreAway."""
    try:
        with keeping.local(name_of(run)) as path, _plainly(path):
            if run.sha256 and keeping.look_at(path)[0] != run.sha256:
                raise ImportRefused(
                    _("The file was changed since. Upload it again: what was taken over is not taken twice.")
                )
            yield path
    except FileNotFoundError:
        raise ImportRefused(
            _("The file is gone. Upload it again: what was taken over is not taken twice.")
        ) from None


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """A reason names no path of the server."""
    try:
        yield
    except (BrokenFile, MappingError, LookupError) as error:
        raise ImportRefused(str(error).replace(str(path), _("The file"))) from error


def start(run: ImportRun, *, escalate: bool) -> None:
    """Hands it to the worker. Raises ImportRefused where another is under way, or this one is not prepared."""
    refused = ImportRefused(_("Another import is under way. Wait until it has ended, or stop it."))
    waiting = ImportRun.objects.filter(pk=run.pk, state=ImportState.PREPARED)
    if ImportRun.objects.filter(state=ImportState.RUNNING).exclude(pk=run.pk).exists():
        raise refused
    try:
        with transaction.atomic():
            begun = waiting.update(state=ImportState.RUNNING, escalate=escalate)
    except IntegrityError as error:
        raise refused from error
    if not begun:
        raise ImportRefused(_("This import has been started or ended already."))


def refuse_beside_a_page() -> None:
    """Raises ImportRefused where an import by page is under way: the command waits for it."""
    if ImportRun.objects.filter(state=ImportState.RUNNING).exists():
        raise ImportRefused(
            _("An import by page is under way. Wait until it has ended, or stop it under /admin/.")
        )


def stop(run: ImportRun, *, now: datetime) -> bool:
    """Ends it where it stands; what was taken over stays. False where it had ended already."""
    stopped = ImportRun.objects.filter(
        pk=run.pk, state__in=(ImportState.PREPARED, ImportState.RUNNING)
    ).update(state=ImportState.STOPPED, finished_at=now, leased_until=None)
    keeping.remove(name_of(run))
    return bool(stopped)


def result_of(run: ImportRun) -> Result:
    """What came of it so far, as the command has it."""
    return Result(
        read=run.read,
        created=run.created,
        duplicates=run.duplicates,
        updated=run.updated,
        rejected=[(line, reason) for line, reason in run.rejected],
        remarks=[(line, reason) for line, reason in run.remarks],
        told=run.told,
    )


def work_imports(now: datetime) -> int:
    """One slice of the import that is under way; how many rows it read."""
    free = leases.free(now, LEASE)
    run = ImportRun.objects.filter(free, state=ImportState.RUNNING).select_related("asked_by").first()
    if run is None:
        return 0
    claimed = ImportRun.objects.filter(free, pk=run.pk, state=ImportState.RUNNING, read=run.read)
    if not claimed.update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return 0
    run.leased_until, run.attempts, before = now + LEASE, run.attempts + 1, run.read
    with translation.override(run.asked_by.language):
        try:
            if run.attempts > TRIES:
                raise ImportRefused(
                    _("The worker failed %(count)d times at the same place.") % {"count": TRIES}
                )
            _slice(run, now)
        except _Gone:
            logger.info("an import was stopped")
        except StoreAway:  # no fault of the file's
            leases.give_back(_mine(run))
            raise
        except ImportRefused as refused:
            _end(run, ImportState.FAILED, now, problem=str(refused)[:500])
    return run.read - before


def _slice(run: ImportRun, now: datetime) -> None:
    with _path_of(run) as path:
        mapping = read_mapping(run.mapping)
        with reading(path, mapping, MOST_UNPACKED) as export:
            total = run.total or export.count()
            result = result_of(run)
            result.told = export.told[:300]
            work = Import(export, mapping, Store(mapping, result, now=now, escalate=run.escalate), now=now)
            for _turn in range(SLICE):
                with transaction.atomic():
                    is_over = not work.step()
                    _keep(run, result, total=total, now=now)
                if is_over:
                    _end(run, ImportState.FINISHED, now)
                    return
    _mine(run).update(leased_until=None)


def _keep(run: ImportRun, result: Result, *, total: int, now: datetime) -> None:
    """With the batch, in its transaction. Raises _Gone, which takes the batch back."""
    run.read = result.read
    kept = _mine(run).update(
        told=result.told,
        total=total,
        read=result.read,
        created=result.created,
        duplicates=result.duplicates,
        updated=result.updated,
        rejected=[list(each) for each in result.rejected],
        remarks=[list(each) for each in result.remarks],
        attempts=0,
        seen_at=now,
    )
    if not kept:
        raise _Gone


def _mine(run: ImportRun) -> Any:
    return ImportRun.objects.filter(pk=run.pk, state=ImportState.RUNNING, leased_until=run.leased_until)


def _end(run: ImportRun, state: ImportState, now: datetime, problem: str = "") -> None:
    if _mine(run).update(state=state, finished_at=now, leased_until=None, problem=problem):
        keeping.remove(name_of(run))


def clear_imports(now: datetime) -> int:
    """Ends what was prepared a day ago and never begun, and forgets lists of lines a month old. Returns how many it
    found. Files that no run needs go with the garbage."""
    found = 0
    for run in ImportRun.objects.filter(state=ImportState.PREPARED, asked_at__lt=now - PREPARED_FOR):
        found += stop(run, now=now)
    old = ImportRun.objects.filter(finished_at__lt=now - TOLD_FOR).exclude(rejected=[], remarks=[])
    found += old.update(rejected=[], remarks=[])
    return found
