"""The worker's part once a report is reviewed: it prints it in both languages, from snapshot and words alone."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from complaints import leases
from complaints.files import keeping
from complaints.files.object_store import StoreAway
from complaints.ledger.recording import recording
from reports.opendata.services import marks_of
from reports.pages.bound import Answer, Bound
from reports.pages.case_file import clip
from reports.pages.printer import printer
from reports.pages.report import report_pdf
from reports.publication.entries import ReportEntry
from reports.publication.keeping import snapshot_of
from reports.publication.models import Report, ReportPaper, ReportText
from reports.publication.models.frozen import PaperState
from reports.publication.models.report import LANGUAGES
from reports.publication.progress import ATTEMPTS, PRINT_LEASE
from reports.publication.text import read

logger = logging.getLogger(__name__)
LEASE, MAX_ATTEMPTS = PRINT_LEASE, ATTEMPTS
BACKOFF = timedelta(minutes=2)  # doubled at each attempt
AT_ONCE = 1  # mail and sweep wait for no more than one


class Altered(Exception):
    """Snapshot or words are not what was frozen: they are not printed as if they were."""


def print_reports(now: datetime) -> int:
    """Prints what was reviewed and has no file yet, oldest first; returns how many."""
    return sum(
        _print(pk, now)
        for pk in list(_due(now).order_by("due_at", "id").values_list("pk", flat=True)[:AT_ONCE])
    )


def _due(now: datetime) -> "QuerySet[ReportPaper]":
    free = leases.free(now, LEASE)
    return ReportPaper.objects.filter(free, state=PaperState.WAITING, due_at__lte=now)


def _print(pk: int, now: datetime) -> bool:
    """Claims the row, counting the attempt first: one that kills its process is given up in the end too."""
    if not _due(now).filter(pk=pk).update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    paper = ReportPaper.objects.select_related("text__report", "text__snapshot").get(pk=pk)
    if paper.attempts > MAX_ATTEMPTS:
        _fail(paper, now, "gave up")
        return False
    try:
        content = pdf_of(paper.text, paper.language)
    except Exception as error:
        _fail(paper, now, type(error).__name__)
        logger.exception("report %s could not be printed", paper.text.report.code)
        return False
    try:
        _keep(paper, content, now)
    except StoreAway as error:
        logger.error("report %s waits to be kept: %s", paper.text.report.code, error)
        mine = ReportPaper.objects.filter(pk=pk, leased_until=paper.leased_until)
        leases.give_back(mine, due_at=now + BACKOFF)
        return False
    return True


def _fail(paper: ReportPaper, now: datetime, why: str) -> None:
    over = paper.attempts >= MAX_ATTEMPTS
    ReportPaper.objects.filter(pk=paper.pk, leased_until=paper.leased_until).update(
        state=PaperState.FAILED if over else PaperState.WAITING,
        due_at=now + BACKOFF * 2 ** (paper.attempts - 1),
        leased_until=None,
        last_error=why[:200],
    )


def pdf_of(text: ReportText, language: str, *, address: str = "") -> bytes:
    """The public edition. `address`: of the site when it was printed first, where it has another by now. Altered when
    what was frozen is another; RenderFailed."""
    snapshot = snapshot_of(text.snapshot)
    if not text.is_whole or snapshot.digest != text.snapshot.digest:
        raise Altered
    try:
        marks = marks_of(text.report.code, digest=snapshot.digest)
    except ValueError as error:
        raise Altered from error
    bound = bound_of(text, language, address=address)
    return report_pdf(snapshot, language=language, public=True, bound=bound, marks=marks)


def bound_of(text: ReportText, language: str, *, address: str = "") -> Bound:
    """What people added, in one language; the foreword in the other where nobody wrote it in this one."""
    said, report = read(text.content), text.report
    foreword = said["foreword"]
    spoken = next((each for each in (language, *LANGUAGES) if foreword[each]), language)
    words, is_cut = clip(foreword[spoken])
    return Bound(
        code=report.code,
        version=report.version,
        check_url=check_url(report, address),
        sentences={each["key"]: each["text"] for each in said["sentences"][language] if each["is_edited"]},
        foreword=f"{words} […]" if is_cut else words,
        foreword_language=spoken if spoken != language else "",
        signed_by=foreword["by"],
        answers=tuple(Answer(each["figure"], each["remark"], each["answer"]) for each in said["answers"]),
    )


def check_url(report: Report, address: str = "") -> str:
    """Where the QR of the document leads."""
    return f"{address or settings.BASE_URL}{reverse('reports:report-proof', args=[report.code])}"


def _keep(paper: ReportPaper, content: bytes, now: datetime) -> None:
    """The file first: a kill in between leaves a row that is printed again. What is printed after the publication gets
    an entry of its own in the ledger."""
    digest = keeping.put_bytes(content, paper.stored)
    with recording(ReportEntry.PRINTED, actor=None, now=now) as record:
        report = Report.objects.select_for_update().get(pk=paper.text.report_id)
        mine = ReportPaper.objects.filter(pk=paper.pk, leased_until=paper.leased_until)
        done = {
            "sha256": digest,
            "size": len(content),
            "built_at": now,
            "last_error": "",
            "leased_until": None,
            "printed_with": printer(),
        }
        if not mine.update(state=PaperState.READY, **done):
            if not ReportPaper.objects.filter(pk=paper.pk).exists():  # given back while it was printed
                transaction.on_commit(lambda: keeping.remove(paper.stored))
            return
        if report.is_public:
            record.data |= {"report": report.code, "language": paper.language, "sha256": digest}
            Report.objects.filter(pk=report.pk).update(head_size=None)  # to be signed once more


def content_of(paper: ReportPaper) -> bytes | None:
    """The file exactly as it was made; None where it is gone or is another. StoreAway where nobody can say."""
    content = keeping.read_as(paper.stored, paper.sha256)
    if content is None:
        logger.error("printed report %d is gone, or is not what was stored", paper.pk)
    return content
