"""The tables of reports."""

from reports.documents.models import Document, DocumentState, Purpose
from reports.minutes.models import MinutesPaper, PaperState
from reports.opendata.models import PublicEdition
from reports.publication.models import (
    Comparison,
    Remark,
    Report,
    ReportPaper,
    ReportPolicy,
    ReportSnapshot,
    ReportState,
    ReportStep,
    ReportText,
    SentenceEdit,
    SnapshotPiece,
    Subscription,
)
from reports.statistics.models import RollUp, RollUpMonth, RollUpState, RollUpStay

__all__ = [
    "Comparison",
    "Document",
    "DocumentState",
    "MinutesPaper",
    "PaperState",
    "PublicEdition",
    "Purpose",
    "Remark",
    "Report",
    "ReportPaper",
    "ReportPolicy",
    "ReportSnapshot",
    "ReportState",
    "ReportStep",
    "ReportText",
    "RollUp",
    "RollUpMonth",
    "RollUpState",
    "RollUpStay",
    "SentenceEdit",
    "SnapshotPiece",
    "Subscription",
]
