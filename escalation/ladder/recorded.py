"""What events record of the rows of the ladder (complaints/history/rows.py)."""

from complaints.history.rows import Table
from escalation.ladder.models import Escalation, EscalationRule

ESCALATION = Table("escalation", Escalation, key=("level", "trigger", "cause"))
RULE = Table.of_settings("escalation_rule", EscalationRule)
# What each step writes.
LIFTING = ("state", "lifted_at", "lifted_because")
ACKNOWLEDGING = ("state", "due_at", "acknowledged_at", "acknowledged_by_id")
DECIDING = ("state", "due_at", "decided_at", "decided_by_id", "decision")
POSTPONING = ("due_at",)
REMINDING = ("reminded_at",)
