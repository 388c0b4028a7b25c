"""What figures are counted from: the tables of one period, with each case judged once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from complaints.clock.city_time import day_of
from reports.figures.judging import judged
from reports.figures.marks import marked
from reports.figures.periods import Period
from reports.figures.tables import Tables

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Sheet:
    tables: Tables
    period: Period
    built_at: datetime
    tz: Any

    @cached_property
    def cases(self) -> pd.DataFrame:
        """With what judging adds, whether it was raised or corrected, where it belongs, and all marks."""
        cases = judged(self.tables.cases, self.tables.clocks, self.built_at)
        cases = cases.assign(
            is_escalated=cases["case"].isin(self.tables["escalations"]["case"]),
            is_corrected=cases["case"].isin(self.tables["corrections"]["case"]),
            office=_looked_up(cases["agency"], self.tables["agencies"], "agency", "office"),
            district=_looked_up(cases["area"], self.tables["areas"], "area", "district"),
        )
        return marked(cases)

    @cached_property
    def bounds(self) -> tuple[datetime, datetime]:
        """The moments of the period, as far as it had come when this was built."""
        start, end = self.period.bounds(self.tz)
        return start, min(end, self.built_at)

    @cached_property
    def days(self) -> tuple[str, str]:
        """First and last day, as they are spelled in the tables."""
        return self.period.first.isoformat(), self.period.last.isoformat()

    @cached_property
    def built_on(self) -> str:
        return day_of(self.built_at).isoformat()

    @property
    def clocks(self) -> pd.DataFrame:
        return self.tables.clocks


def _looked_up(codes: Any, table: pd.DataFrame, key: str, value: str) -> Any:
    """What a table says of each code; a code that it does not know stays as it is."""
    known = dict(zip(table[key], table[value], strict=True))
    return codes.map(lambda code: known.get(code, code)).astype("object")
