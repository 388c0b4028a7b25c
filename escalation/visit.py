"""What the sweep does with one case that has fallen due. Works in memory; sweep.py stores it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from complaints.deadlines import CITY_STAGES, Clockwork
from complaints.events import draft_row
from complaints.models import Clock, Complaint, EventKind, Message
from complaints.models.policy import Stage
from complaints.notifications import draft_message_row
from complaints.states import ACTIVE, State
from escalation.ladder import Ladder, highest
from escalation.models import Decision, Escalation, Level, Trigger

# The most telling stage first: it gives the escalation its name.
_STAGE_ORDER = (Stage.RESOLUTION, Stage.FIRST_RESPONSE, Stage.VERIFICATION)


@dataclass
class Visit:
    """One case, its running clocks and its escalations so far; after `run`, what is to be stored."""

    case: Complaint
    clockwork: Clockwork
    earlier: list[Escalation]
    ladder: Ladder
    # Plain rows of Event and Message for bulk.insert.
    events: list[Any] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    raised: list[Escalation] = field(default_factory=list)
    warned: int = 0
    lapsed: int = 0
    closed: int = 0

    @property
    def now(self) -> datetime:
        return self.ladder.now

    def run(self) -> None:
        """Does all that has fallen due, so that one visit after a week makes up for the week."""
        if not self._end_citizens_time() and self.case.state in ACTIVE:
            missed = self._mark_missed()
            self._warn()
            if missed:
                self._raise(Trigger.BREACH, f"{missed[0].stage}:{missed[0].cycle}:{missed[0].pk}", missed)
            self._raise_for_conduct()
            self._climb()
            self._watch()
        self.case.sweep_error = ""
        self.clockwork.settle()
        if self.case.next_action_at is not None and self.case.next_action_at <= self.now:
            raise RuntimeError("the case would fall due again at once")

    def _end_citizens_time(self) -> bool:
        """Lapses a question nobody answered, closes an answer nobody disputed."""
        over = {c.stage for c in self._running() if c.due_at is not None and c.due_at <= self.now}
        if self.case.state == State.AWAITING_CITIZEN and Stage.CITIZEN_ANSWER in over:
            self.case.lapse()
            kind, self.lapsed = EventKind.LAPSED, 1
        elif self.case.state == State.RESOLVED and Stage.CONFIRMATION in over:
            self.case.auto_close()
            kind, self.closed = EventKind.AUTO_CLOSED, 1
        else:
            return False
        self.clockwork.end(self.now)
        self.case.ended_at = self.case.ended_at or self.now
        self.case.returns_to = ""
        self._event(kind)
        if not self.case.is_anonymous and self.case.parent_id is None:
            self._tell(None, Message.Template.CLOSING, self.now)
        return True

    def _mark_missed(self) -> list[Clock]:
        missed = [
            clock
            for clock in self._running()
            if clock.stage in CITY_STAGES and clock.due_at is not None and clock.due_at <= self.now
            if clock.breached_at is None
        ]
        for clock in missed:
            clock.breached_at = self.now
            clock.warned_at = clock.warned_at or self.now
            self.clockwork.mark(clock)
        return sorted(missed, key=lambda clock: _STAGE_ORDER.index(Stage(clock.stage)))

    def _warn(self) -> None:
        for clock in self._running():
            if clock.warned_at is None and clock.warn_at is not None and clock.warn_at <= self.now:
                clock.warned_at = self.now
                self.clockwork.mark(clock)
                if clock.breached_at is None:
                    self.warned = 1
                    self._event(EventKind.WARNED, {"stage": clock.stage, "due": _iso(clock.due_at)})
                    self._tell_all(self._workers(), Message.Template.REMINDER)

    def _workers(self) -> list[User]:
        """Whose turn it is: the named handler, else the agency's officers, else the verifiers."""
        return self.ladder.workers(self.case.handler_id, self.case.agency_id)

    def _raise_for_conduct(self) -> None:
        case = self.case
        if case.disputed_at is not None and case.state in (State.IN_PROGRESS, State.AWAITING_CITIZEN):
            self._raise(Trigger.DISPUTED, f"cycle:{case.cycle}")
        rule = self.ladder.rule(Trigger.HANDED_BACK, case)
        if rule is not None and case.hand_backs >= max(rule.amount, 1):
            self._raise(Trigger.HANDED_BACK, f"times:{case.hand_backs}")
        if case.kind == "oversight":
            self._raise(Trigger.OVERSIGHT_KIND, "kind")

    def _climb(self) -> None:
        """What nobody acknowledged, decided or heeded in time goes one rung up."""
        for escalation in list(self.earlier):
            late = self._is_watched(escalation) and escalation.due_at <= self.now
            if late and escalation.level < Level.OMBUDSMAN:
                cause = f"{escalation.trigger}:{escalation.cause}"[:60]
                self._raise(Trigger.UNACKNOWLEDGED, cause, above=escalation.level)

    def _raise(self, trigger: Trigger, cause: str, missed: list[Clock] | None = None, above: int = 0) -> None:
        rule = self.ladder.rule(trigger, self.case, above=above)
        if rule is None and trigger == Trigger.UNACKNOWLEDGED:
            return
        stages = [[clock.stage, _iso(clock.due_at)] for clock in missed or []]
        if rule is None:
            if missed:
                self._event(EventKind.BREACHED, {"missed": stages})
                self._tell_all(self._workers(), Message.Template.BREACH)
            return
        done = [e for e in [*self.earlier, *self.raised] if e.trigger == trigger and e.cause == cause]
        if any(e.level == rule.level for e in done):
            return
        due = self.ladder.due(self.case.agency_id, rule)
        self.raised.append(
            Escalation(
                complaint_id=self.case.pk,
                level=rule.level,
                trigger=trigger,
                cause=cause,
                rule_id=rule.pk,
                raised_at=self.now,
                due_at=due,
            )
        )
        data: dict[str, Any] = {"level": rule.level, "trigger": str(trigger), "cause": cause}
        if missed:
            data["missed"] = stages
        self._event(EventKind.ESCALATED, data)
        people = self.ladder.people(rule.level, self.case)
        self._tell_all(people, Message.Template.ESCALATION, {"level": rule.level, "trigger": str(trigger)})

    def _watch(self) -> None:
        """When to look again whatever the clocks say: nobody may let a case lie once it was raised."""
        pending = [e for e in [*self.earlier, *self.raised] if e.is_open]
        watched = [e for e in [*self.earlier, *self.raised] if self._is_watched(e)]
        ahead = [e.due_at for e in watched if e.due_at > self.now]
        self.case.watch_at = min(ahead, default=None)
        if self.case.watch_at is None and (pending or not self._ticking()):
            self.case.watch_at = self.ladder.due(self.case.agency_id, None)
        self.case.next_level = min(highest(e.level for e in pending) + 1, Level.OMBUDSMAN)

    def _is_watched(self, escalation: Escalation) -> bool:
        """Open, or an instruction not heeded yet. One given before the answer now disputed was heeded."""
        disputed_at, decided_at = self.case.disputed_at, escalation.decided_at
        if disputed_at is not None and decided_at is not None and decided_at < disputed_at:
            return False
        return escalation.is_open or escalation.decision == Decision.INSTRUCT

    def _ticking(self) -> bool:
        return any(c.due_at is not None and c.breached_at is None for c in self._running())

    def _running(self) -> list[Clock]:
        return [clock for clock in self.clockwork.clocks if clock.is_running]

    def _event(self, kind: EventKind, data: dict[str, Any] | None = None) -> None:
        self.events.append(draft_row(self.case, kind, at=self.now, data=data or {}))

    def _tell_all(self, users: list[User], template: Message.Template, data: Any = None) -> None:
        for user in users:
            self._tell(user, template, self.ladder.office_moment(self.case.agency_id), data)

    def _tell(self, user: User | None, template: Message.Template, at: datetime, data: Any = None) -> None:
        self.messages.append(
            draft_message_row(
                template, case=self.case, cause=str(self.case.version), due_at=at, user=user, data=data
            )
        )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
