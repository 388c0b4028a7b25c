"""The files that came with events: there, and the same bytes."""

from collections.abc import Iterable, Iterator

from complaints.files import keeping
from complaints.files.storage import name_of
from complaints.ledger.verifying.found import BadEvent
from complaints.models import Attachment, Event, EventKind
from complaints.models.attachment import Shows
from complaints.models.ledger import LEDGER

BRING_FILES = (
    EventKind.SUBMITTED,
    EventKind.ANSWERED,
    EventKind.PROGRESS_TOLD,
    EventKind.RESOLVED,
    EventKind.FILES_ADDED,
)
CHUNK = 2000


def check_files() -> BadEvent | None:
    """The first event whose files are not those that it names. StoreAway where nobody can say."""
    erased, checked = _erased(), _checked()
    for pk, case, number, seq, named, public in _events_with_files():
        gone = erased.get(case, set())
        named = {checked.get((case, seq, digest), digest) for digest in named} - {""}
        rows = {row.sha256: row for row in Attachment.objects.filter(event=pk, complaint=case)}
        for digest in sorted(named - gone):
            why = _fault(rows.pop(digest, None), digest, public)
            # Erased since we looked?
            if why and Event.objects.filter(pk=pk).exists() and not _went(case, seq, digest):
                return BadEvent(number, seq, why)
        if rows.keys() - gone:
            return BadEvent(number, seq, "file_added")
    return _unnamed() or _of_no_case()


def _went(case: int, seq: int, digest: str) -> bool:
    """Whether it was erased, or made safe, since we looked."""
    return digest in _erased(case).get(case, set()) or (case, seq, digest) in _checked(case)


def _fault(row: Attachment | None, digest: str, public: bool) -> str:
    if row is None:
        return "file_missing"
    try:
        found = keeping.look(name_of(row))
    except FileNotFoundError:
        return "file_missing"
    return "" if row.is_public == public and found == (digest, row.size) else "file_changed"


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


def _checked(case: int | None = None) -> dict[tuple[int, int, str], str]:
    """What became of files that waited: case, event that brought it and SHA-256 of what was received → that of the
    safe copy, "" where none could be made."""
    rows = Event.objects.filter(kind=EventKind.FILE_CHECKED)
    rows = rows if case is None else rows.filter(complaint=case)
    told = rows.values_list("complaint_id", "data")
    return {(pk, data["of"], data["received"]): data.get("safe", "") for pk, data in told}


def _unnamed() -> BadEvent | None:
    """A file of an event that names none, or one that is marked otherwise than the events say."""
    rows = Attachment.objects.filter(event__isnull=False).order_by("event__complaint_id", "event__seq")
    columns = ("sha256", "is_personal", "shows", "event__complaint", "event__complaint__number")
    checked = _checked()
    marked = _marked(checked)
    for digest, personal, shows, case, number, seq, data in rows.values_list(
        *columns, "event__seq", "event__data"
    ).iterator(chunk_size=CHUNK):
        if digest not in _as_checked(data.get("files", ()), case, seq, checked):
            return BadEvent(number, seq, "file_added")
        if personal != (digest in marked.get(case, ())):
            return BadEvent(number, seq, "file_shown")
        sides = [
            side.value for side in Shows if digest in _as_checked(data.get(side, ()), case, seq, checked)
        ]
        if shows not in (sides or [""]):
            return BadEvent(number, seq, "file_changed")
    return None


def _as_checked(
    named: Iterable[str], case: int, seq: int, checked: dict[tuple[int, int, str], str]
) -> set[str]:
    """The digests that an event names, as they are since the worker made the files safe."""
    return {checked.get((case, seq, each), each) for each in named}


def _of_no_case() -> BadEvent | None:
    """A file that an app above keeps, such as evidence, whose bytes are not those that its row names. What the row
    must be, the rows say that lead to it."""
    rows = Attachment.objects.filter(complaint=None, event=None, draft_digest="").order_by("pk")
    for row in rows:
        row.is_public = True  # what it is, the rows say that lead to it
        why = "file_changed" if row.shows else _fault(row, row.sha256, True)
        if why and Attachment.objects.filter(pk=row.pk).exists():
            return BadEvent(LEDGER, 0, why, of_rows=True)
    return None


def _marked(checked: dict[tuple[int, int, str], str]) -> dict[int, set[str]]:
    """By case the files that show a person or papers: as they came, or as somebody said last."""
    rows = Event.objects.filter(data__has_key="personal", kind__in=[*BRING_FILES, EventKind.FILES_MARKED])
    found: dict[int, set[str]] = {}
    safe = {(case, received): digest for (case, _seq, received), digest in checked.items()}
    for case, kind, data in rows.order_by("complaint_id", "seq").values_list("complaint_id", "kind", "data"):
        before = set() if kind == EventKind.FILES_MARKED else found.get(case, set())
        found[case] = before | {safe.get((case, digest), digest) for digest in data["personal"]}
    return found
