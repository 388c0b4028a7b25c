"""Published reports, against what the ledger says of them: snapshot, words and files that were changed show."""

from collections.abc import Iterator
from typing import Any

from complaints.ledger.verifying.found import BadEvent
from complaints.models import LedgerEntry
from complaints.models.ledger import LEDGER
from reports.publication.entries import ReportEntry
from reports.publication.keeping import is_as_kept
from reports.publication.models import Report, ReportPaper, ReportSnapshot, ReportText
from reports.publication.models.frozen import PaperState
from reports.publication.states import PUBLIC, State


def check_reports() -> BadEvent | None:
    """The first that does not fit."""
    return next(_faults(), None)


def _faults() -> Iterator[BadEvent]:
    for why in _contents():
        yield BadEvent(LEDGER, 0, why, of_rows=True)
    rows = {row.code: row for row in Report.objects.all()}
    said: dict[str, str] = {}
    for entry in LedgerEntry.objects.filter(kind__in=ReportEntry.values).order_by("seq"):
        code = entry.data["report"]
        if why := _fault(rows.get(code), entry.kind, entry.data):
            yield BadEvent(LEDGER, entry.seq, why, of_rows=True)
        if entry.kind != ReportEntry.PRINTED:
            said[code] = State.WITHDRAWN if entry.kind == ReportEntry.WITHDRAWN else State.PUBLISHED
    for code, row in rows.items():
        if said.get(code) != (row.state if row.state in PUBLIC else None):
            yield BadEvent(LEDGER, 0, "report_state_differs", of_rows=True)


def _contents() -> Iterator[str]:
    """Of all that was frozen, published or not."""
    for row in ReportSnapshot.objects.order_by("pk").only("digest"):
        if not is_as_kept(row):
            yield "report_snapshot_differs"
    for text in ReportText.objects.order_by("pk").iterator(chunk_size=100):
        if not text.is_whole:
            yield "report_text_differs"


def _fault(row: Report | None, kind: str, data: dict[str, Any]) -> str:
    if row is None:
        return "report_missing"
    if kind == ReportEntry.PRINTED:
        return _paper_fault(row, data["language"], data["sha256"])
    if kind == ReportEntry.WITHDRAWN:
        return "" if row.reason == data["reason"] else "report_reason_differs"
    text = row.latest_text
    if text is None or text.digest != data["text"] or text.snapshot.digest != data["snapshot"]:
        return "report_text_differs"
    faults = (_paper_fault(row, language, digest) for language, digest in data["papers"].items())
    return next((why for why in faults if why), "")


def _paper_fault(row: Report, language: str, digest: str) -> str:
    papers = ReportPaper.objects.filter(text__report=row, language=language, state=PaperState.READY)
    return "" if papers.filter(sha256=digest).exists() else "report_paper_differs"
