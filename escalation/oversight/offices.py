"""Agencies by the time that cases were with them, the promise counted from when each came there (decision 69)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Agency
from complaints.intervals import apart, wilson
from complaints.models.complaint import Complaints
from escalation.oversight.durations import Key, Middle, middles_of_times
from escalation.stays.counting import COLUMNS, counted
from escalation.stays.keeping import built_at
from escalation.stays.models import KeptStay

FEW = 5  # below this many judged times nobody is compared
ByAgency = Mapping[int, Sequence[int]]  # counts in the order of COLUMNS, by the agency's key


@dataclass(frozen=True)
class OfficeCounts:
    """As COLUMNS."""

    stays: int
    in_time: int
    late: int
    open_in_time: int
    handed_on: int
    referred: int
    otherwise: int
    standing_still: int
    unknown: int
    in_time_extended: int
    late_extended: int

    @property
    def met(self) -> int:
        return self.in_time

    @property
    def judged(self) -> int:
        return self.in_time + self.late

    @property
    def judged_extended(self) -> int:
        return self.in_time_extended + self.late_extended

    @property
    def met_extended(self) -> int:
        return self.in_time_extended

    @property
    def is_enough(self) -> bool:
        return self.judged >= FEW

    @property
    def share(self) -> float:
        """In time, 0 to 1; 0 of nothing."""
        return self.in_time / self.judged if self.judged else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.in_time, self.judged)


@dataclass(frozen=True)
class OfficeLine:
    """`agency` None: all of them together. `differs`: -1 surely below all, 1 surely above, 0 cannot be said."""

    agency: Agency | None
    counts: OfficeCounts
    differs: int = 0
    hours: float | None = None  # the middle of those that are over

    @property
    def name(self) -> str:
        return self.agency.local_name if self.agency else ""


@dataclass(frozen=True)
class Times:
    """Of times with agencies: how many by how they stand, and how long the middle one took, in hours without those in
    which the citizen was asked (None: of all together)."""

    counts: ByAgency = field(default_factory=dict)
    hours: Mapping[Key, float] = field(default_factory=dict)


def times_in(cases: Complaints, now: datetime) -> Times:
    """Of these cases, parts of shared ones too: each is with an agency of its own. Nothing before all were read. Four
    queries."""
    if not (counts := counts_in(cases, now)):
        return Times()
    return Times(counts, medians(middles_of_times(stays_of(cases))))


def medians(
    middles: Mapping[Key, Middle], more: Mapping[Key, Sequence[float]] | None = None
) -> dict[Key, float]:
    """With `more` times beside them, where there are any at all."""
    more = more or {}
    found = {
        key: middles.get(key, Middle()).median(more.get(key, ())) for key in middles.keys() | more.keys()
    }
    return {key: hours for key, hours in found.items() if hours is not None}


def counts_in(cases: Complaints, now: datetime) -> dict[int, list[int]]:
    return {} if built_at() is None else added(counted(stays_of(cases), now))


def stays_of(cases: Complaints) -> QuerySet[KeptStay]:
    return KeptStay.objects.filter(complaint__in=cases.order_by().values("pk"))


def added(rows: Iterable[tuple[tuple[Any, ...], Sequence[int]]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(COLUMNS))
    for key, counts in rows:
        found[key[0]] = [a + b for a, b in zip(found[key[0]], counts, strict=True)]
    return dict(found)


def lines_of(found: Times) -> tuple[list[OfficeLine], OfficeLine]:
    """Each agency's, and that of all together."""
    agencies = Agency.objects.in_bulk(list(found.counts)) if found.counts else {}
    city = OfficeCounts(*(sum(counts[n] for counts in found.counts.values()) for n in range(len(COLUMNS))))
    lines = []
    for key, counts in found.counts.items():
        own = OfficeCounts(*counts)
        differs = apart(own.interval, city.interval) if own.is_enough and city.is_enough else 0
        lines.append(OfficeLine(agencies[key], own, differs, found.hours.get(key)))
    return lines, OfficeLine(None, city, hours=found.hours.get(None))


def _by_name(counts: OfficeCounts) -> tuple[Any, ...]:
    return ()


SORTS: dict[str, Callable[[OfficeCounts], tuple[Any, ...]]] = {
    "late": lambda counts: (not counts.is_enough, counts.interval[1], -counts.judged),
    "in_time": lambda counts: (not counts.is_enough, -counts.interval[0], -counts.judged),
    "received": lambda counts: (-counts.stays,),
}


def sort_offices(lines: list[OfficeLine], by: str) -> list[OfficeLine]:
    """In the order of the other table, where this one has it; else, and then, by name."""
    key = SORTS.get(by, _by_name)
    return sorted(lines, key=lambda line: (*key(line.counts), line.name))
