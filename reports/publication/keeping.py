"""A snapshot into its pieces and out of them. Apart from the models, since what counts figures needs all of them."""

from collections.abc import Iterator

from reports.figures.snapshot import Packed, Snapshot, digest_of, unpack
from reports.publication.models import Report, ReportPaper, ReportSnapshot, SnapshotPiece


def keep_pieces(row: ReportSnapshot, packed: Packed) -> None:
    """In the transaction that adds the row."""
    for number, piece in enumerate(packed.pieces()):
        SnapshotPiece.objects.create(snapshot=row, number=number, content=piece)


def pieces_of(row: ReportSnapshot) -> Iterator[bytes]:
    """In their order. One is asked for at a time: behind a pooler all of them would come at once. ValueError where one
    is missing."""
    for number in range(row.pieces.count()):
        found = row.pieces.filter(number=number).values_list("content", flat=True).first()
        if found is None:
            raise ValueError(f"piece {number} of a snapshot is missing")
        yield bytes(found)


def snapshot_of(row: ReportSnapshot) -> Snapshot:
    """All of it; its rows stay on disk. ValueError for one that an earlier version of Tuntas counted by other rules."""
    return unpack(pieces_of(row))


def is_as_kept(row: ReportSnapshot) -> bool:
    """Whether its pieces have the digest of their row; a piece of it in memory at a time."""
    try:
        return digest_of(pieces_of(row)) == row.digest
    except ValueError:
        return False


def report_of(digest: str) -> Report | None:
    """Which public report a SHA-256 belongs to: of its snapshot, or of one of its PDFs."""
    public = Report.objects.public()
    of_paper = ReportPaper.objects.filter(sha256=digest).values("text__report")
    of_snapshot = ReportSnapshot.objects.filter(digest=digest).values("report")
    found: Report | None = (public.filter(pk__in=of_paper) | public.filter(pk__in=of_snapshot)).first()
    return found
