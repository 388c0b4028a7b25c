"""Which level comes next: the rules in force, and how long whoever stands on it has."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from complaints.clock.arithmetic import Pause, Target, Unit, due_at
from complaints.clock.calendars import build, calendar_for
from complaints.clock.city_time import day_of
from complaints.clock.working_calendar import WorkingCalendar
from complaints.models import Clock, Complaint, OfficeCalendar
from escalation.ladder.models import Escalation, EscalationRule, EscalationState, Level, Trigger
from escalation.ladder.moments import counted_from, overdue_at, used_at, week_after

# Where no rule names a time: how long until an unanswered escalation is looked at again.
DEFAULT_TARGET = Target(3, Unit.WORKING_DAYS)
DECIDE_WITHIN = Target(3, Unit.WORKING_DAYS)  # once it was acknowledged
# Raised when a visit plans by other rules of its own, so that all open cases are looked at anew.
PLANNED_BY = 3


def rules_in_force(on: date) -> list[EscalationRule]:
    """For each kind, trigger, stage and level the newest active rule that is valid on `on`."""
    newest: dict[tuple[str, str, str, int], EscalationRule] = {}
    rules = EscalationRule.objects.filter(is_active=True, valid_from__lte=on)
    for rule in rules.order_by("valid_from", "pk"):
        newest[rule.kind, rule.trigger, rule.stage, rule.level] = rule
    return list(newest.values())


def missing(now: datetime) -> dict[str, str]:
    """For the administration: that no rule raises anything any more, or nothing to a level (accounts/leaving.py)."""
    levels = {rule.level for rule in rules_in_force(day_of(now))}
    if not levels:
        return {"rules": _("No escalation rule is in force: nothing is raised to anybody.")}
    return {
        f"rules:{level}": _("No escalation rule raises anything to this level: %(level)s")
        % {"level": level.label}
        for level in Level
        if level not in levels
    }


def fingerprint(rules: list[EscalationRule]) -> str:
    """What the plans of all open cases rest on: the rules in force and the calendars they count by."""
    said = [
        [r.kind, r.trigger, r.stage, r.amount, r.unit, r.within_days, r.level, r.valid_from.isoformat()]
        for r in rules
    ]
    calendars = OfficeCalendar.objects.order_by("pk").values_list("pk", "agency_id", "revision")
    return sha256(json.dumps([PLANNED_BY, sorted(said), list(calendars)]).encode()).hexdigest()


@dataclass
class Ladder:
    """The rules and calendars of one sweep, read once."""

    now: datetime
    rules: list[EscalationRule]
    _dues: dict[tuple[object, ...], datetime] = field(default_factory=dict)
    _calendars: dict[int | None, WorkingCalendar] = field(default_factory=dict)
    _by_row: dict[int, WorkingCalendar] = field(default_factory=dict)
    _openings: dict[int | None, datetime] = field(default_factory=dict)
    _weeks: dict[datetime, datetime] = field(default_factory=dict)
    _rules: dict[tuple[str, str, int], EscalationRule | None] = field(default_factory=dict)
    _timed: dict[tuple[str, str, str], list[EscalationRule]] = field(default_factory=dict)
    _moments: dict[tuple[object, ...], datetime | None] = field(default_factory=dict)
    _anew: dict[tuple[object, ...], datetime | None] = field(default_factory=dict)
    _by_key: dict[int, EscalationRule] = field(default_factory=dict)

    @classmethod
    def read(cls, now: datetime, on: date, rules: list[EscalationRule] | None = None) -> "Ladder":
        """With the rules in force on `on` unless they were read already."""
        ladder = cls(now, rules_in_force(on) if rules is None else rules)
        ladder._by_row = {row.pk: build(row) for row in OfficeCalendar.objects.all()}
        return ladder

    def timed(self, trigger: Trigger, kind: str, stage: str) -> list[EscalationRule]:
        """The rules about this target, one a level, lowest first; one for the kind, then one for the stage,
        counts before a general one."""
        key = (trigger, kind, stage)
        if key not in self._timed:
            fitting = [
                rule
                for rule in self.rules
                if rule.trigger == trigger and rule.kind in ("", kind) and rule.stage in ("", stage)
            ]
            fitting.sort(key=lambda rule: (rule.kind != "", rule.stage != ""))
            self._timed[key] = sorted({rule.level: rule for rule in fitting}.values(), key=lambda r: r.level)
        return self._timed[key]

    def moment(self, rule: EscalationRule, clock: Clock, pauses: tuple[Pause, ...]) -> datetime | None:
        """When this rule raises the case of this running clock; None where the clock stands still before that.

        Remembered, since thousands of cases share their days.
        """
        calendar_id = clock.calendar_id
        calendar = self._by_row[calendar_id]
        if rule.trigger == Trigger.OVERDUE:
            if clock.due_at is None:
                return None
            unit = Unit(rule.unit)
            begin = counted_from(clock.due_at, unit, calendar)
            key: tuple[object, ...] = (rule.id, calendar_id, begin)
            if key not in self._moments:
                self._moments[key] = overdue_at(clock.due_at, Target(rule.amount, unit), calendar)
            return self._moments[key]
        if pauses or clock.unit != Unit.WORKING_DAYS:
            return used_at(clock.started_at, clock.target, calendar, rule.amount, pauses)
        day_zero = calendar.first_day(clock.started_at)  # all that a target in working days depends on
        key = (rule.amount, calendar_id, clock.amount, day_zero)
        if key not in self._moments:
            self._moments[key] = used_at(clock.started_at, clock.target, calendar, rule.amount)
        return self._moments[key]

    def rule(self, trigger: Trigger, case: Complaint, *, above: int = 0) -> EscalationRule | None:
        """The lowest rule above level `above`; one for the case's kind counts before one for any kind."""
        key = (trigger, case.kind, above)
        if key not in self._rules:
            fitting = [
                rule
                for rule in self.rules
                if rule.trigger == trigger and rule.kind in ("", case.kind) and rule.level > above
            ]
            self._rules[key] = min(fitting, key=lambda rule: (rule.level, rule.kind == ""), default=None)
        return self._rules[key]

    def rule_by_key(self, key: int) -> EscalationRule:
        """A rule that raised something, in force or not any more."""
        if key not in self._by_key:
            self._by_key = {rule.pk: rule for rule in EscalationRule.objects.all()}
        return self._by_key[key]

    def due(self, agency_id: int | None, rule: EscalationRule | None) -> datetime:
        """By when an escalation raised now must be acknowledged."""
        key = (agency_id, (rule.acknowledge_amount, rule.acknowledge_unit) if rule else None)
        if key not in self._dues:
            moment = due_at(self.now, _time_to_answer(rule), self._calendar(agency_id))
            assert moment is not None  # without pauses every target is used up
            self._dues[key] = moment
        return self._dues[key]

    def due_anew(self, agency_id: int | None, escalation: Escalation) -> datetime | None:
        """By when it must be acknowledged, or decided once it was, by the calendar as it is now; None for what a
        person has set."""
        is_raised = escalation.state == EscalationState.RAISED
        begun = escalation.raised_at if is_raised else escalation.acknowledged_at
        if begun is None or not (is_raised or escalation.state == EscalationState.ACKNOWLEDGED):
            return None
        key = (agency_id, begun, escalation.rule_id if is_raised else "decide")
        if key not in self._anew:  # what one sweep raised has one moment
            target = _time_to_answer(escalation.rule) if is_raised else DECIDE_WITHIN
            self._anew[key] = due_at(begun, target, self._calendar(agency_id))
        return self._anew[key]

    def office_moment(self, agency_id: int | None) -> datetime:
        """Now, or the next opening: nights and days off never send mail."""
        if agency_id not in self._openings:
            self._openings[agency_id] = self._calendar(agency_id).next_opening(self.now)
        return self._openings[agency_id]

    def week_after(self, told_at: datetime) -> datetime:
        """When a level that was told at `told_at` is told again, by the city's calendar."""
        if told_at not in self._weeks:
            self._weeks[told_at] = week_after(told_at, self._calendar(None))
        return self._weeks[told_at]

    def _calendar(self, agency_id: int | None) -> WorkingCalendar:
        if agency_id not in self._calendars:
            self._calendars[agency_id] = calendar_for(agency_id)[1]
        return self._calendars[agency_id]


def highest(levels: Iterable[int]) -> int:
    return max(levels, default=0)


def _time_to_answer(rule: EscalationRule | None) -> Target:
    if rule is not None and rule.acknowledge_amount:
        return Target(rule.acknowledge_amount, Unit(rule.acknowledge_unit))
    return DEFAULT_TARGET
