"""Makes the one paper that a row asks for."""

from dataclasses import dataclass
from datetime import datetime

from complaints.models import Complaint
from complaints.permissions import Act, may
from reports.building import report_pdf
from reports.casefile import case_file_pdf
from reports.models import Document, OutOfReach, may_report_on
from reports.periods import Period
from reports.snapshot import freeze


@dataclass(frozen=True)
class Paper:
    name: str
    pdf: bytes
    snapshot: bytes = b""
    digest: str = ""


def make_paper(document: Document, now: datetime) -> Paper:
    """The paper as its requester may see it now. OutOfReach when they may not any more."""
    if document.kind == Document.Kind.CASE_FILE:
        return _case_file(document, now)
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
        pdf=report_pdf(snapshot, language=document.language),
        snapshot=snapshot.content,
        digest=snapshot.digest,
    )


def _case_file(document: Document, now: datetime) -> Paper:
    assert document.complaint_id is not None
    cases = Complaint.objects.visible_to(document.requested_by).with_everything()
    case = cases.filter(pk=document.complaint_id).first()
    if case is None or not may(document.requested_by, Act.READ_WORDS, case):
        raise OutOfReach
    return Paper(
        name=f"{case.number}.pdf",
        pdf=case_file_pdf(case, actor=document.requested_by, now=now, language=document.language),
    )
