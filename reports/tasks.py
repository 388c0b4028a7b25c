"""Makes the papers that were asked for. Called by the worker, on as many hosts as there are."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Exists, F, OuterRef, Q

from complaints.models import Event, EventKind
from reports.models import Document, DocumentState, OutOfReach, folder

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # well above the child's own limit of time
MAX_ATTEMPTS = 3
BACKOFF = timedelta(minutes=2)  # doubled at each attempt
AT_ONCE = 1  # mail and sweep wait for no more than one paper
KEPT = timedelta(days=30)


def build_documents(now: datetime) -> int:
    """Makes the papers that are due, oldest first; returns how many were made."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    due = Document.objects.waiting().filter(free, due_at__lte=now).order_by("due_at", "id")
    return sum(_build_one(pk, now) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def clear_documents(now: datetime) -> int:
    """Deletes papers a month after they were asked for, and those of a case whose citizen was erased since;
    whoever needs one again asks again."""
    erased = Event.objects.filter(
        kind=EventKind.WORDS_ERASED, complaint=OuterRef("complaint"), at__gte=OuterRef("requested_at")
    )
    old = Document.objects.filter(Q(requested_at__lt=now - KEPT) | Exists(erased))
    for document in old:
        document.path.unlink(missing_ok=True)
        document.snapshot_path.unlink(missing_ok=True)
    return int(old.delete()[0])


def _build_one(pk: int, now: datetime) -> bool:
    """Claims the row, counting the attempt first: one that kills its process is given up in the end too."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    claimed = (
        Document.objects.waiting()
        .filter(free, pk=pk, due_at__lte=now)
        .update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    document = Document.objects.select_related("requested_by__agency", "agency", "complaint").get(pk=pk)
    if document.attempts > MAX_ATTEMPTS:
        _fail(document, now, "gave up")
        return False
    try:
        _make(document, now)
    except OutOfReach:
        _fail(document, now, "out of reach", for_good=True)
        return False
    except BaseException as error:
        _fail(document, now, type(error).__name__)
        if not isinstance(error, Exception):
            raise
        logger.exception("document %d could not be made", pk)
        return False
    return True


def _make(document: Document, now: datetime) -> None:
    # Loading pandas takes seconds and memory that the other work of the process does not need.
    from reports.building import write_private
    from reports.papers import make_paper

    paper = make_paper(document, now)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    if paper.snapshot:
        write_private(document.snapshot_path, paper.snapshot)
    write_private(document.path, paper.content)
    Document.objects.filter(pk=document.pk, leased_until=document.leased_until).update(
        state=DocumentState.READY,
        built_at=now,
        leased_until=None,
        file_name=paper.name,
        sha256=sha256(paper.content).hexdigest(),
        size=len(paper.content),
        snapshot_digest=paper.digest,
        last_error="",
    )


def _fail(document: Document, now: datetime, why: str, *, for_good: bool = False) -> None:
    """Puts it off, or gives it up after the last attempt. The kind of error only: no words of a case."""
    over = for_good or document.attempts >= MAX_ATTEMPTS
    Document.objects.filter(pk=document.pk, leased_until=document.leased_until).update(
        state=DocumentState.FAILED if over else DocumentState.WAITING,
        due_at=now + BACKOFF * 2 ** (document.attempts - 1),
        leased_until=None,
        last_error=why[:200],
    )
