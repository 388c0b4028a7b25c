"""Replays one case under a policy. Pure Python, no Django.

What people did stays as it was: when a case came, went to an agency, was handed back, asked, answered,
disputed and ended. Only what follows from the policy is worked out anew: due moments, what was late, and
when the ladder would have raised it. Nobody works faster or slower because of another deadline.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from complaints.clock.arithmetic import Pause, Target, due_at, in_working_days, merged, pause_at
from complaints.clock.working_calendar import FOREVER, WorkingCalendar
from complaints.states import OVERSIGHT
from escalation.ladder.moments import overdue_at, used_at
from escalation.whatif.policy import (
    BREACH,
    DISPUTED,
    HANDED_BACK,
    OVERDUE,
    OVERSIGHT_KIND,
    REPEATED,
    SHARE,
    TOP,
    UNACKNOWLEDGED,
    Policy,
    Rule,
)

VERIFICATION, FIRST_RESPONSE, RESOLUTION = "verification", "first_response", "resolution"
# The most telling stage first: of two missed at one moment it gives the escalation its name.
STAGES = (RESOLUTION, FIRST_RESPONSE, VERIFICATION)
VERIFIERS = ""  # stands where an agency's code stands while a case lies with the verifiers


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One target of one case: when it began and was met, and what is stored of it."""

    stage: str
    cycle: int
    calendar: int
    target: Target
    started: datetime
    stopped: datetime | None = None
    due: datetime | None = None
    extension: int = 0  # working days that decisions added to the promise
    promised: datetime | None = None  # the first promise of this round
    is_done: bool = (
        True  # stopped by doing what the stage is for, not because the case was taken away or taken back
    )

    def end(self, until: datetime) -> datetime:
        """When it stopped, as far as `until` can know."""
        return min(self.stopped, until) if self.stopped else until


@dataclass(frozen=True, slots=True)
class Raised:
    """A case raised to a level; `climbed` when nobody acknowledged the one before."""

    at: datetime
    level: int
    trigger: str
    agency: str = VERIFIERS  # who had the case then
    climbed: bool = False


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What people did with one case."""

    kind: str
    category: str
    received: datetime
    clocks: tuple[ClockFact, ...]
    pauses: tuple[Pause, ...] = ()
    holders: tuple[tuple[datetime, str], ...] = ()  # from when on it lay with which agency
    raised: tuple[Raised, ...] = ()  # what is stored
    own_target: bool = False  # its targets are its category's, not those of the whole kind

    def holder(self, at: datetime) -> str:
        holder = VERIFIERS
        for since, agency in self.holders:
            if since > at:
                break
            holder = agency
        return holder

    def holders_between(self, since: datetime, before: datetime) -> set[str]:
        """With whom it lay in that stretch."""
        return {self.holder(since)} | {agency for at, agency in self.holders if since < at < before}

    def work_ends(self, at: datetime, until: datetime) -> datetime:
        """Until when somebody still had to answer it, counted from `at`; the ladder rests after that."""
        for clock in self.clocks:
            if clock.stage == RESOLUTION and clock.started <= at < clock.end(until):
                return clock.end(until)
        return at


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy makes of one case: a due moment and a first promise for each of its clocks, and what was raised.

    What decisions added moves the due moment alone.
    """

    dues: tuple[datetime | None, ...]
    promised: tuple[datetime | None, ...]
    raised: tuple[Raised, ...] = field(default=())


def stored(case: CaseFact) -> Outcome:
    """What really happened, as it is on record."""
    dues, promised = (clock.due for clock in case.clocks), (clock.promised for clock in case.clocks)
    return Outcome(tuple(dues), tuple(promised), case.raised)


def replay(case: CaseFact, policy: Policy, until: datetime) -> Outcome:
    """The case under `policy`, up to `until`. What climbs is told apart: it supposes that nobody acknowledged."""
    timed = [(clock, _Timing.of(case, clock, policy)) for clock in case.clocks]
    first = [*_missed(case, timed, policy, until), *_by_time(case, timed, policy, until)]
    first += _by_conduct(case, policy, until)
    raised = [by for _rule, by in first] + _climbs(case, policy, first, until)
    dues, promised = (timing.due for _, timing in timed), (timing.promised for _, timing in timed)
    return Outcome(tuple(dues), tuple(promised), tuple(sorted(raised, key=_order)))


