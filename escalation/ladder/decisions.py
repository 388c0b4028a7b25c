"""What the person on a level does: acknowledge, then decide. Each decision acts on the case and leaves an event."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Absence, Agency, User
from accounts.roles import AGENCY_ROLES
from complaints.clock.arithmetic import Target, Unit, due_at
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of
from complaints.clock.deadlines import moves_told, office_moment
from complaints.models import Complaint, Reader
from complaints.models.policy import Stage
from complaints.permissions import role_may
from complaints.recusal import blocked
from complaints.services import reassignment, verification
from complaints.services.change import Change, NotAllowed, NotPossible, changing
from complaints.states import ACTIVE, Verb
from escalation.ladder.events import LadderEvent
from escalation.ladder.extending import allowance, too_many
from escalation.ladder.messages import LadderMessage
from escalation.ladder.models import TO_HEED, Decision, Escalation, EscalationState, Level, levels_of
from escalation.ladder.moments import week_after
from escalation.ladder.recorded import ACKNOWLEDGING, DECIDING, ESCALATION
from escalation.ladder.rules import DECIDE_WITHIN
from escalation.rights import EscalationAct

LONGEST_INSTRUCTION = 60  # working days
SAY_HOW_MANY = _("Say how many working days.")
OPEN_STATES = [EscalationState.RAISED, EscalationState.ACKNOWLEDGED]


@dataclass(frozen=True)
class Ruling:
    """What is decided and why, in words that citizen and agency read.

    `days`: working days the agency is given (instruct) or added to the promise (extend). `agency`: who gets the
    case (reassign), with `answer`, a SentAnyway, where the words name it. `body` and `reference`: to whom it is
    referred, and that body's number for it.
    """

    decision: Decision
    words: str
    days: int = 0
    agency: Agency | None = None
    body: Agency | None = None
    reference: str = ""
    answer: str = ""


@dataclass
class Outcome:
    """What a decision did: by when the agency has to act, if it says so, and what the event keeps of it."""

    due: datetime | None = None
    data: dict[str, Any] = field(default_factory=dict)


def offered(escalation: Escalation, actor: Actor) -> list[Decision]:
    """What `actor` may decide about this case as it stands, for the form; `decide` holds it against the same."""
    case, role = escalation.complaint, role_of(actor)
    decisions = [Decision.INSTRUCT]
    if allowance(case, actor).days:
        decisions.append(Decision.EXTEND)
    if role_may(role, Verb.REASSIGN) and reassignment.eligible_agencies(case, actor):
        decisions.append(Decision.REASSIGN)
    if role_may(role, Verb.REFER):
        decisions.append(Decision.REFER)
    return [*decisions, Decision.UNFOUNDED]


def acknowledge(pk: int, *, actor: Actor, now: datetime) -> Escalation:
    """Takes note; a decision is due three working days later. Escalation.DoesNotExist out of scope, NotAllowed
    on a level above the actor's own."""
    escalation = _reached(pk, actor)
    with changing(escalation.complaint_id, actor, EscalationAct.ACKNOWLEDGE, now=now) as change:
        _refuse_if_answered(change)
        due = _working_days_later(change, DECIDE_WITHIN.amount)
        values = {"acknowledged_at": now, "acknowledged_by": _person(actor), "due_at": due}
        _write(escalation, [EscalationState.RAISED], state=EscalationState.ACKNOWLEDGED, **values)
        change.rows["escalation"] = [ESCALATION.named(escalation, ACKNOWLEDGING)]
        change.event(LadderEvent.ESCALATION_ACKNOWLEDGED, {"level": escalation.level})
    return escalation


