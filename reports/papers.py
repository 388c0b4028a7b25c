"""Makes the one paper that a row asks for."""

from dataclasses import dataclass
from datetime import datetime

from complaints.models import Complaint
from complaints.permissions import may
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.models import Document, OutOfReach, may_report_on
from reports.pages.case_file import case_file_pdf
from reports.pages.report import report_pdf
from reports.sealed.bundle import make_bundle


@dataclass(frozen=True)
class Paper:
    name: str
    content: bytes
    snapshot: bytes = b""
    digest: str = ""


def make_paper(document: Document, now: datetime) -> Paper:
    """The paper as its requester may see it now. OutOfReach when they may not any more."""
    if document.kind == Document.Kind.CASE_FILE:
        return _case_file(document, now)
    if document.kind == Document.Kind.SEALED_FILE:
        return _sealed_file(document, now)
    return _report(document, now)


def _report(document: Document, now: datetime) -> Paper:
    if not may_report_on(document.requested_by, document.agency):
        raise OutOfReach
    assert document.period_from is not None
    assert document.period_to is not None
    period = Period(document.period_from, document.period_to)
    snapshot = freeze(period, document.agency, actor=document.requested_by, now=now)
    return Paper(
        name=f"tuntas-report-{snapshot.slug}-{document.language}.pdf",
        content=report_pdf(snapshot, language=document.language),
        snapshot=snapshot.content,
        digest=snapshot.digest,
    )


def _case_file(document: Document, now: datetime) -> Paper:
    case = _case_of(document)
    return Paper(
        name=f"{case.number}.pdf",
        content=case_file_pdf(case, actor=document.requested_by, now=now, language=document.language),
    )


def _sealed_file(document: Document, now: datetime) -> Paper:
    case = _case_of(document)
    content, manifest_digest = make_bundle(case, document, now)
    return Paper(name=f"{case.number}-sealed.zip", content=content, digest=manifest_digest)


def _case_of(document: Document) -> Complaint:
    """The case as its requester reaches it now."""
    assert document.complaint_id is not None
    cases = Complaint.objects.visible_to(document.requested_by).with_everything()
    case: Complaint | None = cases.filter(pk=document.complaint_id).first()
    if case is None or not may(document.requested_by, document.right, case):
        raise OutOfReach
    return case
