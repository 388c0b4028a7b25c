"""Reads the policy in force and what people did out of the database, in chunks of cases."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts.models import Agency
from complaints.clock.arithmetic import Pause as Standstill
from complaints.clock.arithmetic import Target, Unit
from complaints.clock.calendars import build, calendar_for
from complaints.clock.city_time import zone
from complaints.clock.deadlines import policy_for
from complaints.clock.kept import DOES, MAY_GO_ON
from complaints.clock.working_calendar import DayOff, WorkingCalendar
from complaints.models import (
    Category,
    Clock,
    Complaint,
    Event,
    EventKind,
    OfficeCalendar,
    Pause,
    ReportedParty,
    ServiceLevel,
)
from complaints.models.catalogue import Kind
from complaints.models.complaint import Complaints
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.rights import RIGHTS, EscalationAct
from escalation.whatif.figures import Window
from escalation.whatif.policy import Policy, Rule, Rules
from escalation.whatif.proposal import Known, Proposal, ProposalError
from escalation.whatif.replay import STAGES, VERIFIERS, Arrival, CaseFact, ClockFact, Raised

MOVES = (EventKind.ASSIGNED, EventKind.REASSIGNED, EventKind.HANDED_BACK)


def known_codes() -> Known:
    return Known(frozenset(Kind.values), frozenset(Category.objects.values_list("code", flat=True)))


def policy_in_force() -> Policy:
    """As it stands in the database: calendars as they are now, each rule from its day on."""
    rows = list(OfficeCalendar.objects.select_related("agency"))
    city = [row.pk for row in rows if row.agency_id is None]
    if not city:
        raise LookupError("the city has no office calendar: run manage.py load_city")
    return Policy(
        calendars={row.pk: build(row) for row in rows},
        rules=Rules(map(_rule, EscalationRule.objects.filter(is_active=True).order_by("pk")), zone()),
        city=city[0],
        own={row.agency.code: row.pk for row in rows if row.agency is not None},
    )


def _rule(row: EscalationRule) -> Rule:
    amount = row.acknowledge_amount
    return Rule(
        trigger=row.trigger,
        level=row.level,
        kind=row.kind,
        stage=row.stage,
        amount=row.amount,
        unit=Unit(row.unit),
        within_days=row.within_days,
        acknowledge=Target(amount, Unit(row.acknowledge_unit)) if amount else None,
        valid_from=row.valid_from,
    )


def rules_on(day: date) -> tuple[Rule, ...]:
    """The rules in force on `day`, as if they had always been."""
    rows = EscalationRule.objects.filter(is_active=True, valid_from__lte=day).order_by("valid_from", "pk")
    newest = {rule.says_about: rule for rule in map(_rule, rows)}
    return tuple(_undated(rule) for rule in newest.values())


def _undated(rule: Rule, **changes: Any) -> Rule:
    values = {name: getattr(rule, name) for name in Rule.__slots__} | {"valid_from": date.min}
    return Rule(**(values | changes))


def policy_proposed(proposal: Proposal, base: Policy, today: date) -> Policy:
    """The policy in force with what the proposal changes. ProposalError when no calendar comes of it."""
    rules, calendars = base.rules, base.calendars
    if proposal.rules is not None:
        rules = Rules(proposal.rules, zone())
    elif proposal.as_on is not None or proposal.acknowledge:
        rules = Rules(rules_on(proposal.as_on or today), zone())
    if proposal.acknowledge:
        given = (
            _undated(rule, acknowledge=proposal.acknowledge.get(rule.level, rule.acknowledge))
            for rule in rules.all
        )
        rules = Rules(given, zone())
    if proposal.changes_calendar:
        calendars = {
            pk: _changed(calendar, proposal, is_city=pk == base.city) for pk, calendar in calendars.items()
        }
    targets = _targets_on(proposal.as_on) if proposal.as_on else {}
    return Policy(calendars, rules, base.city, base.own, targets | dict(proposal.targets))


def _changed(calendar: WorkingCalendar, proposal: Proposal, *, is_city: bool) -> WorkingCalendar:
    """Days off change for all; weekly hours for the city and the agencies that have none of their own."""
    hours = dict(calendar.hours) | (dict(proposal.hours) if is_city else {})
    off = {day: DayOff("", "", "local") for day in proposal.add_days_off} | dict(calendar.days_off)
    left = {day: reason for day, reason in off.items() if day not in proposal.remove_days_off}
    try:
        return WorkingCalendar(tz=calendar.tz, hours=hours, days_off=left)
    except ValueError as error:
        raise ProposalError("calendar.hours", str(error)) from error


def _targets_on(day: date) -> dict[tuple[str, str, str], Target]:
    """The promises of the newest rows that are valid on `day`, by kind, category and stage."""
    found: dict[tuple[str, str, str], Target] = {}
    levels = ServiceLevel.objects.filter(valid_from__lte=day).select_related("category")
    for level in levels.order_by("valid_from"):
        category = level.category.code if level.category else ""
        for stage in STAGES:
            amount, unit = level.targets()[stage]
            found[level.kind, category, stage] = Target(amount, Unit(unit))
    return found


def targets_on(day: date) -> dict[str, dict[str, Any]]:
    """What is promised in general on `day`, by kind, as a case would be given it."""
    city, found = calendar_for(None)[0], {}
    for kind in Kind.values:
        try:
            found[kind] = policy_for(kind, None, day, city)
        except LookupError:
            continue  # nothing is promised for this kind yet
    return found


def cases_in(window: Window, agency: Agency | None) -> Complaints:
    """Cases received before the window's end and not over before its start.

    As the system, for figures only: whoever may try a policy may see no case. Every supervisor reads every trial, so
    a case about one of them is in none: a figure one higher than their lists would tell them of it. What was taken
    over from another system as history has no clocks.
    """
    readers = sorted(RIGHTS[EscalationAct.WHAT_IF])
    about_them = ReportedParty.objects.active().filter(user__role__in=readers).order_by().values("complaint")
    cases = Complaint.objects.visible_to(None).exclude(pk__in=about_them)
    cases = cases.filter(is_live=True, received_at__lt=window.until)
    cases = cases.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=window.start))
    return cases if agency is None else cases.filter(agency_id__in=agency.with_descendants())


class Reader:
    """Reads facts of cases, with the names of what they refer to looked up once."""

    def __init__(self) -> None:
        self._agencies: dict[int | None, str] = dict(Agency.objects.values_list("pk", "code"))
        self._categories = dict(Category.objects.values_list("pk", "code"))
        # Rows of policy that are a category's own.
        own = ServiceLevel.objects.filter(category__isnull=False)
        self._own_levels = frozenset(own.values_list("pk", flat=True))

    def facts(self, cases: Complaints, after: int, size: int) -> list[tuple[int, CaseFact]]:
        """The next `size` cases by key, with their keys, in a handful of queries."""
        fields = ("pk", "kind", "category_id", "agency_id", "received_at", "policy")
        rows = list(cases.filter(pk__gt=after).order_by("pk").values_list(*fields)[:size])
        keys = [row[0] for row in rows]
        clocks, pauses, moves, raised = (
            _grouped(Clock.objects.filter(complaint__in=keys, stage__in=STAGES), *CLOCK_FIELDS),
            _grouped(Pause.objects.filter(complaint__in=keys, stops_clock=True), "started_at", "ended_at"),
            _grouped(Event.objects.filter(complaint__in=keys, kind__in=MOVES), "at", "seq", "kind", "data"),
            _grouped(
                Escalation.objects.counted().filter(complaint__in=keys), "raised_at", "level", "trigger"
            ),
        )
        return [
            (row[0], self._fact(row, clocks[row[0]], pauses[row[0]], moves[row[0]], raised[row[0]]))
            for row in rows
        ]

    def _fact(self, row: Any, clocks: Any, pauses: Any, moves: Any, raised: Any) -> CaseFact:
        _pk, kind, category, agency, received, policy = row
        fact = CaseFact(
            kind=kind,
            category=self._categories.get(category, ""),
            received=received,
            clocks=tuple(_clock(values) for values in _one_a_promise(clocks)),
            pauses=tuple(Standstill(*values) for values in pauses),
            holders=self._holders(moves, received, agency),
            own_target=policy.get("service_level") in self._own_levels,
        )
        found = tuple(
            Raised(at, level, trigger, fact.holder(at), trigger == Trigger.UNACKNOWLEDGED)
            for at, level, trigger in raised
        )
        return _with_raised(fact, found)

    def _holders(
        self, moves: Any, received: datetime, agency: int | None
    ) -> tuple[tuple[datetime, str], ...]:
        """With whom the case lay from when on; a case taken over came with its agency."""
        if not moves:
            return ((received, self._agencies.get(agency, VERIFIERS)),)
        held = []
        for at, _seq, kind, data in sorted(moves, key=lambda move: move[1]):
            held.append((at, VERIFIERS if kind == EventKind.HANDED_BACK else data.get("agency", VERIFIERS)))
        return tuple(held)

    def arrivals(self, cases: Complaints) -> Iterator[Arrival]:
        """When complaints about which unit came, for the rule of repeated ones."""
        fields = ("received_at", "kind", "category_id", "agency_id")
        found = cases.filter(agency__isnull=False, category__isnull=False).order_by("received_at", "pk")
        for at, kind, category, agency in found.values_list(*fields).iterator(chunk_size=2000):
            yield at, kind, self._categories[category], self._agencies[agency]


CLOCK_FIELDS = (
    "stage",
    "cycle",
    "calendar_id",
    "amount",
    "unit",
    "started_at",
    "stopped_at",
    "due_at",
    "extended_by",
    "promised_at",
    "stopped_by",
)


def _grouped(rows: Any, *fields: str) -> dict[int, list[tuple[Any, ...]]]:
    """Plain rows by case."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, *values in rows.order_by("pk").values_list("complaint_id", *fields):
        found[pk].append(tuple(values))
    return found


def _one_a_promise(clocks: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Without those whose promise went on in a later clock of the same round."""
    stage_and_cycle = [values[:2] for values in clocks]
    return [
        values
        for place, values in enumerate(clocks, start=1)
        if (values[0], values[-1]) != MAY_GO_ON or values[:2] not in stage_and_cycle[place:]
    ]


def _clock(values: tuple[Any, ...]) -> ClockFact:
    stage, cycle, calendar, amount, unit, started, stopped, due, extended, promised, why = values
    return ClockFact(
        stage=stage,
        cycle=cycle,
        calendar=calendar,
        target=Target(amount, Unit(unit)),
        started=started,
        stopped=stopped,
        due=due,
        extension=extended,
        promised=promised,
        is_done=why in DOES[stage],
    )


def _with_raised(fact: CaseFact, raised: tuple[Raised, ...]) -> CaseFact:
    values = {name: getattr(fact, name) for name in CaseFact.__slots__}
    return CaseFact(**(values | {"raised": raised}))
