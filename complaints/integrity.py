"""Does what is stored agree with itself: rows, files, hashes, events, outbox, and the invariant."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.db.models import F, Min, OuterRef, Q, Subquery
from django.utils import timezone

from complaints.files import folders, keeping
from complaints.files.keeping import TEMPORARY
from complaints.files.object_store import StoreAway
from complaints.files.storage import name_of
from complaints.history.rows import ERASED
from complaints.ledger.outside import erased_outside
from complaints.ledger.verify import verify_ledger, words_are_tied
from complaints.ledger.verifying.case_rows import LEADS_TO
from complaints.mail.types import MESSAGE_TYPES
from complaints.models import Attachment, Clock, Complainant, Complaint, Event, EventKind, Message, Pause
from complaints.querysets import UNWATCHED
from complaints.registry import Registry
from complaints.search import unindexed
from complaints.searchable import words_of_case
from complaints.states import ACTIVE, OPEN, PAUSED, State
from complaints.watching import unwatched

SHOWN = 5


@dataclass(frozen=True)
class IntegrityCheck:
    """What an app above has to say of its own rows: what is broken, in a few examples."""

    code: str
    check: Callable[[datetime], Iterable[str]]


INTEGRITY_CHECKS: Registry[IntegrityCheck] = Registry()


def check_integrity(now: datetime | None = None) -> dict[str, list[str]]:
    """What is broken, by check; an empty list where all is well. At most SHOWN examples each, and
    where the object store does not answer the checks that were not ended."""
    now = now or timezone.now()
    checks: dict[str, Callable[[], Iterable[str]]] = {
        "open_case_without_owner_or_due": unowned,
        "open_case_nobody_watches": lambda: unwatched(now).values_list("number", flat=True)[:SHOWN],
        "state_is_not_its_last_event": states_without_event,
        "due_is_not_its_clocks": dues_without_clock,
        "ended_moment_does_not_fit_state": ends,
        "pause_does_not_fit_state": pauses,
        "anonymous_case_with_identity": identities,
        "erased_person_is_back": erased,
        "case_found_by_other_words": search_words,
        "ledger": ledger,
        "words_without_digest": lambda: ["?"] * words_are_tied(),
        "file_missing_or_changed": files,
        "file_without_row": lambda: strays(now),
        "mail_about_nothing": mails,
    }
    checks |= {each.code: partial(each.check, now) for each in INTEGRITY_CHECKS}
    broken: dict[str, list[str]] = {}
    away: list[str] = []
    for name, check in checks.items():
        broken[name] = []
        try:
            broken[name] += islice(check(), SHOWN)
        except StoreAway:  # nobody can say: no file is missing for that
            away.append(name)
    return broken | {"file_store_does_not_answer": away}


def unowned() -> Iterable[str]:
    cases = Complaint.objects.open().filter(UNWATCHED, is_live=True)
    return list(cases.values_list("number", flat=True)[:SHOWN])


def states_without_event() -> Iterable[str]:
    last = (
        Event.objects.filter(complaint=OuterRef("pk"), kind__in=LEADS_TO).order_by("-seq").values("kind")[:1]
    )
    rows = Complaint.objects.annotate(last=Subquery(last)).values_list("number", "state", "last")
    for number, state, kind in rows.iterator(chunk_size=5000):
        if kind is not None and State(state) not in LEADS_TO[EventKind(kind)]:
            yield number


def dues_without_clock() -> Iterable[str]:
    least = (
        Clock.objects.filter(complaint=OuterRef("pk"), stopped_at=None)
        .order_by()
        .values("complaint")
        .annotate(least=Min("due_at"))
        .values("least")
    )
    cases = Complaint.objects.filter(is_live=True, state__in=sorted(OPEN)).annotate(least=Subquery(least))
    wrong = cases.exclude(due_at=F("least")).exclude(due_at=None, least=None)
    return list(wrong.values_list("number", flat=True)[:SHOWN])


def ends() -> Iterable[str]:
    over = ~Q(state__in=sorted(OPEN - {State.RESOLVED}))
    wrong = Complaint.objects.filter(is_live=True).filter(
        (over & Q(ended_at=None)) | (~over & Q(ended_at__isnull=False))
    )
    return list(wrong.values_list("number", flat=True)[:SHOWN])


def pauses() -> Iterable[str]:
    standing = Pause.objects.filter(ended_at=None).values("complaint")
    # A part of a shared case stands still with its lead.
    still = Q(state__in=sorted(PAUSED)) | Q(state__in=sorted(ACTIVE), parent__state__in=sorted(PAUSED))
    cases = Complaint.objects.filter(is_live=True)
    waiting = cases.filter(still).values("pk")
    wrong = cases.filter(
        (Q(pk__in=waiting) & ~Q(pk__in=standing)) | (~Q(pk__in=waiting) & Q(pk__in=standing))
    )
    return list(wrong.values_list("number", flat=True)[:SHOWN])


def identities() -> Iterable[str]:
    return Complainant.objects.filter(complaint__is_anonymous=True).values_list(
        "complaint__number", flat=True
    )


def erased() -> Iterable[str]:
    """Of whom an older copy that was put back tells again."""
    back = Complaint.objects.filter(number__in=erased_outside()).exclude(description=ERASED)
    return back.values_list("number", flat=True)[:SHOWN]


def search_words() -> Iterable[str]:
    """Cases that a search would miss, or still find by words that are gone."""
    yield from unindexed()
    columns = ("number", "subject", "description", "location", "external_reference")
    rows = Complaint.objects.order_by().values_list("search_text", *columns)
    for found, number, *texts in rows.iterator(5000):
        if found != words_of_case(number, *texts):
            yield number


def ledger() -> Iterable[str]:
    bad = verify_ledger(files=False).first_bad
    return [str(bad)] if bad else []


def files() -> Iterable[str]:
    for file in Attachment.objects.select_related("complaint").iterator(chunk_size=1000):
        about = file.complaint.number if file.complaint else "draft"
        try:
            if keeping.look(name_of(file))[0] != file.sha256:
                yield f"{about}: file {file.pk} was changed"
        except FileNotFoundError:
            yield f"{about}: file {file.pk} is missing"


def strays(now: datetime) -> Iterable[str]:
    """Files under a final name that no row knows. A younger one than a day may be on its way to its row, or was left
    by a crash between both; the worker takes those away."""
    limit = now - folders.ON_ITS_WAY - timedelta(hours=2)
    for place in folders.places():
        for name in folders.strays(place, limit.timestamp()):
            folder, _slash, own = name.rpartition("/")
            if folder != TEMPORARY and not own.startswith("."):
                yield f"{folder}/{own[:6]}…"


def mails() -> Iterable[str]:
    # Whose addresses are neither a user's nor those of a case.
    outside = [each.code for each in MESSAGE_TYPES if each.recipient is not None]
    lost = Message.objects.filter(complaint=None, user=None).exclude(template__in=outside)
    return lost.values_list("dedupe_key", flat=True)
