"""Agencies side by side: counted in the database by the definitions of the reports (decision 16)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import RowNumber

from accounts.actors import Actor
from accounts.models import Agency
from complaints.models import Complaint, Event, EventKind
from complaints.models.complaint import Complaints
from complaints.states import ACTIVE, State
from escalation.intervals import wilson
from escalation.ladder.models import Decision, Escalation
from escalation.oversight.durations import HoursToEnd
from escalation.oversight.periods import Days
from escalation.oversight.search import target_standing

FEW = 5  # below this many judged cases no share is shown and nobody is compared
HOURS_A_DAY = 24
Key = int | None


@dataclass(frozen=True)
class Counts:
    """What was counted of one agency, or of the city. `judged`: with a target that is kept or past."""

    received: int = 0
    open: int = 0
    overdue: int = 0
    met: int = 0
    judged: int = 0
    answered: int = 0
    disputed: int = 0
    escalated: int = 0
    extended: int = 0
    handed_back: int = 0
    median_hours: float | None = None

    @property
    def is_enough(self) -> bool:
        return self.judged >= FEW

    @property
    def share(self) -> float:
        """In time, 0 to 1; 0 of nothing."""
        return self.met / self.judged if self.judged else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.met, self.judged)

    @property
    def median_days(self) -> float | None:
        return None if self.median_hours is None else self.median_hours / HOURS_A_DAY


@dataclass(frozen=True)
class AgencyLine:
    """`agency` None: not assigned. `differs`: -1 surely below the city, 1 surely above, 0 cannot be said."""

    agency: Agency | None
    counts: Counts
    differs: int = 0

    @property
    def name(self) -> str:
        return self.agency.local_name if self.agency else ""


@dataclass(frozen=True)
class Comparison:
    lines: list[AgencyLine]
    city: Counts


def compare(actor: Actor, days: Days, now: datetime) -> Comparison:
    """Over the cases received in these days; parts of shared cases count with the whole. Six queries."""
    start, end = days.bounds
    cases = Complaint.objects.visible_to(actor).filter(
        received_at__gte=start, received_at__lt=end, parent__isnull=True
    )
    found = _counted(cases, now)
    for extra in (_medians(cases), _raised(cases), _handed_back(cases)):
        for key, values in extra.items():
            found[key] = found.get(key, Counts())
            found[key] = replace(found[key], **values)
    city = _total(found.values(), _medians(cases, by_agency=False).get(None, {}))
    agencies = Agency.objects.in_bulk([key for key in found if key is not None])
    lines = [
        AgencyLine(agencies.get(key) if key else None, counts, _differs(counts, city))
        for key, counts in found.items()
    ]
    return Comparison(lines, city)


def _counted(cases: Complaints, now: datetime) -> dict[Key, Counts]:
    active, stands = Q(state__in=sorted(ACTIVE)), target_standing(now)
    rows = (
        cases.order_by()
        .values("agency_id")
        .annotate(
            received=Count("pk"),
            open=Count("pk", filter=active),
            overdue=Count("pk", filter=active & Q(due_at__lt=now)),
            met=Count("pk", filter=stands["met"]),
            judged=Count("pk", filter=Q(target_at__isnull=False) & ~stands["ahead"]),
            answered=Count(
                "pk", filter=Q(state__in=[State.RESOLVED, State.CLOSED]) | Q(disputed_at__isnull=False)
            ),
            disputed=Count("pk", filter=Q(disputed_at__isnull=False)),
        )
    )
    return {row.pop("agency_id"): Counts(**row) for row in rows}


def _medians(cases: Complaints, *, by_agency: bool = True) -> dict[Key, dict[str, Any]]:
    """The median of the hours to the end: the middle rows, one or two of each agency, on either database."""
    group = [F("agency_id")] if by_agency else None
    ended = cases.exclude(state__in=sorted(ACTIVE)).filter(ended_at__isnull=False)
    middle = ended.annotate(
        hours=HoursToEnd(),
        place=Window(RowNumber(), partition_by=group, order_by=F("hours").asc()),
        total=Window(Count("*"), partition_by=group),
    ).filter(place__gte=(F("total") + 1) / 2, place__lte=(F("total") + 2) / 2)
    hours: dict[Key, list[float]] = {}
    for agency_id, value in middle.order_by().values_list("agency_id", "hours"):
        hours.setdefault(agency_id if by_agency else None, []).append(value)
    return {key: {"median_hours": sum(values) / len(values)} for key, values in hours.items()}


def _raised(cases: Complaints) -> dict[Key, dict[str, Any]]:
    """How many cases were escalated at any time, and of how many the promise was extended."""
    rows = (
        Escalation.objects.counted()
        .filter(complaint__in=cases)
        .order_by()
        .values("complaint__agency_id")
        .annotate(
            escalated=Count("complaint", distinct=True),
            extended=Count("complaint", distinct=True, filter=Q(decision=Decision.EXTEND)),
        )
    )
    return {row.pop("complaint__agency_id"): row for row in rows}


def _handed_back(cases: Complaints) -> dict[Key, dict[str, Any]]:
    """How many cases each agency gave back, wherever they are now."""
    # The count on the case is asked first: the history is read of few cases only.
    events = Event.objects.filter(kind=EventKind.HANDED_BACK, complaint__in=cases.filter(hand_backs__gt=0))
    by_code = events.order_by().annotate(code=KeyTextTransform("agency", "data")).values("code")
    counts = dict(by_code.annotate(count=Count("complaint", distinct=True)).values_list("code", "count"))
    keys = Agency.objects.filter(code__in=counts).values_list("pk", "code") if counts else ()
    return {pk: {"handed_back": counts[code]} for pk, code in keys}


def _total(all_counts: Iterable[Counts], median: dict[str, Any]) -> Counts:
    added = ("received", "open", "overdue", "met", "judged", "answered", "disputed", "escalated", "extended")
    rows = list(all_counts)
    sums = {name: sum(getattr(row, name) for row in rows) for name in (*added, "handed_back")}
    return Counts(**sums, **median)


def _differs(counts: Counts, city: Counts) -> int:
    """Whether the two intervals lie apart; an overlap, or few cases, says nothing."""
    if not counts.is_enough or not city.is_enough:
        return 0
    (low, high), (city_low, city_high) = counts.interval, city.interval
    if high < city_low:
        return -1
    return int(low > city_high)


def _surely_late(line: AgencyLine) -> tuple[Any, ...]:
    """By what the share is at most: few cases reach far up, so a small office is not put first."""
    return (not line.counts.is_enough, line.counts.interval[1], -line.counts.judged)


def _surely_in_time(line: AgencyLine) -> tuple[Any, ...]:
    """By what the share is at least."""
    return (not line.counts.is_enough, -line.counts.interval[0], -line.counts.judged)


SORTS: dict[str, Callable[[AgencyLine], tuple[Any, ...]]] = {
    "late": _surely_late,
    "in_time": _surely_in_time,
    "received": lambda line: (-line.counts.received,),
    "overdue": lambda line: (-line.counts.overdue,),
    "name": lambda line: (),
}


def sort_lines(lines: list[AgencyLine], by: str) -> list[AgencyLine]:
    """In one of the orders of SORTS, then by name; what is not assigned stands last."""
    key = SORTS[by]
    return sorted(lines, key=lambda line: (line.agency is None, *key(line), line.name))
