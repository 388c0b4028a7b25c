"""The files that came with events: there, and the same bytes."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from complaints.files.storage import path_of
from complaints.ledger.verifying.found import BadEvent
from complaints.models import Attachment, Event, EventKind
from complaints.models.ledger import LEDGER

BRING_FILES = (
    EventKind.SUBMITTED,
    EventKind.ANSWERED,
    EventKind.RESOLVED,
    EventKind.FILES_ADDED,
)
CHUNK = 2000


def check_files() -> BadEvent | None:
    """The first event whose files are not those that it names."""
    erased = _erased()
    for pk, case, number, seq, named, public in _events_with_files():
        gone = erased.get(case, set())
        rows = {
            digest: (key, size, is_public)
            for digest, key, size, is_public in Attachment.objects.filter(
                event=pk, complaint=case
            ).values_list("sha256", "key", "size", "is_public")
        }
        for digest in sorted(named - gone):
            why = _fault(rows.pop(digest, None), digest, public)
            # Erased since we looked?
            if why and Event.objects.filter(pk=pk).exists() and digest not in _erased(case).get(case, set()):
                return BadEvent(number, seq, why)
        if rows.keys() - gone:
            return BadEvent(number, seq, "file_added")
    return _unnamed() or _of_no_case()


def _fault(row: tuple[str, int, bool] | None, digest: str, public: bool) -> str:
    if row is None:
        return "file_missing"
    key, size, is_public = row
    path = Path(path_of(key))
    if not path.is_file():
        return "file_missing"
    if is_public != public or size != path.stat().st_size:
        return "file_changed"
    return "" if sha256(path.read_bytes()).hexdigest() == digest else "file_changed"


def _events_with_files() -> Iterator[tuple[int, int, str, int, set[str], bool]]:
    rows = Event.objects.filter(kind__in=BRING_FILES, data__has_key="files").exclude(data__files=[])
    rows = rows.order_by("complaint_id", "seq")
    columns = ("pk", "complaint_id", "complaint__number", "seq", "data")
    for pk, case, number, seq, data in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        if data["files"]:
            yield pk, case, number, seq, set(data["files"]), bool(data.get("public", True))


def _erased(case: int | None = None) -> dict[int, set[str]]:
    """The files that were erased with a person's words, by case."""
    rows = Event.objects.filter(kind=EventKind.WORDS_ERASED)
    if case is not None:
        rows = rows.filter(complaint=case)
    found: dict[int, set[str]] = {}
    for pk, data in rows.values_list("complaint_id", "data"):
        found.setdefault(pk, set()).update(data.get("files", ()))
    return found


def _unnamed() -> BadEvent | None:
    """A file of an event that names none, or one that is marked otherwise than the events say."""
    rows = Attachment.objects.filter(event__isnull=False).order_by("event__complaint_id", "event__seq")
    columns = ("sha256", "is_personal", "event__complaint", "event__complaint__number")
    marked = _marked()
    for digest, personal, case, number, seq, data in rows.values_list(
        *columns, "event__seq", "event__data"
    ).iterator(chunk_size=CHUNK):
        if digest not in data.get("files", ()):
            return BadEvent(number, seq, "file_added")
        if personal != (digest in marked.get(case, ())):
            return BadEvent(number, seq, "file_shown")
    return None


def _of_no_case() -> BadEvent | None:
    """A file that an app above keeps, such as evidence, whose bytes are not those that its row names. What the row
    must be, the rows say that lead to it."""
    rows = Attachment.objects.filter(complaint=None, event=None, draft_digest="").order_by("pk")
    for pk, key, size, digest in rows.values_list("pk", "key", "size", "sha256"):
        why = _fault((key, size, True), digest, True)
        if why and Attachment.objects.filter(pk=pk).exists():
            return BadEvent(LEDGER, 0, why, of_rows=True)
    return None


def _marked() -> dict[int, set[str]]:
    """By case the files that show a person or papers: as they came, or as somebody said last."""
    rows = Event.objects.filter(data__has_key="personal", kind__in=[*BRING_FILES, EventKind.FILES_MARKED])
    found: dict[int, set[str]] = {}
    for case, kind, data in rows.order_by("complaint_id", "seq").values_list("complaint_id", "kind", "data"):
        before = set() if kind == EventKind.FILES_MARKED else found.get(case, set())
        found[case] = before | set(data["personal"])
    return found
