"""Printed papers whose file is gone or is another, as `check_integrity` names them: each is printed once more from what
was frozen, held against the digest that the history has of it, and put back where it is the same to the byte.

A file that is whole is never written over, and nothing else is ever put in its place (docs/decisions/0137).
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from django.db import transaction

from complaints.files import keeping
from complaints.models import LedgerEntry
from reports.pages.pdf import RenderFailed
from reports.pages.printer import printer
from reports.publication.entries import ReportEntry
from reports.publication.keeping import is_as_kept
from reports.publication.models import Report, ReportPaper
from reports.publication.models.frozen import PaperState
from reports.publication.models.report import ReportStepKind
from reports.publication.printing import Altered, pdf_of
from reports.publication.services.frame import add_step

logger = logging.getLogger(__name__)
Copies = dict[str, bytes]  # by SHA-256


class Outcome(StrEnum):
    PUT_BACK = "put_back"  # printed again, the same to the byte
    COPY_PUT_BACK = "copy_put_back"  # from a copy that somebody had
    OTHER_BYTES = "other_bytes"
    SNAPSHOT_ALTERED = "snapshot_altered"  # figures, words or what is hidden of them
    OLDER_VERSION = "older_version"  # whole, but counted by rules that this version of Tuntas does not print
    ROW_ALTERED = "row_altered"  # it says another digest than the history
    NOT_PRINTED = "not_printed"
    PRINTED_ANEW = "printed_anew"  # no digest of it is out: a worker prints it


GOOD = frozenset({Outcome.PUT_BACK, Outcome.COPY_PUT_BACK, Outcome.PRINTED_ANEW})


@dataclass(frozen=True)
class Found:
    """One paper that was not whole. `differs`: of what its bytes hang on, what was and what is; None where it is not
    known with what it was printed."""

    report: str
    language: str
    sha256: str
    outcome: Outcome
    differs: dict[str, tuple[str, str]] | None = None


def put_back(now: datetime, copies: Copies, says: Callable[[str], object] = logger.info) -> Iterator[Found]:
    """Every paper that is not whole, as it is done. StoreAway where nobody can say which are."""
    rows = ReportPaper.objects.filter(state=PaperState.READY).select_related("text__report", "text__snapshot")
    for paper in rows.order_by("pk").iterator(chunk_size=50):
        lay = _lies(paper)
        if lay == paper.sha256:
            continue
        report = paper.text.report
        says(f"{report.code} ({paper.language})")
        outcome, differs = _mend(paper, lay, copies, now)
        logger.warning("report %s, PDF (%s): %s", report.code, paper.language, outcome)
        yield Found(report.code, paper.language, paper.sha256, outcome, differs)


def _lies(paper: ReportPaper) -> str:
    """The SHA-256 of what lies in its place; empty where nothing does."""
    try:
        return keeping.look(paper.stored)[0]
    except FileNotFoundError:
        return ""


Done = tuple[Outcome, dict[str, tuple[str, str]] | None]


def _mend(paper: ReportPaper, lay: str, copies: Copies, now: datetime) -> Done:
    report = paper.text.report
    signed = signed_digest(report, paper.language)
    if signed not in (None, paper.sha256):
        return Outcome.ROW_ALTERED, None
    if (copy := copies.get(paper.sha256)) is not None:
        return _put(paper, copy, lay, Outcome.COPY_PUT_BACK, now), None
    try:
        content = pdf_of(paper.text, paper.language, address=paper.printed_with.get("address", ""))
    except Altered:
        return Outcome.SNAPSHOT_ALTERED, None
    except ValueError:
        is_older = paper.text.is_whole and is_as_kept(paper.text.snapshot)
        return (Outcome.OLDER_VERSION if is_older else Outcome.SNAPSHOT_ALTERED), None
    except RenderFailed:
        return Outcome.NOT_PRINTED, None
    if sha256(content).hexdigest() == paper.sha256:
        return _put(paper, content, lay, Outcome.PUT_BACK, now), None
    if signed is None and _print_anew(paper, now):
        return Outcome.PRINTED_ANEW, None
    return Outcome.OTHER_BYTES, _differs(paper)


def signed_digest(report: Report, language: str) -> str | None:
    """What the history says of the PDF in this language; None of one that is not published."""
    kinds = (ReportEntry.PUBLISHED, ReportEntry.PRINTED)
    found = None
    for data in (
        LedgerEntry.objects.filter(kind__in=kinds, data__report=report.code)
        .order_by("seq")
        .values_list("data", flat=True)
    ):
        if data.get("language", language) == language:
            found = data.get("papers", {}).get(language) or data.get("sha256") or found
    return found


def _put(paper: ReportPaper, content: bytes, lay: str, outcome: Outcome, now: datetime) -> Outcome:
    """`lay`: the digest of what lay there and was another; it stands in the step."""
    with transaction.atomic():
        data = {"language": paper.language, "sha256": paper.sha256, "how": str(outcome), "lay": lay}
        add_step(paper.text.report, ReportStepKind.PUT_BACK, actor=None, now=now, **data)
        keeping.put_bytes(content, paper.stored)  # last: without its step no file comes back
    return outcome


def _print_anew(paper: ReportPaper, now: datetime) -> bool:
    """Of a report that is not published yet nobody holds a file: it is printed as if for the first time."""
    rows = ReportPaper.objects.filter(
        pk=paper.pk, state=PaperState.READY, text__report__published_at=None, sha256=paper.sha256
    )
    waits = {"state": PaperState.WAITING, "due_at": now, "attempts": 0, "leased_until": None}
    return bool(rows.update(**waits))


def _differs(paper: ReportPaper) -> dict[str, tuple[str, str]] | None:
    before, here = paper.printed_with, printer()
    if not before:
        return None
    others = {name: (before.get(name, ""), now) for name, now in here.items() if name != "address"}
    return {name: (was, now) for name, (was, now) in others.items() if was != now}
