"""A snapshot out of its row. Apart from the models, since what counts figures needs all of them."""

from reports.figures.snapshot import Snapshot, unpack
from reports.publication.models import Report, ReportPaper, ReportSnapshot


def snapshot_of(row: ReportSnapshot) -> Snapshot:
    """All of it. ValueError for one that an earlier version of Tuntas counted by other rules."""
    return unpack(bytes(row.content))


def report_of(digest: str) -> Report | None:
    """Which public report a SHA-256 belongs to: of its snapshot, or of one of its PDFs."""
    public = Report.objects.public()
    of_paper = ReportPaper.objects.filter(sha256=digest).values("text__report")
    of_snapshot = ReportSnapshot.objects.filter(digest=digest).values("report")
    found: Report | None = (public.filter(pk__in=of_paper) | public.filter(pk__in=of_snapshot)).first()
    return found
