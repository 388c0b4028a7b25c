"""All tables of the room, for reports/models.py."""

from reports.publication.models.frozen import ReportPaper, ReportSnapshot, ReportText, SnapshotPiece
from reports.publication.models.report import Report, ReportPolicy, ReportState, ReportStep
from reports.publication.models.words import Comparison, Remark, SentenceEdit, Subscription

__all__ = [
    "Comparison",
    "Remark",
    "Report",
    "ReportPaper",
    "ReportPolicy",
    "ReportSnapshot",
    "ReportState",
    "ReportStep",
    "ReportText",
    "SentenceEdit",
    "SnapshotPiece",
    "Subscription",
]
