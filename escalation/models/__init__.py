"""The tables above the case: the ladder, and what supervisors and agencies owe each other."""

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
    "Decision",
    "Escalation",
    "EscalationRule",
    "EscalationState",
    "Level",
    "Trigger",
    "levels_of",
]
