"""A report without a row, for whoever sits at the server."""

from dataclasses import dataclass
from pathlib import Path

from reports.documents.services import write_private
from reports.figures.snapshot import Snapshot
from reports.pages.report import report_pdf


@dataclass(frozen=True)
class Written:
    pdf: Path
    snapshot: Path | None


def write_report(
    snapshot: Snapshot, out: Path, *, language: str, public: bool = False, with_snapshot: bool | None = None
) -> Written:
    """The files into `out`, named after period and scope. The snapshot hides nothing: beside a public copy, which
    somebody may publish with its whole directory, it is written only when asked for."""
    out.mkdir(parents=True, exist_ok=True)
    edition = "-public" if public else ""
    pdf = report_pdf(snapshot, language=language, public=public)
    written = write_private(out / f"tuntas-report-{snapshot.slug}{edition}-{language}.pdf", pdf)
    if not (with_snapshot if with_snapshot is not None else not public):
        return Written(written, None)
    return Written(written, write_private(out / f"tuntas-report-{snapshot.slug}.json", snapshot.content))
