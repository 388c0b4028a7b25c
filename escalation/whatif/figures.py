"""Adds up what came of the cases. Pure Python, no Django; what it holds can be put away as JSON and taken up again."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from complaints.clock.kept import share
from escalation.whatif.replay import (
    RESOLUTION,
    STAGES,
    VERIFIERS,
    CaseFact,
    ClockFact,
    Outcome,
    Raised,
    is_late,
)

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)
LEVELS = (1, 2, 3)
Counts = dict[str, list[int]]  # by agency, one number a week


@dataclass(frozen=True)
class Window:
    """The stretch that is counted, [start, until), and its ISO weeks; the first and last may be cut short."""

    start: datetime
    until: datetime
    weeks: tuple[date, ...]  # the Monday of each
    ends: tuple[datetime, ...]

    @classmethod
    def of(cls, first: date, last: date, tz: ZoneInfo, now: datetime) -> "Window":
        """The local days `first` to `last`, as far as they are over at `now`. ValueError when none has begun."""

        def midnight(day: date) -> datetime:
            return datetime.combine(day, time(), tz).astimezone(UTC)

        start, until = midnight(first), min(midnight(last + ONE_DAY), now)
        if until <= start:
            raise ValueError("The period must have begun")
        weeks, monday = [], first - first.weekday() * ONE_DAY
        while midnight(monday) < until:
            weeks.append(monday)
            monday += ONE_WEEK
        ends = tuple(min(midnight(monday + ONE_WEEK), until) for monday in weeks)
        return cls(start, until, tuple(weeks), ends)

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.until

    def week(self, at: datetime) -> int:
        return bisect_right(self.ends, at)

    def ends_within(self, since: datetime, before: datetime | None) -> range:
        """The weeks at whose end something was so that began at `since` and was over at `before` (None: not yet)."""
        last = len(self.ends) if before is None else bisect_left(self.ends, before)
        return range(bisect_right(self.ends, since), last)

    def ran(self, clock: ClockFact) -> bool:
        """Whether the clock ran at some moment of the window."""
        return clock.started < self.until and (clock.stopped is None or clock.stopped > self.start)


def met(clock: ClockFact, window: Window) -> bool:
    """Whether its stage was done by the end of the window; that a clock stopped does not say so."""
    return clock.is_done and clock.stopped is not None and clock.stopped <= window.until


@dataclass
class Tally:
    """What one policy makes of all cases so far. Lists by week have one number for each week of the window.

    A case or target is late when it was past due at some moment of the window while somebody still had to act. It
    stands in one line: of the agency, or the verifiers, with whom it lay when it became late. So a total is the sum of
    its lines.
    """

    size: int
    late_cases: int = 0
    late: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    unmet: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))  # late, and not over yet
    # The same by the first promise of each round, as if no decision had added to it.
    late_promised: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    unmet_promised: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    overdue: list[int] = field(default_factory=list)  # cases past a target at the end of each week
    raised: Counts = field(default_factory=dict)  # by level: set off by something
    climbed: Counts = field(default_factory=dict)  # by level: supposing that nobody acknowledged
    late_by_agency: dict[str, int] = field(default_factory=dict)  # cases
    late_lines: dict[str, dict[str, int]] = field(default_factory=dict)  # targets, by agency and stage
    heads: Counts = field(default_factory=dict)  # escalations to the first level, by agency

    def __post_init__(self) -> None:
        self.overdue = self.overdue or [0] * self.size
        for level in LEVELS:
            self.raised.setdefault(str(level), [0] * self.size)
            self.climbed.setdefault(str(level), [0] * self.size)

    def add(self, case: CaseFact, outcome: Outcome, window: Window) -> None:
        weeks: set[int] = set()
        since: list[datetime] = []
        for clock, due, promised in zip(case.clocks, outcome.dues, outcome.promised, strict=True):
            if not window.ran(clock):
                continue
            is_unmet = not met(clock, window)
            if is_late(promised, clock, window.until):
                self.late_promised[clock.stage] += 1
                self.unmet_promised[clock.stage] += is_unmet
            if due is not None and is_late(due, clock, window.until):
                self.late[clock.stage] += 1
                self.unmet[clock.stage] += is_unmet
                since.append(max(due, clock.started, window.start))  # a target can be missed before it runs
                line = self.late_lines.setdefault(case.holder(since[-1]), dict.fromkeys(STAGES, 0))
                line[clock.stage] += 1
                weeks.update(window.ends_within(since[-1], clock.stopped))
        if since:
            self.late_cases += 1
            agency = case.holder(min(since))
            self.late_by_agency[agency] = self.late_by_agency.get(agency, 0) + 1
        for week in weeks:
            self.overdue[week] += 1
        self.add_raised(outcome.raised, window)

    def add_raised(self, raised: Iterable[Raised], window: Window) -> None:
        for each in raised:
            if not window.holds(each.at):
                continue
            week = window.week(each.at)
            (self.climbed if each.climbed else self.raised)[str(each.level)][week] += 1
            if each.level == 1:
                self.heads.setdefault(each.agency, [0] * self.size)[week] += 1


@dataclass
class Common:
    """What is the same under every policy, since people's doings are not modelled."""

    size: int
    cases: int = 0
    ran: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    met: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(STAGES, 0)
    )  # met before the window's end
    open: list[int] = field(default_factory=list)  # at the end of each week
    by_agency: dict[str, int] = field(default_factory=dict)
    open_by_agency: dict[str, int] = field(default_factory=dict)  # added up over the ends of the weeks

    def __post_init__(self) -> None:
        self.open = self.open or [0] * self.size

    def add(self, case: CaseFact, window: Window) -> bool:
        """Counts one case; whether any of its clocks ran in the window."""
        ran = [clock for clock in case.clocks if window.ran(clock)]
        if not ran:
            return False
        self.cases += 1
        for clock in ran:
            self.ran[clock.stage] += 1
            self.met[clock.stage] += met(clock, window)
            if clock.stage == RESOLUTION:
                self._add_open(case, clock, window)
        begins = max(window.start, min(clock.started for clock in ran))
        for agency in case.holders_between(begins, window.until):
            self.by_agency[agency] = self.by_agency.get(agency, 0) + 1
        return True

    def _add_open(self, case: CaseFact, clock: ClockFact, window: Window) -> None:
        for week in window.ends_within(clock.started, clock.stopped):
            self.open[week] += 1
            agency = case.holder(window.ends[week])
            self.open_by_agency[agency] = self.open_by_agency.get(agency, 0) + 1


