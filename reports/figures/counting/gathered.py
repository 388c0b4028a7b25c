"""What is gathered of the cases of a period, of which some come at a time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from reports.figures.counting.cases import HOURS, Figures, number
from reports.figures.counting.sums import Alike, Group, Medians, Numbers, Sums, places_by, spread
from reports.figures.marks import LEFT_OUT, MARKS, column_of

if TYPE_CHECKING:
    import pandas as pd

ADDED = ("pauses", "hand_backs", "rating")
NAMES = (*MARKS, *LEFT_OUT, *ADDED)
# By what cases are grouped; those by TIMED know the middle of their times.
TIMED = (
    *("agency", "office", "service", "category", "area", "district", "channel", "kind", "state"),
    *("step", "handler"),
)
COUNTED = ("age", "took", "how", "end_reason")


class Cases:
    """`sums`: of the whole, each mark and what else is added up, by its code."""

    def __init__(self) -> None:
        self.sums: Sums = dict.fromkeys(NAMES, 0)
        self._groups = {column: Group(NAMES) for column in (*TIMED, *COUNTED)}
        self._hours = {name: Numbers("float64") for name in HOURS.values()}
        self._known = {name: Numbers("float64") for name in HOURS.values()}
        self._times: dict[str, Figures] = {}
        self._called = Numbers("S16")  # of those with a time: enough of a name to tell it from all others

    def add(self, cases: pd.DataFrame) -> None:
        """Marked ones, with a column for each by which they are grouped."""
        numbers = [cases[column_of(code)] for code in (*MARKS, *LEFT_OUT)]
        alike = Alike.of(numbers + [cases[name].fillna(0) for name in ADDED])
        for name, added in zip(NAMES, alike.sums(0, 1)[0].tolist(), strict=True):
            self.sums[name] += added
        for column, group in self._groups.items():
            group.add(cases[column], alike)
        for name, kept in self._hours.items():
            kept.add(cases[name])
        known = cases[cases["hours"].notna()]
        for name, kept in self._known.items():
            kept.add(known[name])
        self._called.add(known["case"].tolist())

    def by(self, column: str) -> dict[Any, Sums]:
        return dict(self._groups[column].sums())

    def medians(self, column: str) -> dict[Any, Medians]:
        return self._groups[column].medians(self._hours)

    def times(self, kind: str) -> Figures:
        """The median, the 90th percentile and the mean of the hours of this kind that are known (HOURS). Asked for once
        all rows are there; on their order in the snapshot the last digit of a mean depends."""
        if kind not in self._times:
            values = spread(self._known[HOURS[kind]], self._order)
            names = (f"{kind}_median", f"{kind}_p90", f"{kind}_mean")
            self._times[kind] = {name: number(value) for name, value in zip(names, values, strict=True)}
        return self._times[kind]

    @cached_property
    def _order(self) -> Any:
        return places_by(self._called)
