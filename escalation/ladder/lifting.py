"""Ends escalations that are no longer anybody's to decide, each with its reason and an event."""

from datetime import datetime
from typing import Any

from complaints.history.events import draft_row
from complaints.models import Complaint
from complaints.states import State
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Escalation, EscalationState, Lifted
from escalation.ladder.recorded import ESCALATION, LIFTING


def lift(
    escalation: Escalation, case: Complaint, because: Lifted, now: datetime, data: dict[str, Any]
) -> Any:
    """Ends an open escalation; returns the event, which `give_hashes` and the store take next, with both."""
    escalation.state, escalation.lifted_at, escalation.lifted_because = EscalationState.LIFTED, now, because
    named = {"level": escalation.level, "trigger": escalation.trigger, "cause": escalation.cause}
    data = named | {"because": str(because)} | data
    data["rows"] = {"escalation": [ESCALATION.named(escalation, LIFTING)]}
    return draft_row(case, LadderEvent.ESCALATION_LIFTED, at=now, data=data)


def lift_answered(escalation: Escalation, case: Complaint, state: State, now: datetime) -> Any:
    """`lift`, because its case came into this state."""
    because = Lifted.MERGED if state == State.MERGED else Lifted.ANSWERED
    return lift(escalation, case, because, now, {"state": str(state)})