@dataclass
class Sums:
    """Everything that was added up: what really happened, the policy in force, the proposal."""

    common: Common
    actual: Tally
    in_force: Tally
    proposed: Tally
    newly_late: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    no_longer_late: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))

    @classmethod
    def empty(cls, window: Window) -> "Sums":
        size = len(window.weeks)
        return cls(Common(size), Tally(size), Tally(size), Tally(size))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Sums":
        return cls(
            common=Common(**data["common"]),
            actual=Tally(**data["actual"]),
            in_force=Tally(**data["in_force"]),
            proposed=Tally(**data["proposed"]),
            newly_late=data["newly_late"],
            no_longer_late=data["no_longer_late"],
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def add(
        self, case: CaseFact, actual: Outcome, in_force: Outcome, proposed: Outcome, window: Window
    ) -> None:
        if not self.common.add(case, window):
            return
        self.actual.add(case, actual, window)
        self.in_force.add(case, in_force, window)
        self.proposed.add(case, proposed, window)
        for clock, was, would in zip(case.clocks, in_force.dues, proposed.dues, strict=True):
            if window.ran(clock):
                late = is_late(was, clock, window.until), is_late(would, clock, window.until)
                self.newly_late[clock.stage] += late == (False, True)
                self.no_longer_late[clock.stage] += late == (True, False)


def report(sums: Sums, window: Window) -> dict[str, Any]:
    """The figures of the page and of `what_if --json`. Nothing is rounded."""
    common = sums.common
    return {
        "cases": common.cases,
        "ran": common.ran,
        "met": common.met,
        "newly_late": sums.newly_late,
        "no_longer_late": sums.no_longer_late,
        "weeks": [monday.isoformat() for monday in window.weeks],
        "open": common.open,
        "columns": {
            name: _column(getattr(sums, name), common, window) for name in ("actual", "in_force", "proposed")
        },
        "agencies": _agencies(sums, window),
    }


def _column(tally: Tally, common: Common, window: Window) -> dict[str, Any]:
    weeks = (window.until - window.start) / ONE_WEEK
    heads = sum(sum(counts) for agency, counts in tally.heads.items() if agency != VERIFIERS)
    first = _in_time(common.met, tally.late_promised, tally.unmet_promised)
    extended = _in_time(common.met, tally.late, tally.unmet)
    return {
        "late_cases": tally.late_cases,
        "late": tally.late,
        "in_time": {stage: in_time for stage, (in_time, _judged) in first.items()},
        "judged": {stage: judged for stage, (_in_time, judged) in first.items()},
        "on_time_share": {stage: share(*each) for stage, each in first.items()},
        "in_time_extended": {stage: in_time for stage, (in_time, _judged) in extended.items()},
        "judged_extended": {stage: judged for stage, (_in_time, judged) in extended.items()},
        "on_time_share_extended": {stage: share(*each) for stage, each in extended.items()},
        "overdue": tally.overdue,
        "escalations": {level: sum(counts) for level, counts in tally.raised.items()},
        "climbed": {level: sum(counts) for level, counts in tally.climbed.items()},
        "escalations_by_week": [sum(week) for week in zip(*tally.raised.values(), strict=True)],
        "climbed_by_week": [sum(week) for week in zip(*tally.climbed.values(), strict=True)],
        "to_heads": heads,
        "to_heads_a_week": heads / weeks,
    }


def _in_time(met: dict[str, int], late: dict[str, int], unmet: dict[str, int]) -> dict[str, tuple[int, int]]:
    """By stage how many were in time, of how many targets that were done or missed by the window's end.

    What was not needed (taken away, handed back, rejected, … before its promise) is in neither.
    """
    return {stage: (met[stage] + unmet[stage] - late[stage], met[stage] + unmet[stage]) for stage in STAGES}


def _agencies(sums: Sums, window: Window) -> list[dict[str, Any]]:
    """One row an agency, most cases first; the empty code stands for the verifiers.

    Added up, rows give `late_cases`, `late` by stage, `open` and the escalations to the first level. `cases` they do
    not: a case that went from one to another is in the row of each.
    """
    columns = {"actual": sums.actual, "in_force": sums.in_force, "proposed": sums.proposed}
    rows = []
    found = (
        dict.fromkeys([code for tally in columns.values() for code in tally.heads], 0) | sums.common.by_agency
    )
    for agency, cases in sorted(found.items(), key=lambda row: (-row[1], row[0])):
        row: dict[str, Any] = {"agency": agency, "cases": cases}
        row["open"] = sums.common.open_by_agency.get(agency, 0) / len(window.ends)
        for name, tally in columns.items():
            counts = tally.heads.get(agency, [0])
            row[name] = {
                "late_cases": tally.late_by_agency.get(agency, 0),
                "late": tally.late_lines.get(agency) or dict.fromkeys(STAGES, 0),
                "escalations": sum(counts),
                "most_in_a_week": max(counts),
            }
        rows.append(row)
    return rows