@transaction.atomic  # the decision and what it does to the case, or neither
def decide(pk: int, *, actor: Actor, now: datetime, ruling: Ruling, version: int | None = None) -> Escalation:
    """Instructs the agency, extends the promise, takes the case away, refers it, or finds no ground; tells
    citizen and agency.

    Escalation.DoesNotExist out of scope, NotAllowed on a level above the actor's own, NotPossible when it was
    decided or lifted already or the ruling lacks something, Conflict when `version` (of the case that the person
    saw) is no longer the case's.
    """
    escalation = _reached(pk, actor)
    with changing(escalation.complaint_id, actor, EscalationAct.DECIDE, now=now, version=version) as change:
        _refuse_if_answered(change)
        outcome = _carry_out(change, ruling)
        values = {"state": EscalationState.DECIDED, "decided_at": now, "decided_by": _person(actor)}
        values |= {"decision": ruling.decision, "may_stand": ruling.decision in TO_HEED}
        _write(escalation, OPEN_STATES, **values, due_at=outcome.due or escalation.due_at)
        data = {"level": escalation.level, "decision": str(ruling.decision), "days": ruling.days}
        decided = [escalation]
        if also := _decided_with_it(escalation, actor, ruling):
            others = Escalation.objects.filter(pk__in=[other.pk for other in also])
            others.update(**values, due_at=outcome.due or now)
            decided += others.order_by("pk")
            data["also"] = sorted({other.level for other in also})
        change.rows["escalation"] = [ESCALATION.named(each, DECIDING) for each in decided]
        change.event(LadderEvent.ESCALATION_DECIDED, data | outcome.data, {"text": ruling.words})
        _tell(change, ruling, outcome)
    _act(escalation, ruling, actor, now)
    return escalation


def decider_of(escalation: Escalation, case: Complaint, now: datetime) -> User | None:
    """Who decided it, as long as they would decide on it today and are not away."""
    user = escalation.decided_by
    if user is None or not user.is_active or escalation.level not in levels_of(user):
        return None
    if Absence.objects.on(day_of(now)).filter(user=user).exists():
        return None
    is_of_another = user.role in AGENCY_ROLES and case.agency_id not in user.agency_scope
    return None if is_of_another or blocked([user], case) else user


def _reached(pk: int, actor: Actor) -> Escalation:
    escalation = Escalation.objects.visible_to(actor).select_related("complaint").get(pk=pk)
    if escalation.level not in levels_of(actor):
        raise NotAllowed(EscalationAct.DECIDE)
    return escalation


def _refuse_if_answered(change: Change) -> None:
    if change.case.state not in ACTIVE:
        raise NotPossible(_("The case was answered meanwhile. Nothing is left to decide."))


def _carry_out(change: Change, ruling: Ruling) -> Outcome:
    """Checks what was decided and does what concerns the clocks; what moves the case is done by `_act`."""
    if ruling.decision == Decision.UNFOUNDED:
        # While the case is late, no ground is no rest: by then the ladder looks again.
        return Outcome(week_after(change.now, calendar_for(None)[1]))
    if ruling.decision == Decision.REASSIGN:
        return _reassigning(change, ruling)
    if ruling.decision == Decision.REFER:
        if ruling.body is None or not ruling.reference:
            raise NotPossible(_("Choose the body, and give its reference."))
        return Outcome(data={"body": ruling.body.code})
    if ruling.decision == Decision.EXTEND:
        return _extend(change, ruling.days)
    if not 1 <= ruling.days <= LONGEST_INSTRUCTION:
        raise NotPossible(SAY_HOW_MANY)
    due = _working_days_later(change, ruling.days)
    return Outcome(due, {"due": due.isoformat()})


def _reassigning(change: Change, ruling: Ruling) -> Outcome:
    """The new agency has until the promised day, and at least until its first response is due."""
    case = change.case
    if ruling.agency is None:
        raise NotPossible(_("Choose the agency that gets the case."))
    amount, unit = case.policy[Stage.FIRST_RESPONSE]
    _row, calendar = calendar_for(ruling.agency.pk)
    first = due_at(change.now, Target(amount, Unit(unit)), calendar)
    due = max(moment for moment in (first, case.target_at) if moment is not None)
    return Outcome(due, {"agency": ruling.agency.code})


