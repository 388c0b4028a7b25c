"""What the administrator sets here: the rules of ladder and proposals. Django looks for this module by its name."""

from escalation.ladder.admin import EscalationRuleAdmin
from escalation.promises.admin import ProposalRuleAdmin

__all__ = ["EscalationRuleAdmin", "ProposalRuleAdmin"]
