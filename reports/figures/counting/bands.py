"""Counts by band: how old what is open is, how long what ended took."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import Kept
from reports.figures.counting.cases import Figures

if TYPE_CHECKING:
    import pandas as pd

# Bands by their lower bound; the last is open upwards.
AGE_DAYS = (0, 8, 15, 31, 61, 181, 366)
DURATION_HOURS = (0, 24, 72, 168, 336, 720, 1440, 4320)


def open_by_age(cases: pd.DataFrame, built_at: datetime) -> list[Figures]:
    """Open cases by whole days since receipt, and how many of each band are past their promise."""
    waiting = cases[~cases["is_ended"]]
    days = (built_at - waiting["received_at"]).dt.days
    late = waiting["kept"] == Kept.LATE.value
    return [band | {"late": int(late[inside].sum())} for band, inside in _bands(days, AGE_DAYS, "days")]


def hours_bands(cases: pd.DataFrame) -> list[Figures]:
    return [band for band, _inside in _bands(cases["hours"].dropna(), DURATION_HOURS, "hours")]


def _bands(values: Any, bounds: tuple[int, ...], unit: str) -> list[tuple[Figures, Any]]:
    bands = []
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        inside = values >= low if high is None else (values >= low) & (values < high)
        bands.append(({f"from_{unit}": low, f"below_{unit}": high, "count": int(inside.sum())}, inside))
    return bands