def _order(raised: Raised) -> tuple[datetime, int, str]:
    return raised.at, raised.level, raised.trigger


@dataclass(frozen=True, slots=True)
class _Timing:
    """How a clock counts under a policy."""

    started: datetime
    target: Target
    calendar: WorkingCalendar
    pauses: tuple[Pause, ...]
    due: datetime | None
    promised: datetime | None

    @classmethod
    def of(cls, case: CaseFact, clock: ClockFact, policy: Policy) -> "_Timing":
        target, calendar = target_under(policy, case, clock), policy.calendars[clock.calendar]
        pauses = pauses_of(case, clock)
        due = promised = due_at(clock.started, target, calendar, pauses)
        if clock.extension:
            first = target_under(policy, case, clock, is_extended=False)
            promised = due_at(clock.started, first, calendar, pauses)
        return cls(clock.started, target, calendar, pauses, due, promised)

    def used_at(self, rule: Rule) -> datetime | None:
        return used_at(self.started, self.target, self.calendar, rule.amount, self.pauses)

    def overdue_at(self, rule: Rule) -> datetime | None:
        if self.due is None:
            return None
        at = overdue_at(self.due, Target(rule.amount, rule.unit), self.calendar)
        return _once_running(at, self.pauses)


def target_under(policy: Policy, case: CaseFact, clock: ClockFact, *, is_extended: bool = True) -> Target:
    """What the policy promises, with the working days that decisions added: as a correction does it.

    Without them it is the first promise of the round.
    """
    general = None if case.own_target else policy.targets.get((case.kind, "", clock.stage))
    found = policy.targets.get((case.kind, case.category, clock.stage), general)
    if found is None:
        added = 0 if is_extended else clock.extension
        return Target(clock.target.amount - added, clock.target.unit)
    if not clock.extension or not is_extended:
        return found
    calendar, pauses = policy.calendars[clock.calendar], pauses_of(case, clock)
    base = in_working_days(clock.started, found, calendar, pauses)
    return Target(base.amount + clock.extension, base.unit)


def pauses_of(case: CaseFact, clock: ClockFact) -> tuple[Pause, ...]:
    """Those that made this clock stand still."""
    if clock.stopped is None:
        return case.pauses
    return tuple(pause for pause in case.pauses if pause.start < clock.stopped)


def is_late(due: datetime | None, clock: ClockFact, until: datetime) -> bool:
    """Whether the target had passed before it was met."""
    return due is not None and due < clock.end(until)


Timed = list[tuple[ClockFact, _Timing]]
Found = Iterator[tuple[Rule, Raised]]


def _missed(case: CaseFact, timed: Timed, policy: Policy, until: datetime) -> Found:
    """Targets missed; those of one moment raise the case once."""
    at_once: dict[datetime, str] = {}
    for clock, timing in timed:
        if timing.due is not None and is_late(timing.due, clock, until):
            stage = at_once.get(timing.due, clock.stage)
            at_once[timing.due] = min(stage, clock.stage, key=STAGES.index)
    for at, stage in at_once.items():
        if rule := policy.rules.lowest(at, BREACH, case.kind, stage):
            yield rule, _raise(case, rule, at)


def _by_time(case: CaseFact, timed: Timed, policy: Policy, until: datetime) -> Found:
    """By a share of the target used, and by so much past it. While the clock stands still neither comes."""
    for clock, timing in timed:
        end = clock.end(until)
        before = (
            end if timing.due is None else min(end, timing.due)
        )  # a share counts until the target is missed
        for trigger, moment_of, latest in (
            (SHARE, timing.used_at, before),
            (OVERDUE, timing.overdue_at, end),
        ):
            for rule, at in policy.rules.in_time(trigger, case.kind, clock.stage, moment_of):
                if at < latest:
                    yield rule, _raise(case, rule, at)


