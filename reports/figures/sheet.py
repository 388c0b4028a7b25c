"""What figures are counted from: the cases of one period, each judged once, of which some come at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from complaints.clock.city_time import day_of
from reports.figures.counting.bands import ages, durations
from reports.figures.counting.flow import moved
from reports.figures.counting.gathered import Cases
from reports.figures.counting.places import with_handlers
from reports.figures.counting.stages import CORRECTED, ESCALATED, rows_alike, sign_counts, stage_counts
from reports.figures.counting.stays import Stays
from reports.figures.counting.sums import stretches
from reports.figures.judging import judged
from reports.figures.marks import marked
from reports.figures.periods import Period, steps
from reports.figures.tables import Tables

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Judged:
    """Some cases of a period with all that is theirs; `tables`: the rows of these cases, and the small tables."""

    tables: Tables
    built_at: datetime

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


class Sheet:
    """What is gathered of one period; a figure is counted from it once all rows were added. `tables`: the small ones,
    which are there as a whole (WHOLE)."""

    def __init__(self, tables: Tables, period: Period, built_at: datetime, tz: Any) -> None:
        self.tables, self.period, self.built_at = tables, period, built_at
        start, end = period.bounds(tz)
        self.bounds = start, min(end, built_at)  # as far as it had come when this was built
        self._steps = [step.bounds(tz)[0] for step in steps(period)]
        self._end = end
        self.cases, self.stays = Cases(), Stays(built_at)
        self.flow: Counter[str] = Counter()
        self.stages: Counter[Any] = Counter()
        self.escalations: Counter[Any] = Counter()
        self.corrections: Counter[Any] = Counter()
        self.signals: Counter[Any] = Counter()

    def add(self, tables: Tables) -> None:
        """Rows of some cases, with all that is of these cases."""
        cases = self._grouped(Judged(tables, self.built_at).cases, tables)
        self.cases.add(cases)
        self.stays.add(tables["stays"])
        self.flow.update(moved(tables.cases, tables["carried"], self.bounds[1]))
        self.stages.update(stage_counts(tables.clocks, self.built_at))
        self.escalations.update(rows_alike(tables["escalations"], ESCALATED))
        self.corrections.update(rows_alike(tables["corrections"], CORRECTED))
        self.signals.update(sign_counts(tables["signals"]))

    def _grouped(self, cases: pd.DataFrame, tables: Tables) -> pd.DataFrame:
        return cases.assign(
            step=stretches(cases["received_at"], [*self._steps, self._end]),
            age=ages(cases, self.built_at),
            took=durations(cases),
            handler=with_handlers(cases, tables["handlers"]),
            how=cases["how"].where(cases["is_ended"], None),
            end_reason=cases["end_reason"].where(cases["state"] == "rejected", None),
        )

    @cached_property
    def days(self) -> tuple[str, str]:
        """First and last day, as they are spelled in the tables."""
        return self.period.first.isoformat(), self.period.last.isoformat()

    @cached_property
    def built_on(self) -> str:
        return day_of(self.built_at).isoformat()


def _looked_up(codes: Any, table: pd.DataFrame, key: str, value: str) -> Any:
    """What a table says of each code; a code that it does not know stays as it is."""
    known = dict(zip(table[key], table[value], strict=True))
    return codes.map(lambda code: known.get(code, code)).astype("object")
