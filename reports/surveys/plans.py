"""What was promised after a round, and what became of what was promised after the one before."""

from __future__ import annotations

from datetime import date
from typing import Any

from surveys.rounds.models import Round


def plans_of(row: Round, today: date) -> dict[str, list[dict[str, Any]]]:
    """{"now": promises that rest on an element of this round, "before": on one of the round before}, each with
    number, element, title, owner, due_on, state, ended_on."""
    return {"now": [], "before": []}
