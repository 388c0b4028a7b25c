"""A policy as plain data: targets, calendars and the rules of the ladder. Pure Python, no Django."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from complaints.clock.arithmetic import Target, Unit
from complaints.clock.working_calendar import WorkingCalendar

BREACH, SHARE, OVERDUE = "breach", "share", "overdue"
DISPUTED, HANDED_BACK, OVERSIGHT_KIND = "disputed", "handed_back", "oversight_kind"
REPEATED, UNACKNOWLEDGED = "repeated", "unacknowledged"
TRIGGERS = (BREACH, SHARE, OVERDUE, DISPUTED, HANDED_BACK, OVERSIGHT_KIND, REPEATED, UNACKNOWLEDGED)
COUNTED = frozenset({SHARE, OVERDUE, HANDED_BACK, REPEATED})  # those with an amount
TOP = 3  # nothing climbs above the ombudsman
# Where no rule names a time to acknowledge; as the ladder itself has it.
ACKNOWLEDGE = Target(3, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One level: this trigger raises cases of this kind and stage (empty: any) to this level.

    `amount` is per cent for `share`, units past the due moment for `overdue`, times for `handed_back`,
    complaints within `within_days` for `repeated`, and nothing for the others.
    """

    trigger: str
    level: int
    kind: str = ""
    stage: str = ""
    amount: int = 0
    unit: Unit = Unit.WORKING_DAYS
    within_days: int = 0
    acknowledge: Target | None = None
    valid_from: date = date.min

    @property
    def answered_within(self) -> Target:
        return self.acknowledge or ACKNOWLEDGE

    @property
    def says_about(self) -> tuple[str, str, str, int]:
        """A later rule about the same takes the place of an earlier one."""
        return self.kind, self.trigger, self.stage, self.level

    def applies(self, trigger: str, kind: str, stage: str) -> bool:
        return self.trigger == trigger and self.kind in ("", kind) and self.stage in ("", stage)


class Rules:
    """Dated rules; which of them count depends on the day on which a case is raised."""

    def __init__(self, rules: Iterable[Rule], tz: ZoneInfo) -> None:
        self.all = tuple(sorted(rules, key=lambda rule: rule.valid_from))
        days = sorted({rule.valid_from for rule in self.all} - {date.min})
        self._starts = [datetime.combine(day, time(), tz).astimezone(UTC) for day in days]
        self._in_force = [self._on(day) for day in [date.min, *days]]
        self._chosen: dict[tuple[int, str, str, str, int], tuple[Rule, ...]] = {}

    @property
    def look_across(self) -> bool:
        """Whether a rule looks at several cases at once."""
        return any(rule.trigger == REPEATED for rule in self.all)

    def _on(self, day: date) -> tuple[Rule, ...]:
        """Of rules that say the same, the newest that has begun."""
        newest: dict[tuple[str, str, str, int], Rule] = {}
        for rule in self.all:
            if rule.valid_from <= day:
                newest[rule.says_about] = rule
        return tuple(newest.values())

    def fitting(
        self, at: datetime, trigger: str, kind: str, stage: str = "", above: int = 0
    ) -> tuple[Rule, ...]:
        """Those in force at `at`, one a level, lowest first: one for the kind, then one for the stage, counts
        before a general one, as on the ladder itself."""
        return self._fitting(bisect_right(self._starts, at), trigger, kind, stage, above)

    def _fitting(self, era: int, trigger: str, kind: str, stage: str, above: int = 0) -> tuple[Rule, ...]:
        key = (era, trigger, kind, stage, above)
        if key not in self._chosen:
            found: dict[int, Rule] = {}
            fitting = (rule for rule in self._in_force[era] if rule.applies(trigger, kind, stage))
            for rule in sorted(fitting, key=lambda rule: (bool(rule.kind), bool(rule.stage))):
                if rule.level > above:
                    found[rule.level] = rule
            self._chosen[key] = tuple(sorted(found.values(), key=lambda rule: rule.level))
        return self._chosen[key]

    def in_time(
        self, trigger: str, kind: str, stage: str, moment_of: Callable[[Rule], datetime | None]
    ) -> Iterator[tuple[Rule, datetime]]:
        """For each level the rule that raises first, and when: its moment has come and it is in force."""
        done: set[int] = set()
        for era in range(len(self._in_force)):
            for rule in self._fitting(era, trigger, kind, stage):
                moment = None if rule.level in done else moment_of(rule)
                if moment is None:
                    continue
                at = max(moment, self._starts[era - 1]) if era else moment
                if era == len(self._starts) or at < self._starts[era]:
                    done.add(rule.level)
                    yield rule, at

    def lowest(self, at: datetime, trigger: str, kind: str, stage: str = "", above: int = 0) -> Rule | None:
        return next(iter(self.fitting(at, trigger, kind, stage, above)), None)


@dataclass(frozen=True)
class Policy:
    """What decides when something is due and who is told.

    `targets` holds only what differs from what each case was promised, by kind, category (empty: those whose
    promise is the general one of their kind) and stage.
    """

    calendars: Mapping[int, WorkingCalendar]
    rules: Rules
    city: int  # key of the city's own calendar
    own: Mapping[str, int] = field(default_factory=dict)  # keys of agencies' own calendars, by agency code
    targets: Mapping[tuple[str, str, str], Target] = field(default_factory=dict)

    def calendar_of(self, agency: str) -> WorkingCalendar:
        return self.calendars[self.own.get(agency, self.city)]
