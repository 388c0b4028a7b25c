"""Agencies side by side: counted in the database by the definitions of the reports (decision 42)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTextTransform

from accounts.actors import Actor
from accounts.models import Agency
from complaints.clock.kept import Kept
from complaints.clock.kept_in_sql import kept
from complaints.intervals import apart, wilson
from complaints.models import Complaint, Event, EventKind
from complaints.models.complaint import Complaints
from complaints.states import ACTIVE, State
from escalation.ladder.models import Decision, Escalation
from escalation.oversight.durations import Key, Middle, middles
from escalation.oversight.offices import Times, times_in
from escalation.oversight.periods import Days

FEW = 5  # below this many judged cases nobody is compared
HOURS_A_DAY = 24
Durations = Mapping[Key, Sequence[float]]


@dataclass(frozen=True)
class Counts:
    """What was counted of one agency, or of the city.

    `standing`: how many are in each of `Kept`, by the first promise; `standing_extended`: with extensions counted as
    kept; `extended`: of how many the promise was extended.
    """

    received: int = 0
    open: int = 0
    overdue: int = 0
    standing: dict[Kept, int] = field(default_factory=dict)
    standing_extended: dict[Kept, int] = field(default_factory=dict)
    answered: int = 0
    disputed: int = 0
    escalated: int = 0
    extended: int = 0
    handed_back: int = 0
    median_hours: float | None = None

    @property
    def met(self) -> int:
        return self.standing.get(Kept.ON_TIME, 0)

    @property
    def late(self) -> int:
        return self.standing.get(Kept.LATE, 0)

    @property
    def not_yet_due(self) -> int:
        return self.standing.get(Kept.NOT_YET_DUE, 0)

    @property
    def judged(self) -> int:
        """With a promise that was kept or is past."""
        return self.met + self.late

    @property
    def met_extended(self) -> int:
        return self.standing_extended.get(Kept.ON_TIME, 0)

    @property
    def judged_extended(self) -> int:
        """Fewer than `judged` where more time was given that is not over yet."""
        return self.met_extended + self.standing_extended.get(Kept.LATE, 0)

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
    """`times`: those that cases were with each agency."""

    lines: list[AgencyLine]
    city: Counts
    times: Times = field(default_factory=Times)


@dataclass(frozen=True)
class Tally:
    """What was counted of cases: each agency's, the middle of how long they took, and that of all of them."""

    counts: dict[Key, Counts]
    middles: dict[Key, Middle]
    city: Middle


def compare(actor: Actor, days: Days, now: datetime) -> Comparison:
    """Over the cases received in these days; parts of shared cases count with the whole, but for the times with
    agencies. Eleven queries."""
    found = compared(tally(received(actor, days), now))
    return replace(found, times=times_in(with_parts(actor, days), now))


def received(actor: Actor, days: Days) -> Complaints:
    return with_parts(actor, days).filter(parent__isnull=True)


def with_parts(actor: Actor, days: Days) -> Complaints:
    start, end = days.bounds
    return Complaint.objects.visible_to(actor).filter(received_at__gte=start, received_at__lt=end)


def tally(cases: Complaints, now: datetime, *, beside: int = 0) -> Tally:
    """`beside`: how many durations on either side of the middle are told as well."""
    city = middles(cases, by_agency=False, beside=beside).get(None, Middle())
    return Tally(counted(cases, now), middles(cases, beside=beside), city)


def compared(
    tally: Tally, more: Mapping[Key, Counts] | None = None, hours: Durations | None = None
) -> Comparison:
    """The lines of a tally; `more` cases and how long they took are added to it."""
    more, hours = more or {}, hours or {}
    found = {
        key: replace(
            _add(each[key] for each in (tally.counts, more) if key in each),
            median_hours=tally.middles.get(key, Middle()).median(hours.get(key, ())),
        )
        for key in tally.counts | dict(more)
    }
    city = replace(
        _add(found.values()), median_hours=tally.city.median(list(chain.from_iterable(hours.values())))
    )
    agencies = Agency.objects.in_bulk([key for key in found if key is not None])
    lines = [
        AgencyLine(agencies.get(key) if key else None, counts, _differs(counts, city))
        for key, counts in found.items()
    ]
    return Comparison(lines, city)


def counted(cases: Complaints, now: datetime) -> dict[Key, Counts]:
    """By agency, all but how long they took."""
    found = dict(_standing(cases, now))
    for extra in (_raised(cases), _handed_back(cases)):
        for key, values in extra.items():
            found[key] = replace(found.get(key, Counts()), **values)
    return found


def _standing(cases: Complaints, now: datetime) -> dict[Key, Counts]:
    active = Q(state__in=sorted(ACTIVE))
    rows = (
        cases.order_by()
        .annotate(kept=kept(now), kept_extended=kept(now, extended=True))
        .values("agency_id", "kept", "kept_extended")
        .annotate(
            received=Count("pk"),
            open=Count("pk", filter=active),
            overdue=Count("pk", filter=active & Q(due_at__lt=now)),
            answered=Count(
                "pk", filter=Q(state__in=[State.RESOLVED, State.CLOSED]) | Q(disputed_at__isnull=False)
            ),
            disputed=Count("pk", filter=Q(disputed_at__isnull=False)),
        )
    )
    found: dict[Key, Counts] = defaultdict(Counts)
    for row in rows:
        agency, first, extended = row.pop("agency_id"), Kept(row.pop("kept")), Kept(row.pop("kept_extended"))
        count = row["received"]
        part = Counts(standing={first: count}, standing_extended={extended: count}, **row)
        found[agency] = _add([found[agency], part])
    return found


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


ADDED = (
    "received",
    "open",
    "overdue",
    "answered",
    "disputed",
    "escalated",
    "extended",
    "handed_back",
)


def _add(all_counts: Iterable[Counts]) -> Counts:
    rows = list(all_counts)
    first, extended = Counter[Kept](), Counter[Kept]()
    for row in rows:
        first.update(row.standing)
        extended.update(row.standing_extended)
    sums = {name: sum(getattr(row, name) for row in rows) for name in ADDED}
    return Counts(standing=dict(first), standing_extended=dict(extended), **sums)


def _differs(counts: Counts, city: Counts) -> int:
    """Whether the two intervals lie apart; an overlap, or few cases, says nothing."""
    if not counts.is_enough or not city.is_enough:
        return 0
    return apart(counts.interval, city.interval)


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
