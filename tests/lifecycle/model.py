"""What the ladder must have raised after a sweep, said as simply as possible and not by the ladder's own means.

It reads cases, clocks and rules, counts days by walking over them, and knows no plan, no moment ahead and no
earlier sweep.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.conf import settings

from complaints.clock.arithmetic import used
from complaints.clock.calendars import build
from complaints.clock.deadlines import standstills
from complaints.clock.working_calendar import WorkingCalendar
from complaints.models import Clock, Complaint, Event, EventKind, Message, Pause
from complaints.states import ACTIVE
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Decision, Escalation, EscalationRule, Lifted, Trigger

CITY = ("verification", "first_response", "resolution")


def in_force(trigger: Trigger, now: datetime) -> list[EscalationRule]:
    """The machine has rules for any kind only, and for each trigger one a level."""
    today = now.astimezone(settings.CITY.tz).date()
    newest: dict[int, EscalationRule] = {}
    rules = EscalationRule.objects.filter(trigger=trigger, is_active=True, valid_from__lte=today)
    for rule in rules.order_by("valid_from", "pk"):
        newest[rule.level] = rule
    return list(newest.values())


def working_days_since(due: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    """Working days after the day of `due` that have closed by `now`."""
    day, count = calendar.local_date(due - timedelta(microseconds=1)), 0
    while day < calendar.local_date(now):
        day += timedelta(days=1)
        opening = calendar.intervals(day)
        count += bool(opening) and opening[-1][1] <= now
    return count


def missing(now: datetime) -> Iterator[str]:
    """What a sweep at `now` should have left and did not."""
    for case in Complaint.objects.order_by("pk"):
        raised = list(Escalation.objects.filter(complaint=case).order_by("pk"))
        if case.state not in ACTIVE:
            yield from (f"{case}: {e.trigger} is still open" for e in raised if e.is_open)
            continue
        yield from _too_early(case, raised, now)
        running = [c for c in Clock.objects.filter(complaint=case, stopped_at=None) if c.stage in CITY]
        yield from _missed(case, running, now)
        if not Pause.objects.filter(complaint=case, ended_at=None, stops_clock=True).exists():
            yield from _timed(case, running, raised, now)
        yield from _conduct(case, raised, now)
        yield from _unanswered(case, raised, now)
        yield from _settled(case, raised)


def _missed(case: Complaint, running: list[Clock], now: datetime) -> Iterator[str]:
    events = Event.objects.filter(complaint=case, kind__in=[LadderEvent.ESCALATED, EventKind.BREACHED])
    taken_back = [
        (event.at, stage)
        for event in Event.objects.filter(complaint=case)
        for stage in event.data.get("taken_back") or []
    ]
    for clock in running:
        named = [
            event
            for event in events
            for stage, _due in event.data.get("missed") or []
            if stage == clock.stage and event.at >= clock.started_at
        ]
        undone = [at for at, stage in taken_back if stage == clock.stage and at >= clock.started_at]
        if clock.due_at is not None and clock.due_at <= now and len(named) <= len(undone):
            yield f"{case}: nobody heard that {clock.stage} was missed"
        if (clock.breached_at is not None) != (clock.due_at is not None and clock.due_at <= now):
            yield f"{case}: {clock.stage} is marked as missed, or is not, against its day"


def _too_early(case: Complaint, raised: list[Escalation], now: datetime) -> Iterator[str]:
    """What is open though its moment is still to come: the day moved after it was raised."""
    clocks = {str(clock.pk): clock for clock in Clock.objects.filter(complaint=case, stopped_at=None)}
    pauses = standstills(list(Pause.objects.filter(complaint=case)))
    for escalation in raised:
        clock = clocks.get([*escalation.cause.split(":"), "", ""][2])
        if not escalation.is_open or clock is None or escalation.trigger == Trigger.UNACKNOWLEDGED:
            continue
        calendar, due, rule = build(clock.calendar), clock.due_at, escalation.rule
        if escalation.trigger == Trigger.SHARE and rule is not None:
            spent = used(clock.started_at, clock.target, calendar, now, pauses)
            come = spent >= Fraction(rule.amount, 100)
        elif escalation.trigger == Trigger.OVERDUE and rule is not None:
            come = due is not None and due <= now and working_days_since(due, now, calendar) >= rule.amount
        elif escalation.trigger == Trigger.BREACH:
            come = due is not None and due <= now
        else:
            continue
        if not come:
            yield f"{case}: {escalation.trigger} is still open, though its day is still to come"


def _timed(case: Complaint, running: list[Clock], raised: list[Escalation], now: datetime) -> Iterator[str]:
    pauses = standstills(list(Pause.objects.filter(complaint=case)))
    for clock in running:
        if clock.stage != "resolution" or clock.due_at is None:
            continue
        calendar = build(clock.calendar)
        spent = used(clock.started_at, clock.target, calendar, now, pauses)
        late = working_days_since(clock.due_at, now, calendar) if clock.due_at <= now else 0
        expected = [
            rule
            for rule in in_force(Trigger.SHARE, now)
            if spent >= Fraction(rule.amount, 100) and now < clock.due_at
        ]
        expected += [rule for rule in in_force(Trigger.OVERDUE, now) if late >= rule.amount]
        for rule in expected:
            if not _is_there(raised, rule, f"resolution:{clock.cycle}:{clock.pk}"):
                yield f"{case}: {rule.trigger} {rule.amount} was not raised to {rule.level}"
        for escalation in raised:
            early = escalation.raised_at == now and escalation.trigger in (Trigger.SHARE, Trigger.OVERDUE)
            # Raised at this very moment, before the day moved: by others, or by whoever decided on it.
            early &= escalation.decision != Decision.EXTEND
            early &= escalation.lifted_because != Lifted.MOVED and not (
                escalation.trigger == Trigger.SHARE and clock.due_at <= now
            )
            # Of a rule that was switched off since, at the same moment, nothing can be said.
            if early and escalation.rule.is_active and escalation.rule not in expected:
                yield f"{case}: {escalation.trigger} was raised too early"


def _is_there(raised: list[Escalation], rule: EscalationRule, cause: str) -> bool:
    """For this run of the target; of one that was extended, for as many extensions as there were before it."""
    extended = len({e.decided_at for e in raised if e.decision == Decision.EXTEND})
    cause = f"{cause}:x{extended}" if extended else cause
    return any(
        e.trigger == rule.trigger and e.level == rule.level and e.lifted_because != Lifted.MOVED
        for e in raised
        if e.cause == cause or e.cause.startswith(f"{cause}:r")
    )


def _conduct(case: Complaint, raised: list[Escalation], now: datetime) -> Iterator[str]:
    seen = {(e.trigger, e.cause) for e in raised}
    if case.disputed_at and (Trigger.DISPUTED, f"cycle:{case.cycle}") not in seen:
        yield f"{case}: a dispute was not raised"
    for rule in in_force(Trigger.HANDED_BACK, now):
        if (
            case.hand_backs >= max(rule.amount, 1)
            and (Trigger.HANDED_BACK, f"times:{case.hand_backs}") not in seen
        ):
            yield f"{case}: handing back was not raised"


def _unanswered(case: Complaint, raised: list[Escalation], now: datetime) -> Iterator[str]:
    for e in raised:
        above = [o for o in raised if o.trigger == Trigger.UNACKNOWLEDGED and o.level > e.level]
        if e.is_open and e.due_at <= now and e.level < 3 and not above:
            yield f"{case}: an unanswered escalation to {e.level} did not climb"


def _settled(case: Complaint, raised: list[Escalation]) -> Iterator[str]:
    """What an answer leaves open, and the level it names as the next one."""
    pending = [e for e in raised if e.is_open]
    for e in pending:
        if case.disputed_at and e.raised_at < case.disputed_at:
            yield f"{case}: {e.trigger} is still open, though it was answered since"
    if case.next_level != min(max([e.level for e in pending], default=0) + 1, 3):
        yield f"{case}: {case.next_level} is not the next level"


def moved_too_far() -> Iterator[str]:
    """More time than the levels may give in one round, or nobody above who hears of it; questions that stop the
    clock once too often."""
    at_most = {1: 10, 2: 20, 3: 40}
    for case in Complaint.objects.order_by("pk"):
        given: list[tuple[int, int]] = []
        questions = pausing = 0
        for event in Event.objects.filter(complaint=case).order_by("seq"):
            if event.kind == EventKind.DISPUTED:
                given, questions, pausing = [], 0, 0
            if event.kind == EventKind.QUESTION_ASKED:
                questions += 1
                pausing += event.data["stops_clock"]
                if event.data["stops_clock"] != (questions <= 2):
                    yield f"{case}: question {questions} of its round stops the clock, or does not"
            if event.data.get("decision") != Decision.EXTEND:
                continue
            given.append((event.data["given_by"], event.data["days"]))
            above = f"level_{min(event.data['given_by'] + 1, 3)}"
            if not Message.objects.filter(complaint=case, template="extended", reader=above).exists():
                yield f"{case}: nobody above hears of more time"
        levels = [level for level, _days in given]
        if levels != sorted(set(levels)) or any(days > at_most[level] for level, days in given):
            yield f"{case}: {given} is more time than may be given"
        clock = Clock.objects.filter(complaint=case, stage="resolution", cycle=case.cycle).last()
        if clock is not None and case.merged_into is None and clock.extended_by != sum(d for _l, d in given):
            yield f"{case}: its promise moved by other than was given"


def doubled() -> list[tuple[object, ...]]:
    """Escalations that exist twice for one cause."""
    rows = list(Escalation.objects.values_list("complaint", "level", "trigger", "cause"))
    return [row for row in rows if rows.count(row) > 1]


def local_day(now: datetime) -> date:
    return now.astimezone(settings.CITY.tz).date()
