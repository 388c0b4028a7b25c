"""What the administrator sets here: the ladder's rules. Django looks for this module by its name."""

from escalation.ladder.admin import EscalationRuleAdmin

__all__ = ["EscalationRuleAdmin"]
