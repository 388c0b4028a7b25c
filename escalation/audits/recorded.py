"""What of audits the ledger records (complaints/history/rows.py): checklists as settings; samples, what was drawn and
final reviews as rows that its own entries tell."""

from django.db.models import Q

from complaints.history.rows import Table
from escalation.audits.models import AuditChecklist, AuditItem, AuditQuestion, AuditReview, AuditSample

SETTINGS = (
    Table.of_settings("audit_checklist", AuditChecklist),
    Table.of_settings("audit_question", AuditQuestion),
)
# How many there are, which cases, and what the first of two reviewers found, is not everybody's business.
OWN_ROWS = (
    Table.of_entries(
        "audit_sample",
        AuditSample,
        plain=["frame_digest", "seed"],
        digested=["frame_size", "size", "twice"],
        salt="salt",
    ),
    Table.of_entries(
        "audit_item", AuditItem, digested=["complaint_id", "agreed_event_id"], salt="sample__salt"
    ),
    Table.of_entries(
        "audit_review",
        AuditReview,
        digested=["severity", "event_id"],
        salt="item__sample__salt",
        only=Q(final_at__isnull=False),
    ),
)
