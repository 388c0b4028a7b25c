"""Which level comes next: the rules in force, who stands on each level, and how long they have."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.clock.arithmetic import Pause, Target, Unit, due_at
from complaints.clock.calendars import build, calendar_for
from complaints.clock.working_calendar import MICROSECOND, WorkingCalendar
from complaints.models import Clock, Complaint, OfficeCalendar
from complaints.models.catalogue import Kind
from complaints.recusal import Recusal, line_above
from escalation.ladder.models import EscalationRule, Level, Trigger
from escalation.ladder.moments import overdue_at, used_at

# Where no rule names a time: how long until an unanswered escalation is looked at again.
DEFAULT_TARGET = Target(3, Unit.WORKING_DAYS)


def rules_in_force(on: date) -> list[EscalationRule]:
    """For each kind, trigger, stage and level the newest active rule that is valid on `on`."""
    newest: dict[tuple[str, str, str, int], EscalationRule] = {}
    rules = EscalationRule.objects.filter(is_active=True, valid_from__lte=on)
    for rule in rules.order_by("valid_from", "pk"):
        newest[rule.kind, rule.trigger, rule.stage, rule.level] = rule
    return list(newest.values())


def fingerprint(rules: list[EscalationRule]) -> str:
    """What the plans of all open cases rest on: the rules in force and the calendars they count by."""
    said = [
        [r.kind, r.trigger, r.stage, r.amount, r.unit, r.within_days, r.level, r.valid_from.isoformat()]
        for r in rules
    ]
    calendars = OfficeCalendar.objects.order_by("pk").values_list("pk", "agency_id", "revision")
    return sha256(json.dumps([sorted(said), list(calendars)]).encode()).hexdigest()


@dataclass
class Ladder:
    """The rules, people and calendars of one sweep, read once."""

    now: datetime
    rules: list[EscalationRule]
    heads: dict[int, list[User]] = field(default_factory=dict)
    # By seat; "" sits on both upper levels.
    supervisors: dict[str, list[User]] = field(default_factory=dict)
    officers: dict[int, list[User]] = field(default_factory=dict)
    verifiers: list[User] = field(default_factory=list)
    parents: dict[int, int | None] = field(default_factory=dict)
    # Who stands aside from the cases at hand; `read_parties` reads it.
    recusal: Recusal = field(default_factory=Recusal)
    _dues: dict[tuple[int | None, int, str], datetime] = field(default_factory=dict)
    _calendars: dict[int | None, WorkingCalendar] = field(default_factory=dict)
    _by_row: dict[int, WorkingCalendar] = field(default_factory=dict)
    _openings: dict[int | None, datetime] = field(default_factory=dict)
    _rules: dict[tuple[str, str, int], EscalationRule | None] = field(default_factory=dict)
    _timed: dict[tuple[str, str, str], list[EscalationRule]] = field(default_factory=dict)
    _moments: dict[tuple[object, ...], datetime | None] = field(default_factory=dict)

    @classmethod
    def read(cls, now: datetime, on: date, rules: list[EscalationRule] | None = None) -> "Ladder":
        """With the people of today, and the rules in force on `on` unless they were read already."""
        ladder = cls(now, rules_in_force(on) if rules is None else rules)
        ladder._by_row = {row.pk: build(row) for row in OfficeCalendar.objects.all()}
        ladder.parents = dict(Agency.objects.values_list("pk", "parent_id"))
        roles = [Role.AGENCY_HEAD, Role.SUPERVISOR, Role.OFFICER, Role.VERIFIER]
        for user in User.objects.filter(is_active=True, role__in=roles).order_by("pk"):
            if user.role == Role.VERIFIER:
                ladder.verifiers.append(user)
            elif user.role == Role.OFFICER:
                ladder.officers.setdefault(user.agency_id or 0, []).append(user)
            elif user.role == Role.SUPERVISOR:
                ladder.supervisors.setdefault(user.seat, []).append(user)
            elif user.agency_id is not None:
                ladder.heads.setdefault(user.agency_id, []).append(user)
        return ladder

    def read_parties(self, cases: Iterable[int]) -> None:
        """Reads whom these cases are about, in one query, before anybody is looked for."""
        self.recusal = Recusal.of(*cases, parents=self.parents)

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
        """When this rule raises the case of this running clock; None while the clock stands still.

        Remembered, since thousands of cases share their days.
        """
        if clock.due_at is None:
            return None
        calendar = self._by_row[clock.calendar_id]
        if rule.trigger == Trigger.OVERDUE:
            # A time counted in days depends on the day of the due moment only.
            in_hours = rule.unit == Unit.WORKING_HOURS
            day = clock.due_at if in_hours else calendar.local_date(clock.due_at - MICROSECOND)
            key: tuple[object, ...] = (rule.pk, clock.calendar_id, day)
            if key not in self._moments:
                by = Target(rule.amount, Unit(rule.unit))
                self._moments[key] = overdue_at(clock.due_at, by, calendar)
            return self._moments[key]
        if pauses or clock.unit != Unit.WORKING_DAYS:
            return used_at(clock.started_at, clock.target, calendar, rule.amount, pauses)
        day_zero = calendar.first_day(clock.started_at)  # all that a target in working days depends on
        key = (rule.amount, clock.calendar_id, clock.amount, day_zero)
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

    def workers(self, case: Complaint) -> list[User]:
        """Whom a reminder reaches: the handler, else the agency's officers, else the verifiers."""
        officers = self._free(self.officers.get(case.agency_id or 0), case)
        handler = [user for user in officers if user.pk == case.handler_id]
        return handler or officers or self._free(self.verifiers, case)

    def people(self, level: int, case: Complaint) -> list[User]:
        """Who answers on this level: the heads of the agency or of the one above it, from the second level on
        the supervisors of that seat. Where nobody sits on it, or only whom the case is about, the next level
        is told."""
        if level <= Level.AGENCY_HEAD:
            line = line_above(case.agency_id, self.parents)
            # Above the inspectorate nobody may see an oversight complaint but the supervisors.
            for agency_id in line[:1] if case.kind == Kind.OVERSIGHT else line:
                if heads := self._free(self.heads.get(agency_id), case):
                    return heads
            level = Level.INSPECTORATE
        seat = Seat.INSPECTORATE if level == Level.INSPECTORATE else Seat.OMBUDSMAN
        everyone = [user for users in self.supervisors.values() for user in users]
        levels = (self.supervisors.get(seat), self.supervisors.get(""), everyone)
        return next((free for users in levels if (free := self._free(users, case))), [])

    def _free(self, users: list[User] | None, case: Complaint) -> list[User]:
        return self.recusal.unblocked(users or (), case.pk)

    def due(self, agency_id: int | None, rule: EscalationRule | None) -> datetime:
        """By when an escalation raised now must be acknowledged."""
        target = (
            Target(rule.acknowledge_amount, Unit(rule.acknowledge_unit))
            if rule and rule.acknowledge_amount
            else DEFAULT_TARGET
        )
        key = (agency_id, target.amount, target.unit.value)
        if key not in self._dues:
            moment = due_at(self.now, target, self._calendar(agency_id))
            assert moment is not None  # without pauses every target is used up
            self._dues[key] = moment
        return self._dues[key]

    def office_moment(self, agency_id: int | None) -> datetime:
        """Now, or the next opening: nights and days off never send mail."""
        if agency_id not in self._openings:
            self._openings[agency_id] = self._calendar(agency_id).next_opening(self.now)
        return self._openings[agency_id]

    def _calendar(self, agency_id: int | None) -> WorkingCalendar:
        if agency_id not in self._calendars:
            self._calendars[agency_id] = calendar_for(agency_id)[1]
        return self._calendars[agency_id]


def highest(levels: Iterable[int]) -> int:
    return max(levels, default=0)
