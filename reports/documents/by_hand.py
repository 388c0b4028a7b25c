"""A report without a row, for whoever sits at the server."""

from dataclasses import dataclass
from pathlib import Path

from reports.documents.services import write_private
from reports.figures.snapshot import Snapshot
from reports.pages.report import report_pdf


@dataclass(frozen=True)
class Written:
    pdf: Path
    snapshot: Path


def write_report(snapshot: Snapshot, out: Path, *, language: str, public: bool = False) -> Written:
    """Both files into `out`, named after period and scope."""
    out.mkdir(parents=True, exist_ok=True)
    edition = "-public" if public else ""
    pdf = report_pdf(snapshot, language=language, public=public)
    return Written(
        pdf=write_private(out / f"tuntas-report-{snapshot.slug}{edition}-{language}.pdf", pdf),
        snapshot=write_private(out / f"tuntas-report-{snapshot.slug}.json", snapshot.content),
    )
