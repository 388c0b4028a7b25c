"""The sealed file that citizens make of their own case, once they may go to the ombudsman: they ask, the worker makes
it as any other, and nobody else fetches it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.actors import Citizen
from complaints.models import Complaint
from complaints.services.change import NOT_NOW, NotPossible, changing
from complaints.services.system import may_go_to_ombudsman
from reports.documents.models import Document, DocumentState, Purpose
from reports.documents.services import KEPT
from reports.events import ReportEvent
from reports.rights import ReportAct

MOST_A_DAY = 3  # each costs the worker seconds, the history an event and a head
DAY = timedelta(days=1)


@dataclass(frozen=True)
class OwnFile:
    """How it stands: the one that can be fetched, whether another is being made or failed, and may be asked for."""

    ready: Document | None = None
    is_waiting: bool = False
    has_failed: bool = False
    may_ask: bool = False

    @property
    def kept_until(self) -> datetime | None:
        return self.ready.requested_at + KEPT if self.ready else None


def own_file(case: Complaint, now: datetime) -> OwnFile:
    """That of a case, for its citizen. No query where nobody was told of the ombudsman."""
    if (case.merged_into or case).ombudsman_told_at is None or not _is_somebodys(case):
        return OwnFile()
    rows = list(Document.objects.of_citizen(case.pk).filter(requested_at__gte=now - KEPT))
    ready = next((row for row in rows if row.state == DocumentState.READY), None)
    newest = rows[0].state if rows else ""
    return OwnFile(
        ready=ready,
        is_waiting=newest == DocumentState.WAITING,
        has_failed=newest == DocumentState.FAILED,
        may_ask=newest != DocumentState.WAITING and may_go_to_ombudsman(case) and not _is_enough(rows, now),
    )


def ask_own_sealed_file(pk: int, *, actor: Citizen, now: datetime, language: str) -> Document:
    """A sealed file for the ombudsman of what the citizen may see of case `pk`; the one that is being made, if there
    is one. Complaint.DoesNotExist out of scope; NotPossible for who may not go to the ombudsman or was erased, and
    beyond MOST_A_DAY."""
    own = Document.objects.of_citizen(pk)
    if actor.complaint_id == pk and (waiting := own.waiting().first()):
        return waiting
    with changing(pk, actor, ReportAct.SEAL_OWN_FILE, now=now) as change:
        if not may_go_to_ombudsman(change.case) or not _is_somebodys(change.case) or own.waiting().exists():
            raise NotPossible(NOT_NOW)
        if _is_enough(list(own), now):
            raise NotPossible(_("You have made it several times today. Please come back tomorrow."))
        change.event(
            ReportEvent.OWN_FILE_SEALED, data={"purpose": str(Purpose.OMBUDSMAN), "for_citizen": True}
        )
        return Document.objects.create(
            kind=Document.Kind.SEALED_FILE,
            complaint=change.case,
            purpose=Purpose.OMBUDSMAN,
            is_for_citizen=True,
            language=language,
            requested_at=now,
            due_at=now,
        )


def _is_somebodys(case: Complaint) -> bool:
    """Whether somebody holds a receipt code of it: an erased citizen does not any more."""
    return case.receipt_digest is not None


def _is_enough(rows: list[Document], now: datetime) -> bool:
    return sum(row.requested_at > now - DAY for row in rows) >= MOST_A_DAY
