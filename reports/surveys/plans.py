"""What was promised after a round, and what became of what was promised after the one before."""

from __future__ import annotations

from datetime import date
from typing import Any

from escalation.promises.models.commitment import CommitmentSource, CommitmentState, SourceKind
from surveys.rounds.models import Round, RoundState


def plans_of(row: Round, today: date) -> dict[str, list[dict[str, Any]]]:
    """{"now": promises that rest on an element of this round, "before": on one of the round before}, each with
    number, element, title, owner, due_on and standing. What a promise says is public anyway."""
    earlier = Round.objects.filter(
        agency=row.agency,
        service=row.service,
        version__survey_id=row.version.survey_id,
        state=RoundState.CLOSED,
        closes_on__lt=row.opens_on,
    )
    before = earlier.order_by("-closes_on", "-pk").first()
    return {"now": _resting_on(row, today), "before": _resting_on(before, today) if before else []}


def _resting_on(row: Round, today: date) -> list[dict[str, Any]]:
    sources = CommitmentSource.objects.filter(kind=SourceKind.SURVEY_ELEMENT, survey_round=row)
    return [
        {
            "number": each.commitment.number,
            "element": each.element,
            "title": each.commitment.title,
            "owner": each.commitment.agency.name,
            "due_on": each.commitment.due_on.isoformat(),
            "standing": "overdue"
            if each.commitment.state == CommitmentState.OPEN and each.commitment.due_on < today
            else str(each.commitment.state),
        }
        for each in sources.select_related("commitment__agency").order_by("commitment_id", "pk")
    ]
