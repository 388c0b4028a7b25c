"""What the person on a rung does: acknowledge, then decide. Each decision acts on the case and leaves an event."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.roles import Actor
from complaints.calendars import calendar_for
from complaints.deadlines import Clockwork
from complaints.models import EventKind, Message
from complaints.models.policy import Stage
from complaints.permissions import Act
from complaints.services.change import Change, NotPossible, changing
from complaints.sla import Target, Unit, due_at
from complaints.states import ACTIVE
from escalation.models import Decision, Escalation, EscalationState

DECIDE_WITHIN = Target(3, Unit.WORKING_DAYS)
LONGEST_EXTENSION = 60  # working days; nobody extends a case into oblivion


@dataclass(frozen=True)
class Ruling:
    """What is decided and why, in words that citizen and agency read.

    `days`: working days the agency is given (instruct) or added to the promise (extend).
    """

    decision: Decision
    words: str
    days: int = 0


def acknowledge(pk: int, *, actor: Actor, now: datetime) -> Escalation:
    """Takes note; a decision is due three working days later. Escalation.DoesNotExist out of scope."""
    escalation = Escalation.objects.visible_to(actor).get(pk=pk)
    with changing(escalation.complaint_id, actor, Act.ACKNOWLEDGE, now=now) as change:
        _refuse_if_answered(change)
        due = _working_days_later(change, DECIDE_WITHIN.amount)
        _write(
            escalation,
            [EscalationState.RAISED],
            state=EscalationState.ACKNOWLEDGED,
            acknowledged_at=now,
            acknowledged_by=_person(actor),
            due_at=due,
        )
        change.event(EventKind.ESCALATION_ACKNOWLEDGED, {"level": escalation.level})
        _watch(change, due)
    return escalation


def decide(pk: int, *, actor: Actor, now: datetime, ruling: Ruling) -> Escalation:
    """Instructs the agency, extends the promise, or finds the escalation unfounded; tells citizen and handler.

    Raises NotPossible when it was decided or lifted already, or the days do not fit the decision.
    """
    escalation = Escalation.objects.visible_to(actor).get(pk=pk)
    with changing(escalation.complaint_id, actor, Act.DECIDE, now=now) as change:
        _refuse_if_answered(change)
        due = _carry_out(change, ruling)
        open_states = [EscalationState.RAISED, EscalationState.ACKNOWLEDGED]
        values = {"state": EscalationState.DECIDED, "decided_at": now, "decided_by": _person(actor)}
        _write(escalation, open_states, **values, decision=ruling.decision, due_at=due or escalation.due_at)
        data = {"level": escalation.level, "decision": str(ruling.decision), "days": ruling.days}
        change.event(EventKind.ESCALATION_DECIDED, data, {"text": ruling.words})
        _watch(change, due or _working_days_later(change, DECIDE_WITHIN.amount))
        about = {"decision": str(ruling.decision)}
        change.tell_citizen(Message.Template.DECISION, about)
        if change.case.handler is not None and change.case.handler.is_active:
            change.tell_staff([change.case.handler], Message.Template.DECISION, about)
    return escalation


def _refuse_if_answered(change: Change) -> None:
    if change.case.state not in ACTIVE:
        raise NotPossible("the case was answered meanwhile")


def _carry_out(change: Change, ruling: Ruling) -> datetime | None:
    """Does what was decided; returns by when the agency has to act, if the decision says so."""
    if ruling.decision == Decision.UNFOUNDED:
        return None
    if not 1 <= ruling.days <= LONGEST_EXTENSION:
        raise NotPossible("a number of working days is needed")
    if ruling.decision == Decision.INSTRUCT:
        return _working_days_later(change, ruling.days)
    if ruling.decision == Decision.EXTEND:
        return _extend(change.clockwork, change.now, ruling.days)
    raise NotPossible("this decision is not available")


def _extend(clockwork: Clockwork, now: datetime, days: int) -> datetime | None:
    """Adds working days to the promised resolution, counted from where it stood; never into the past."""
    running = [c for c in clockwork.clocks if c.is_running and c.stage == Stage.RESOLUTION]
    if not running or running[0].unit != Unit.WORKING_DAYS:
        raise NotPossible("there is no promise in working days to extend")
    clockwork.extend(running[0], days)
    due = running[0].due_at
    if due is not None and due <= now:
        raise NotPossible("the new day would be in the past")
    return due


def _working_days_later(change: Change, days: int) -> datetime:
    _row, calendar = calendar_for(change.case.agency_id)
    moment = due_at(change.now, Target(days, Unit.WORKING_DAYS), calendar)
    assert moment is not None  # nothing pauses it
    return moment


def _watch(change: Change, due: datetime) -> None:
    """The ladder looks again when the nearest of the case's escalations falls due."""
    others = Escalation.objects.open().filter(complaint=change.case, due_at__gt=change.now)
    change.case.watch_at = min([due, *others.values_list("due_at", flat=True)])


def _write(escalation: Escalation, from_states: list[EscalationState], **values: object) -> None:
    """A conditional update: of two people deciding at once, one is told that it is done already."""
    if not Escalation.objects.filter(pk=escalation.pk, state__in=from_states).update(**values):
        raise NotPossible("somebody decided this already")
    escalation.refresh_from_db()


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
