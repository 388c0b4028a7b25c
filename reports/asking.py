"""Asking for a paper: writes a row for the worker. The same question while it waits is the same row."""

from datetime import datetime

from django.db import transaction

from accounts.models import Agency, User
from complaints.models import Complaint
from complaints.permissions import Act, may
from complaints.services.change import NotAllowed, NotPossible
from reports.models import Document, may_report_on
from reports.periods import Period

MOST_WAITING = 10  # per person: a worker's time is everybody's


def ask_report(
    period: Period, agency: Agency | None, *, actor: User, now: datetime, language: str
) -> Document:
    """A report of the period on `agency` and those below it, or on the city. NotAllowed out of scope."""
    if not may_report_on(actor, agency):
        raise NotAllowed(Act.READ_REPORTS)
    about: dict[str, object] = {"period_from": period.first, "period_to": period.last, "agency": agency}
    return _ask(Document.Kind.REPORT, about, actor, now, language)


def ask_case_file(case: Complaint, *, actor: User, now: datetime, language: str) -> Document:
    """The file of a case the actor has in scope. NotAllowed when they see its heading only."""
    if not may(actor, Act.READ_WORDS, case):
        raise NotAllowed(Act.READ_WORDS)
    return _ask(Document.Kind.CASE_FILE, {"complaint": case}, actor, now, language)


def _ask(
    kind: Document.Kind, about: dict[str, object], actor: User, now: datetime, language: str
) -> Document:
    with transaction.atomic():
        waiting = Document.objects.waiting().of(actor)
        same = waiting.filter(kind=kind, language=language, **about).first()
        if same is not None:
            return same
        if waiting.count() >= MOST_WAITING:
            raise NotPossible("too many papers are still being prepared")
        return Document.objects.create(
            kind=kind, language=language, requested_by=actor, requested_at=now, due_at=now, **about
        )
