"""Counts by band: how old what is open is, how long what ended took."""

from __future__ import annotations

from datetime import datetime
from math import inf
from typing import TYPE_CHECKING, Any

from reports.figures.counting.cases import Figures
from reports.figures.counting.sums import stretches

if TYPE_CHECKING:
    import pandas as pd

    from reports.figures.counting.gathered import Cases

# Bands by their lower bound; the last is open upwards.
AGE_DAYS = (0, 8, 15, 31, 61, 181, 366)
DURATION_HOURS = (0, 24, 72, 168, 336, 720, 1440, 4320)


def ages(cases: pd.DataFrame, built_at: datetime) -> pd.Series[Any]:
    """The band of each open case, by whole days since receipt; none for what has ended."""
    days = (built_at - cases["received_at"]).dt.days
    return stretches(days.where(~cases["is_ended"]), [*AGE_DAYS, inf])


def durations(cases: pd.DataFrame) -> pd.Series[Any]:
    """The band of each case that is known to have ended."""
    return stretches(cases["hours"], [*DURATION_HOURS, inf])


def open_by_age(cases: Cases) -> list[Figures]:
    """Open cases by whole days since receipt, and how many of each band are late: some by an answer before."""
    late = cases.by("age")
    return [
        band | {"late": late[n]["late"] if n in late else 0} for n, band in _counts(late, AGE_DAYS, "days")
    ]


def hours_bands(cases: Cases) -> list[Figures]:
    return [band for _n, band in _counts(cases.by("took"), DURATION_HOURS, "hours")]


def _counts(found: dict[Any, Any], bounds: tuple[int, ...], unit: str) -> list[tuple[int, Figures]]:
    return [
        (n, {f"from_{unit}": low, f"below_{unit}": high, "count": found[n]["received"] if n in found else 0})
        for n, (low, high) in enumerate(zip(bounds, [*bounds[1:], None], strict=True))
    ]
