"""The tables of reports."""

from reports.documents.models import Document, DocumentState, Purpose
from reports.minutes.models import MinutesPaper, PaperState

__all__ = ["Document", "DocumentState", "MinutesPaper", "PaperState", "Purpose"]
