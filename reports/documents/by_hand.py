"""A report without a row, for whoever sits at the server."""

from dataclasses import dataclass
from pathlib import Path

from reports.documents.writing import write_together
from reports.figures.snapshot import Snapshot
from reports.pages.main import hidden_alone
from reports.pages.report import report_pdf
from reports.suppression.attack import protect_and_attack
from reports.suppression.report import Marks, decide


@dataclass(frozen=True)
class Written:
    pdf: Path
    snapshot: Path | None


def public_marks(snapshot: Snapshot) -> Marks:
    """What a public copy hides, attacked as one that is published; beside nothing that is out already."""
    marks, _cells, weak = decide(snapshot.figures, how=protect_and_attack)
    if weak:  # nothing is left to hide beside them: only how many cases there were
        marks = decide(snapshot.figures, is_bare=True)[0]
    marks.before = hidden_alone(snapshot.figures["previous"])
    return marks


def write_report(
    snapshot: Snapshot,
    out: Path,
    *,
    language: str,
    marks: Marks | None = None,
    with_snapshot: bool | None = None,
) -> Written:
    """The files into `out`, named after period and scope; `marks`: of a public copy, what it hides. The snapshot hides
    nothing: beside a public copy, which somebody may publish with its whole directory, it is written only when asked
    for."""
    public = marks is not None
    edition = "-public" if public else ""
    pdf = out / f"tuntas-report-{snapshot.slug}{edition}-{language}.pdf"
    rows = out / f"tuntas-report-{snapshot.slug}.json"
    has_rows = with_snapshot if with_snapshot is not None else not public
    files = {pdf: report_pdf(snapshot, language=language, public=public, marks=marks)}
    out.mkdir(parents=True, exist_ok=True)
    write_together(files | ({rows: snapshot.content} if has_rows else {}))
    return Written(pdf, rows if has_rows else None)
