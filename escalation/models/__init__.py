"""The tables above the case: the ladder, and what supervisors and agencies owe each other."""

from escalation.models.audit import (
    Answer,
    AuditChecklist,
    AuditItem,
    AuditQuestion,
    AuditReview,
    AuditSample,
    Severity,
)
from escalation.models.ladder import (
    Decision,
    Escalation,
    EscalationRule,
    EscalationState,
    Level,
    Trigger,
    levels_of,
)

__all__ = [
    "Answer",
    "AuditChecklist",
    "AuditItem",
    "AuditQuestion",
    "AuditReview",
    "AuditSample",
    "Decision",
    "Escalation",
    "EscalationRule",
    "EscalationState",
    "Level",
    "Severity",
    "Trigger",
    "levels_of",
]
