"""What of audits the ledger records as settings (complaints/history/rows.py): the checklists."""

from complaints.history.rows import Table
from escalation.audits.models import AuditChecklist, AuditQuestion

SETTINGS = (
    Table.of_settings("audit_checklist", AuditChecklist),
    Table.of_settings("audit_question", AuditQuestion),
)
