"""The tables of reports."""

from reports.documents.models import Document, DocumentState, Purpose

__all__ = ["Document", "DocumentState", "Purpose"]
