"""The times that cases were with agencies, each with the promise counted from when it came there (decision 69)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from complaints.clock.arithmetic import Pause as Standstill
from complaints.clock.arithmetic import due_at
from complaints.clock.calendars import build
from complaints.clock.deadlines import standstills
from complaints.database.one_of import OneOf
from complaints.history.steps import steps_of
from complaints.history.turns import How, Stay, stays_of
from complaints.models import Clock, Complaint, OfficeCalendar, Pause
from complaints.models.policy import Stage
from complaints.states import ACTIVE

CHUNK = 2000
FIELDS = ("pk", "state", "ended_at", "agency__code", "is_live")  # of a case, for `only`
CLOCK_FIELDS = (
    "complaint_id",
    "calendar_id",
    "stage",
    "amount",
    "unit",
    "extended_by",
    "started_at",
    "promised_at",
    "stopped_at",
)


@dataclass(frozen=True, slots=True)
class OwnTime:
    """A time with an agency. `first_due`: by when it had to answer first or to hand it on, None where no such time ran.
    `promised` and `due` (with what decisions added) count from `began`; None while the citizen is asked, or unknown.
    `paused`: whole seconds within it in which the citizen was asked."""

    case: int
    stay: Stay
    first_due: datetime | None = None
    promised: datetime | None = None
    due: datetime | None = None
    paused: int = 0


def own_times(cases: Sequence[Complaint]) -> Iterator[OwnTime]:
    """Of each case in turn, the times in their order; four queries for each two thousand."""
    for first in range(0, len(cases), CHUNK):
        some = cases[first : first + CHUNK]
        read = _Read([case.pk for case in some if case.is_live])
        for case in some:
            yield from read.of(case) if case.is_live else _unknown(case)


def _unknown(case: Complaint) -> Iterator[OwnTime]:
    """Of a case that was taken over as history nothing tells when it came to its agency."""
    if case.agency is not None:
        yield OwnTime(case.pk, Stay(case.agency.code, None))


@dataclass
class _Read:
    keys: list[int]

    def __post_init__(self) -> None:
        self.steps = steps_of(self.keys)
        self.clocks, self.pauses = _by_case(_clocks(self.keys)), pauses_of(self.keys)
        self.calendars = {row.pk: build(row) for row in OfficeCalendar.objects.all()}

    def of(self, case: Complaint) -> Iterator[OwnTime]:
        stays = stays_of(self.steps[case.pk])
        if case.agency is not None and all(stay.agency != case.agency.code for stay in stays):
            stays.append(Stay(case.agency.code, None))  # nothing tells when it came
        for stay in stays:
            if stay.until is None and case.state not in ACTIVE:
                began = stay.began if case.ended_at else None
                stay = Stay(stay.agency, began, case.ended_at, How.ENDED)
            yield self._judged_by(case.pk, stay)

    def _judged_by(self, pk: int, stay: Stay) -> OwnTime:
        clock = next(iter(_ran(self.clocks[pk], Stage.RESOLUTION, stay)), None)
        if stay.began is None or clock is None:
            return OwnTime(pk, Stay(stay.agency, None))
        answers = self.clocks[pk]
        first = [
            each for each in answers if each.stage == Stage.FIRST_RESPONSE and each.started_at == stay.began
        ]
        calendar, still = self.calendars[clock.calendar_id], standstills(self.pauses.get(pk, []))
        promised = due_at(stay.began, clock.promised_target, calendar, still)
        due = due_at(stay.began, clock.target, calendar, still) if clock.extended_by else promised
        return OwnTime(
            pk, stay, first[0].promised_at if first else None, promised, due, paused_within(stay, still)
        )


def _ran(clocks: list[Clock], stage: Stage, stay: Stay) -> Iterator[Clock]:
    """Those that ran while the case was there, the last one first."""
    for clock in reversed(clocks):
        began = stay.until is None or clock.started_at <= stay.until
        ended = clock.stopped_at is not None and stay.began is not None and clock.stopped_at < stay.began
        if clock.stage == stage and began and not ended:
            yield clock


def paused_within(stay: Stay, pauses: tuple[Standstill, ...]) -> int:
    """Whole seconds of a time in which the citizen was asked; what still lasts has no length yet."""
    seconds = 0.0
    for pause in pauses:
        if pause.end is not None and stay.began is not None:
            end = min(pause.end, stay.until) if stay.until else pause.end
            seconds += max(0.0, (end - max(pause.start, stay.began)).total_seconds())
    return round(seconds)


def _clocks(keys: list[int]) -> QuerySet[Clock]:
    stages = (Stage.RESOLUTION, Stage.FIRST_RESPONSE)
    return (
        Clock.objects.filter(OneOf(F("complaint_id"), keys=keys), stage__in=stages)
        .only(*CLOCK_FIELDS)
        .order_by("pk")
    )


def pauses_of(keys: list[int]) -> dict[int, list[Pause]]:
    """By case, in their order; one query."""
    return _by_case(Pause.objects.filter(OneOf(F("complaint_id"), keys=keys)).order_by("started_at"))


def _by_case(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.complaint_id].append(row)
    return found
