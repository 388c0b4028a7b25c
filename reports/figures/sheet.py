"""What figures are counted from: the tables of one period, with each case judged once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reports.figures.judging import judged
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
        return judged(self.tables.cases, self.tables.clocks, self.built_at)

    @property
    def clocks(self) -> pd.DataFrame:
        return self.tables.clocks
