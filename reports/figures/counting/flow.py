"""What was there when the period began, what came and went, and what was left when it ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from complaints.states import ACTIVE
from reports.figures.counting.cases import Figures

if TYPE_CHECKING:
    import pandas as pd


def flow(cases: pd.DataFrame, carried: pd.DataFrame, end: datetime) -> Figures:
    """At the start + received = ended + at the end. A case that was answered and went into another round is open."""
    ended = sum(_ended_before(rows, end) for rows in (cases, carried))
    return {
        "open_at_start": len(carried),
        "ended_in_period": ended,
        "open_at_end": len(carried) + len(cases) - ended,
    }


def _ended_before(rows: pd.DataFrame, end: datetime) -> int:
    """Where another system did not tell when it ended, it counts as ended."""
    over = ~rows["state"].isin(sorted(ACTIVE))
    return int((over & (rows["ended_at"].isna() | (rows["ended_at"] < end))).sum())
