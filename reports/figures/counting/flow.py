"""What was there when the period began, what came and went, and what was left when it ended."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from complaints.states import ACTIVE
from reports.figures.counting.cases import Figures

if TYPE_CHECKING:
    import pandas as pd


def moved(cases: pd.DataFrame, carried: pd.DataFrame, end: datetime) -> Counter[str]:
    ended = sum(_ended_before(rows, end) for rows in (cases, carried))
    return Counter(carried=len(carried), came=len(cases), ended=ended)


def flow(counts: Counter[str]) -> Figures:
    """At the start + received = ended + at the end. A case that was answered and went into another round is open."""
    return {
        "open_at_start": counts["carried"],
        "ended_in_period": counts["ended"],
        "open_at_end": counts["carried"] + counts["came"] - counts["ended"],
    }


def _ended_before(rows: pd.DataFrame, end: datetime) -> int:
    """Where another system did not tell when it ended, it counts as ended."""
    over = ~rows["state"].isin(sorted(ACTIVE))
    return int((over & (rows["ended_at"].isna() | (rows["ended_at"] < end))).sum())
