"""The tables of reports."""

from reports.documents.models import Document, DocumentState, Purpose
from reports.minutes.models import MinutesPaper, PaperState
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
    Subscription,
)

__all__ = [
    "Comparison",
    "Document",
    "DocumentState",
    "MinutesPaper",
    "PaperState",
    "Purpose",
    "Remark",
    "Report",
    "ReportPaper",
    "ReportPolicy",
    "ReportSnapshot",
    "ReportState",
    "ReportStep",
    "ReportText",
    "SentenceEdit",
    "Subscription",
]
