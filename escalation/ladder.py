"""Which rung comes next: the rules in force, who stands on each rung, and how long they have."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.calendars import calendar_for
from complaints.models import Complaint
from complaints.models.catalogue import Kind
from complaints.sla import Target, Unit, due_at
from complaints.working_calendar import WorkingCalendar
from escalation.models import EscalationRule, Level, Trigger

# Where no rule names a time: how long until an unanswered escalation is looked at again.
DEFAULT_TARGET = Target(3, Unit.WORKING_DAYS)


def rules_in_force(on: date) -> list[EscalationRule]:
    """For each kind, trigger, level and amount the newest active rule that is valid on `on`."""
    newest: dict[tuple[str, str, int, int], EscalationRule] = {}
    for rule in EscalationRule.objects.filter(is_active=True, valid_from__lte=on).order_by("valid_from"):
        newest[rule.kind, rule.trigger, rule.level, rule.amount] = rule
    return list(newest.values())


@dataclass
class Ladder:
    """The rules, people and calendars of one sweep, read once."""

    now: datetime
    rules: list[EscalationRule]
    heads: dict[int, list[User]] = field(default_factory=dict)
    supervisors: list[User] = field(default_factory=list)
    officers: dict[int, list[User]] = field(default_factory=dict)
    verifiers: list[User] = field(default_factory=list)
    parents: dict[int, int | None] = field(default_factory=dict)
    _dues: dict[tuple[int | None, int, str], datetime] = field(default_factory=dict)
    _calendars: dict[int | None, WorkingCalendar] = field(default_factory=dict)
    _openings: dict[int | None, datetime] = field(default_factory=dict)
    _rules: dict[tuple[str, str, int], EscalationRule | None] = field(default_factory=dict)

    @classmethod
    def read(cls, now: datetime, on: date) -> "Ladder":
        ladder = cls(now, rules_in_force(on))
        ladder.parents = dict(Agency.objects.values_list("pk", "parent_id"))
        roles = [Role.AGENCY_HEAD, Role.SUPERVISOR, Role.OFFICER, Role.VERIFIER]
        for user in User.objects.filter(is_active=True, role__in=roles).order_by("pk"):
            if user.role == Role.VERIFIER:
                ladder.verifiers.append(user)
            elif user.role == Role.OFFICER:
                ladder.officers.setdefault(user.agency_id or 0, []).append(user)
            elif user.role == Role.SUPERVISOR:
                ladder.supervisors.append(user)
            elif user.agency_id is not None:
                ladder.heads.setdefault(user.agency_id, []).append(user)
        return ladder

    def rule(self, trigger: Trigger, case: Complaint, *, above: int = 0) -> EscalationRule | None:
        """The lowest rule above rung `above`; one for the case's kind counts before one for any kind."""
        key = (trigger, case.kind, above)
        if key not in self._rules:
            fitting = [
                rule
                for rule in self.rules
                if rule.trigger == trigger and rule.kind in ("", case.kind) and rule.level > above
            ]
            self._rules[key] = min(fitting, key=lambda rule: (rule.level, rule.kind == ""), default=None)
        return self._rules[key]

    def workers(self, handler_id: int | None, agency_id: int | None) -> list[User]:
        """Whom a reminder reaches."""
        officers = self.officers.get(agency_id or 0, [])
        return [user for user in officers if user.pk == handler_id] or officers or self.verifiers

    def people(self, level: int, case: Complaint) -> list[User]:
        """Who answers on this rung: the heads of the agency or of the one above it, from the second rung on
        the supervisors, who see everything. Where a seat is empty, the next rung is told."""
        agency_id = case.agency_id
        if level <= Level.AGENCY_HEAD:
            seen = set()
            while agency_id is not None and agency_id not in seen:
                if agency_id in self.heads:
                    return self.heads[agency_id]
                seen.add(agency_id)
                # Above the inspectorate nobody may see an oversight complaint but the supervisors.
                agency_id = None if case.kind == Kind.OVERSIGHT else self.parents.get(agency_id)
        return self.supervisors

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
