"""Builds a report: snapshot, then the PDF from the snapshot alone, both as files only their owner reads."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reports.figures.snapshot import Snapshot
from reports.pages.report import report_pdf


@dataclass(frozen=True)
class Built:
    pdf: Path
    snapshot: Path


def write_report(snapshot: Snapshot, folder: Path, *, language: str, public: bool = False) -> Built:
    """Both files into `folder`, named after period and scope."""
    folder.mkdir(parents=True, exist_ok=True)
    edition = "-public" if public else ""
    pdf = report_pdf(snapshot, language=language, public=public)
    return Built(
        pdf=write_private(folder / f"tuntas-report-{snapshot.slug}{edition}-{language}.pdf", pdf),
        snapshot=write_private(folder / f"tuntas-report-{snapshot.slug}.json", snapshot.content),
    )


def write_private(path: Path, content: bytes) -> Path:
    """Whole or not at all, and readable by its owner only (0600)."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