def _once_running(at: datetime, pauses: tuple[Pause, ...]) -> datetime | None:
    """The moment itself, or the end of the pause it lies in; None when that has no end."""
    pause = pause_at(at, merged(pauses)) if pauses else None
    if pause is None:
        return at
    return None if pause[1] == FOREVER else pause[1]


def _by_conduct(case: CaseFact, policy: Policy, until: datetime) -> Found:
    """Disputed, handed back too often, about the city's own people."""
    if case.kind == OVERSIGHT and (rule := policy.rules.lowest(case.received, OVERSIGHT_KIND, case.kind)):
        yield rule, _raise(case, rule, case.received)
    checks = sorted(clock.started for clock in case.clocks if clock.stage == VERIFICATION)
    for times, at in enumerate(checks[1:], start=1):
        rules = policy.rules.fitting(at, HANDED_BACK, case.kind)
        reached = [rule for rule in rules if times >= max(rule.amount, 1)]
        if reached and at < until:
            yield reached[-1], _raise(case, reached[-1], at)
    disputes = [clock for clock in case.clocks if clock.stage == RESOLUTION and clock.cycle > 1]
    for clock in disputes:
        rule = policy.rules.lowest(clock.started, DISPUTED, case.kind)
        if rule and clock.started < until:
            yield rule, _raise(case, rule, clock.started)


def _raise(case: CaseFact, rule: Rule, at: datetime) -> Raised:
    return Raised(at, rule.level, rule.trigger, case.holder(at))


def _climbs(
    case: CaseFact, policy: Policy, first: Iterable[tuple[Rule, Raised]], until: datetime
) -> list[Raised]:
    """What becomes of what was raised when nobody acknowledges it before the case is answered.

    A level that has the case before it because nobody answered is not called for another reason: the visit of
    the sweep does the same. Of what is late at one moment the highest climbs first.
    """
    waiting: list[tuple[datetime, int, int, Raised]] = []

    def wait(rule: Rule, raised: Raised) -> None:
        at = due_at(raised.at, rule.answered_within, policy.calendar_of(raised.agency))
        if raised.level < TOP and at is not None and at < case.work_ends(raised.at, until):
            heappush(waiting, (at, -raised.level, next(order), raised))

    order, climbed = count(), list[Raised]()
    for rule, raised in first:
        wait(rule, raised)
    while waiting:
        at, _level, _order, below = heappop(waiting)
        rule_above = policy.rules.lowest(at, UNACKNOWLEDGED, case.kind, above=below.level)
        called = any(
            each.level > below.level and each.at <= at < case.work_ends(each.at, until) for each in climbed
        )
        if rule_above is not None and not called:
            raised = Raised(at, rule_above.level, UNACKNOWLEDGED, case.holder(at), climbed=True)
            climbed.append(raised)
            wait(rule_above, raised)
    return climbed


Arrival = tuple[datetime, str, str, str]


def repeated(arrivals: Iterable[Arrival], policy: Policy, until: datetime) -> Iterator[Raised]:
    """What comes of repeated complaints: `arrivals` are (moment, kind, category, agency), ascending.

    The unit is an agency and a category. The newest complaint looks back over the rule's days; after a raise
    the unit rests for as many days.
    """
    came: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)  # by unit, and by unit and kind
    last: dict[tuple[str, str, int], datetime] = {}
    for at, kind, category, agency in arrivals:
        if at >= until:
            return
        came[agency, category, ""].append(at)
        came[agency, category, kind].append(at)
        for rule in policy.rules.fitting(at, REPEATED, kind):
            since = at - timedelta(rule.within_days)
            moments = came[agency, category, rule.kind]
            rests = last.get((agency, category, rule.level), since) > since
            if len(moments) - bisect_right(moments, since) >= rule.amount and not rests:
                last[agency, category, rule.level] = at
                yield Raised(at, rule.level, REPEATED, agency)