def _extend(change: Change, days: int) -> Outcome:
    """Adds working days to the promised resolution, counted from where it stood; never into the past, and no more
    than this person may in this round."""
    may_add = allowance(change.case, change.actor)
    if not may_add.days:
        raise NotPossible(may_add.why_not)
    if not 1 <= days <= may_add.days:
        raise NotPossible(too_many(may_add) if days > may_add.days else SAY_HOW_MANY)
    clock = next(c for c in change.clockwork.clocks if may_add.clock and c.pk == may_add.clock.pk)
    before = clock.due_at
    change.clockwork.extend(clock, days, change.now)
    if before is None or clock.due_at is None or clock.due_at <= change.now:
        raise NotPossible(_("With so few days the new promised day would be in the past."))
    told = moves_told(change.clockwork, [(Stage.RESOLUTION, before, clock.due_at)]) | {
        "given_by": may_add.level
    }
    return Outcome(clock.due_at, {"old": before.isoformat(), "new": clock.due_at.isoformat()} | told)


def _decided_with_it(escalation: Escalation, actor: Actor, ruling: Ruling) -> list[Escalation]:
    """One word settles the case on all levels of whoever gave it; that one escalation had no ground says nothing
    of the others."""
    if ruling.decision == Decision.UNFOUNDED:
        return []
    others = Escalation.objects.open().filter(complaint=escalation.complaint_id, level__in=levels_of(actor))
    return list(others.exclude(pk=escalation.pk))


def _tell(change: Change, ruling: Ruling, outcome: Outcome) -> None:
    """The citizen by mail; who works on it, and of a word from above the agency's head too, by a line in the next
    digest. Of a case that moves on, the services that move it tell the agencies and, where it is referred, the
    citizen."""
    about = {"decision": str(ruling.decision), **outcome.data}
    if ruling.decision != Decision.REFER and change.case.parent_id is None:
        change.tell_citizen(LadderMessage.DECISION, about)
        change.tell_merged(LadderMessage.DECISION, about)
    at = office_moment(change.clockwork.calendar_row(), change.now)
    if ruling.decision == Decision.EXTEND:
        above = min(int(outcome.data["given_by"]) + 1, Level.OMBUDSMAN)
        change.tell(Reader.of_level(above), LadderMessage.EXTENDED, about, at=at)
    if ruling.decision != Decision.REASSIGN:
        change.tell(Reader.WORKERS, LadderMessage.DECISION, about, at=at)
        if change.case.agency_id is not None and role_of(change.actor) not in AGENCY_ROLES:
            change.tell(Reader.LEVEL_1, LadderMessage.DECISION, about, at=at)


def _act(escalation: Escalation, ruling: Ruling, actor: Actor, now: datetime) -> None:
    """Moves the case where the decision moves it, by the service of that verb."""
    if ruling.decision == Decision.REASSIGN and ruling.agency is not None:
        reassignment.reassign(
            escalation.complaint_id, actor=actor, now=now, agency=ruling.agency, answer=ruling.answer
        )
    elif ruling.decision == Decision.REFER and ruling.body is not None:
        verification.refer(
            escalation.complaint_id,
            actor=actor,
            now=now,
            body=ruling.body,
            reference=ruling.reference,
            words=ruling.words,
        )


def _working_days_later(change: Change, days: int) -> datetime:
    _row, calendar = calendar_for(change.case.agency_id)
    moment = due_at(change.now, Target(days, Unit.WORKING_DAYS), calendar)
    assert moment is not None  # nothing pauses it
    return moment


def _write(escalation: Escalation, from_states: list[EscalationState], **values: object) -> None:
    """A conditional update: of two people deciding at once, one is told that it is done already."""
    if not Escalation.objects.filter(pk=escalation.pk, state__in=from_states).update(**values):
        raise NotPossible(_("Somebody has dealt with this escalation already."))
    escalation.refresh_from_db()


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
