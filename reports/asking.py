"""Asking for a paper: writes a row for the worker. The same question while it waits is the same row."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints.models import Complaint
from complaints.permissions import Act, may
from complaints.services.change import NotAllowed, NotPossible, changing
from reports.events import ReportEvent
from reports.figures.periods import Period
from reports.models import Document, Purpose, may_report_on
from reports.rights import ReportAct

MOST_WAITING = 10  # per person: a worker's time is everybody's


def ask_report(
    period: Period, agency: Agency | None, *, actor: User, now: datetime, language: str
) -> Document:
    """A report of the period on `agency` and those below it, or on the city. NotAllowed out of scope."""
    if not may_report_on(actor, agency):
        raise NotAllowed(ReportAct.READ_REPORTS)
    about: dict[str, object] = {"period_from": period.first, "period_to": period.last, "agency": agency}
    return _ask(Document.Kind.REPORT, about, actor, now, language)


def ask_case_file(case: Complaint, *, actor: User, now: datetime, language: str) -> Document:
    """The file of a case the actor has in scope. NotAllowed when they see its heading only."""
    if not may(actor, Act.READ_WORDS, case):
        raise NotAllowed(Act.READ_WORDS)
    return _ask(Document.Kind.CASE_FILE, {"complaint": case}, actor, now, language)


@transaction.atomic  # no file without its event, no event without its file
def ask_sealed_file(
    case: Complaint,
    purpose: Purpose,
    *,
    words: str,
    is_for_citizen: bool,
    actor: User,
    now: datetime,
    language: str,
) -> Document:
    """A sealed file of a case. That it was asked for, by whom and what for, becomes part of the history, and so
    of the file itself. NotAllowed without the right; NotPossible without words on the purpose."""
    if not words.strip():
        raise NotPossible(_("Say what the file is for."))
    # What goes to the citizen never holds what staff keep among themselves, whatever was ticked.
    is_for_citizen = is_for_citizen or purpose == Purpose.APPEAL
    about: dict[str, object] = {"complaint": case, "purpose": purpose, "is_for_citizen": is_for_citizen}
    document, is_new = _find_or_ask(Document.Kind.SEALED_FILE, about, actor, now, language)
    if is_new:
        with changing(case.pk, actor, ReportAct.SEAL_FILE, now=now) as change:
            data = {"purpose": str(purpose), "for_citizen": is_for_citizen}
            change.event(ReportEvent.FILE_SEALED, data=data, words={"text": words})
    return document


def _ask(
    kind: Document.Kind, about: dict[str, object], actor: User, now: datetime, language: str
) -> Document:
    return _find_or_ask(kind, about, actor, now, language)[0]


def _find_or_ask(
    kind: Document.Kind, about: dict[str, object], actor: User, now: datetime, language: str
) -> tuple[Document, bool]:
    """The row, and whether it is new."""
    with transaction.atomic():
        waiting = Document.objects.waiting().of(actor)
        same = waiting.filter(kind=kind, language=language, **about).first()
        if same is not None:
            return same, False
        if waiting.count() >= MOST_WAITING:
            raise NotPossible(_("Several papers are still being prepared. Please wait until one is ready."))
        document = Document.objects.create(
            kind=kind, language=language, requested_by=actor, requested_at=now, due_at=now, **about
        )
        return document, True
