"""Erasing what a citizen told of themselves, when they ask for it or its time is over (UU 27/2022, docs/privacy.md)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from complaints.database.triggers import CONTENT, SEARCH
from complaints.files.drafts import drop_all_of
from complaints.files.storage import remove_bytes
from complaints.history.rows import ERASED
from complaints.history.timeline import CITIZENS_ROLES
from complaints.ledger.outside import note_erased
from complaints.models import Attachment, Complainant, Complaint, Draft, Event, EventContent, EventKind
from complaints.permissions import Act
from complaints.services.change import REASON_NEEDED, Change, NotPossible, changing
from complaints.states import State


@dataclass
class Erased:
    """What went."""

    words: int = 0
    files: int = 0


def erase_person(pk: int, *, by: User | None, now: datetime, reason: str, everything: bool = False) -> Erased:
    """Erases who complained in an ended case, what they wrote and sent, and their receipt; parts of the case too.

    `everything`: also what staff wrote in it, which may name them. The history keeps that it happened, when,
    why and `by` whom, and still verifies. NotPossible while the case is open or without a reason.
    """
    if not reason.strip():
        raise NotPossible(REASON_NEEDED)
    erased, keys = Erased(), list[str]()
    with transaction.atomic():
        parts = Complaint.objects.visible_to(None).filter(parent=pk).values_list("pk", flat=True)
        both = [pk, *parts.order_by("pk")]
        for each in both:
            with changing(each, None, Act.ERASE, now=now) as change:
                keys += _erase(change, by, reason, everything, erased)
        _erase_dissent(pk, by, now, reason, erased)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:  # words of deleted rows stay in the index until it is merged
                cursor.execute("INSERT INTO complaints_search(complaints_search) VALUES ('optimize')")
        cases = Complaint.objects.visible_to(None).filter(pk__in=both)
        note_erased(cases.values_list("number", flat=True), now)  # last: what fails here erases nothing
    remove_bytes(*keys)
    for case in cases:
        drop_all_of(case)
    return erased


def _erase(change: Change, by: User | None, reason: str, everything: bool, erased: Erased) -> list[str]:
    """Erases within one case; returns the keys of the files whose rows went."""
    case = change.case
    is_answered_part = case.parent_id is not None and case.state == State.RESOLVED  # over with its whole
    if case.is_open and not is_answered_part:
        raise NotPossible(_("The case is not over yet."))
    worded = Event.objects.filter(complaint=case, content__isnull=False)
    files = Attachment.objects.filter(complaint=case)
    if not everything:
        # What was put right of the citizen's words is theirs, and what another system had of them.
        theirs = Q(kind__in=(EventKind.CORRECTED, EventKind.IMPORTED))
        worded = worded.filter(theirs | Q(role__in=CITIZENS_ROLES))
        files = files.filter(event__role__in=CITIZENS_ROLES)
    seqs = sorted(worded.values_list("seq", flat=True))
    gone = list(files.values_list("key", "sha256"))
    EventContent.objects.filter(event__in=worded.values("pk")).delete()
    Attachment.objects.filter(key__in=[key for key, _sha256 in gone]).delete()
    if Complainant.objects.filter(complaint=case).delete()[0]:
        change.rows["-complainant"] = [{}]
    case.subject = case.description = ERASED
    case.location, case.latitude, case.longitude, case.happened_on = "", None, None, None
    case.receipt_digest = case.submission_digest = None  # the same form again is another report
    data = {
        "seqs": seqs,
        "files": [sha256 for _key, sha256 in gone],
        "by": by.pk if by else None,
        "everything": everything,  # what the apps above keep of it goes by their own jobs
    }
    change.event(EventKind.WORDS_ERASED, data=data, words={"text": reason})
    erased.words += len(seqs)
    erased.files += len(gone)
    return [key for key, _sha256 in gone]


def _erase_dissent(pk: int, by: User | None, now: datetime, reason: str, erased: Erased) -> None:
    """Erases what the citizen of a merged case said of the answer where the system passed it on: in the main
    case, which may be open."""
    case = Complaint.objects.visible_to(None).get(pk=pk)
    worded = Event.objects.filter(complaint=pk, kind=EventKind.RATED).values("at")
    there = Event.objects.filter(
        complaint=case.merged_into_id, kind=EventKind.DISPUTED, role=Role.SYSTEM, at__in=worded
    )
    seqs = sorted(there.filter(content__isnull=False).values_list("seq", flat=True))
    if case.merged_into_id is None or not seqs:
        return
    with changing(case.merged_into_id, None, Act.ERASE, now=now) as change:
        EventContent.objects.filter(event__in=there.values("pk")).delete()
        data = {"seqs": seqs, "files": [], "by": by.pk if by else None}
        change.event(EventKind.WORDS_ERASED, data=data, words={"text": reason})
    erased.words += len(seqs)


def _tables(further: tuple[type[Model], ...]) -> list[type[Model]]:
    return [Complaint, Complainant, Attachment, Draft, *further]


def sweep_up(*further: type[Model]) -> None:
    """Makes the database overwrite what was deleted, which it would do in its own time. Outside a transaction.
    `further`: tables of apps above from which something was deleted."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables = (
                CONTENT,
                SEARCH,
                *(model._meta.db_table for model in _tables(further)),
            )
            for table in tables:
                cursor.execute(f"VACUUM {table}")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
