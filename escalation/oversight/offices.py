"""Agencies by the time that cases were with them, the promise counted from when each came there (decision 69)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Agency
from complaints.intervals import apart, wilson
from complaints.models.complaint import Complaints
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

    @property
    def name(self) -> str:
        return self.agency.local_name if self.agency else ""


def by_agency(cases: Complaints, now: datetime) -> dict[int, list[int]]:
    """Of these cases, parts of shared ones too: each is with an agency of its own. Nothing before all were read."""
    if built_at() is None:
        return {}
    return added(counted(KeptStay.objects.filter(complaint__in=cases.order_by().values("pk")), now))


def added(rows: Iterable[tuple[tuple[Any, ...], Sequence[int]]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(COLUMNS))
    for key, counts in rows:
        found[key[0]] = [a + b for a, b in zip(found[key[0]], counts, strict=True)]
    return dict(found)


def lines_of(found: ByAgency) -> tuple[list[OfficeLine], OfficeLine]:
    """Each agency's, and that of all together."""
    agencies = Agency.objects.in_bulk(list(found)) if found else {}
    city = OfficeCounts(*(sum(counts[n] for counts in found.values()) for n in range(len(COLUMNS))))
    lines = []
    for key, counts in found.items():
        own = OfficeCounts(*counts)
        differs = apart(own.interval, city.interval) if own.is_enough and city.is_enough else 0
        lines.append(OfficeLine(agencies[key], own, differs))
    return lines, OfficeLine(None, city)


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
