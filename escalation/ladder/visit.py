"""What the sweep does with one case that has fallen due. Works in memory; sweep.py stores it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from complaints.clock.deadlines import CITY_STAGES, Clockwork, standstills
from complaints.database.past_init import new_of
from complaints.history.rows import together
from complaints.models import Clock, Complaint, EventKind, Message, Reader
from complaints.models.complaint import OutsideAnswer
from complaints.models.policy import Stage
from complaints.services.change import BulkChange
from complaints.services.referral import check_referral_in
from complaints.services.system import auto_close_in, lapse_in, may_go_to_ombudsman_at, tell_of_ombudsman_in
from complaints.states import ACTIVE, State
from escalation.ladder.decisions import decider_of
from escalation.ladder.events import LadderEvent
from escalation.ladder.lifting import lift, lift_answered
from escalation.ladder.messages import LadderMessage
from escalation.ladder.models import (
    TO_HEED,
    Decision,
    Escalation,
    EscalationRule,
    Level,
    Lifted,
    Trigger,
)
from escalation.ladder.moved import AGAIN, cause_anew, climbed_from, missed_with, raised_for, too_early
from escalation.ladder.recorded import ESCALATION, POSTPONING, REMINDING
from escalation.ladder.rules import Ladder, highest
from escalation.ladder.standing import Round, charged_until, highest_called

# Cases that a visit may end, with their parts.
ENDING = frozenset({State.AWAITING_CITIZEN, State.RESOLVED})
# The most telling stage first: it gives the escalation its name.
_STAGES: dict[str, int] = {Stage.RESOLUTION: 0, Stage.FIRST_RESPONSE: 1, Stage.VERIFICATION: 2}


@dataclass
class Visit:
    """One case, its running clocks and its escalations so far; after `run`, what is to be stored."""

    change: BulkChange
    earlier: list[Escalation]
    ladder: Ladder
    # Repetitions that this case, the newest of its unit, completes: (rule, cause).
    repeated: list[tuple[EscalationRule, str]] = field(default_factory=list)
    raised: list[Escalation] = field(default_factory=list)
    lifted: list[Escalation] = field(default_factory=list)
    reminded: list[Escalation] = field(default_factory=list)
    postponed: list[Escalation] = field(default_factory=list)
    _kept_round: Round | None = None  # until one is raised or lifted
    warned: int = 0
    lapsed: int = 0
    closed: bool = False

    @property
    def only_planned(self) -> bool:
        """Whether nothing had fallen due: the visit has found out when to come next."""
        return not (self.change.event_rows or self.clockwork.changed_clocks())

    def __post_init__(self) -> None:
        self.case: Complaint = self.change.case
        self.clockwork: Clockwork = self.change.clockwork
        self.now: datetime = self.ladder.now
        # Of a case that goes on no clock stops and no pause begins or ends in a visit.
        self._running = [clock for clock in self.clockwork.clocks if clock.stopped_at is None]
        self._standstills = standstills(self.clockwork.pauses)
        self._round_began = self.clockwork.round_began

    def run(self) -> None:
        """Does all that has fallen due, so that one visit after a week makes up for the week."""
        state = self.case.state
        if state == State.REFERRED:
            check_referral_in(self.change)
        elif not (state in ENDING and self._end_citizens_time(state)) and state in ACTIVE:
            self._lift_answered()
            missed = self._mark_missed(self._lift_moved())
            self._warn()
            ahead = self._raise_timed(Trigger.SHARE)
            if missed:
                self._raise(Trigger.BREACH, self._cause(missed[0]), missed)
            ahead += self._raise_timed(Trigger.OVERDUE)
            self._raise_for_conduct()
            self._climb()
            self._insist()
            self._watch(ahead + self._tell_of_ombudsman())
        self.case.sweep_error = ""
        self.clockwork.settle()
        self.change.record_rows()
        if self.case.next_action_at is not None and self.case.next_action_at <= self.now:
            raise RuntimeError("the case would fall due again at once")

    def _end_citizens_time(self, state: str) -> bool:
        """Lapses a question nobody answered, closes an answer nobody disputed."""
        over = {c.stage for c in self._running if c.due_at is not None and c.due_at <= self.now}
        if state == State.AWAITING_CITIZEN and Stage.CITIZEN_ANSWER in over:
            lapse_in(self.change)
            self.lapsed = 1
        elif state == State.RESOLVED and Stage.CONFIRMATION in over:
            self.closed = auto_close_in(self.change)
        return bool(self.lapsed or self.closed)

    def _lift_answered(self) -> None:
        """An answer settled what was raised before it, though it was disputed before a sweep came."""
        disputed_at = self.case.disputed_at
        for escalation in self.earlier:
            if disputed_at is not None and escalation.is_open and escalation.raised_at < disputed_at:
                row = lift_answered(escalation, self.case, State.RESOLVED, self.change.now)
                self.change.event_rows.append(row)
                self.lifted.append(escalation)
                self._kept_round = None

    def _lift_moved(self) -> list[Clock]:
        """Lifts what was raised for a moment that has moved into the future; whoever was told is told so. Returns
        the clocks whose miss was raised together with one that was none, and is before nobody any more."""
        left: dict[int, Clock] = {}
        if not self.earlier:
            return []
        presses = self._presses() or bool(self._unnoticed())
        found = too_early(self.earlier, self._running, self.now, self._moment, presses=presses)
        for escalation, clock in list(found):
            data = {"stage": clock.stage, "due": _iso(clock.due_at)}
            row = lift(escalation, self.case, Lifted.MOVED, self.change.now, data)
            self.change.event_rows.append(row)
            self.lifted.append(escalation)
            self._kept_round = None
            left |= {c.pk: c for c in missed_with(escalation, self._running, self.now)}
            told = data | {"level": escalation.level}
            self._tell(Reader.of_level(escalation.level), LadderMessage.LIFTED, told)
        return list(left.values())

    def _unnoticed(self) -> list[Clock]:
        return [
            clock
            for clock in self._running
            if clock.stage in CITY_STAGES and clock.due_at is not None and clock.due_at <= self.now
            if clock.breached_at is None
        ]

    def _moment(self, rule: EscalationRule, clock: Clock) -> datetime | None:
        return self.ladder.moment(rule, clock, self._standstills)

    def _mark_missed(self, left: list[Clock]) -> list[Clock]:
        """What is missed and was not noticed, and of what was noticed earlier what is `left` to be raised."""
        missed = self._unnoticed()
        for clock in missed:
            clock.breached_at = self.now
            clock.warned_at = clock.warned_at or self.now
            self.clockwork.mark(clock)
        return sorted([*missed, *left], key=lambda clock: _STAGES[clock.stage])

    def _warn(self) -> None:
        for clock in self._running:
            if clock.warned_at is None and clock.warn_at is not None and clock.warn_at <= self.now:
                clock.warned_at = self.now
                self.clockwork.mark(clock)
                if clock.breached_at is None:
                    self.warned = 1
                    self.change.event(EventKind.WARNED, {"stage": clock.stage, "due": _iso(clock.due_at)})
                    self._tell(Reader.WORKERS, Message.Template.REMINDER)

    def _cause(self, clock: Clock) -> str:
        """Names one run of one target; each extension that was granted makes it a new one."""
        cause = f"{clock.stage}:{clock.cycle}:{clock.id}"
        if clock.stage != Stage.RESOLUTION:
            return cause
        # One word may have decided several.
        extended = len({e.decided_at for e in self.earlier if e.decision == Decision.EXTEND})
        return f"{cause}:x{extended}" if extended else cause

    def _raise_timed(self, trigger: Trigger) -> list[datetime]:
        """Raises what a share used or a time overdue asks for, and returns the moments that are still to come.

        A share counts until the target is missed; while the case waits for the citizen neither counts.
        """
        ahead: list[datetime] = []
        if self.clockwork.stands_still:
            return ahead
        for clock in self._running:
            if clock.stage not in CITY_STAGES or clock.due_at is None:
                continue
            if trigger == Trigger.SHARE and clock.due_at <= self.now:
                continue
            for rule in self.ladder.timed(trigger, self.case.kind, clock.stage):
                moment = self._moment(rule, clock)
                if moment is not None and moment <= self.now:
                    self._raise_by(rule, self._cause(clock), [clock])
                elif moment is not None:
                    ahead.append(moment)
        return ahead

    def _raise_for_conduct(self) -> None:
        case = self.case
        if case.disputed_at is not None and not case.outside_answer:  # wherever it went in the city since
            self._raise(Trigger.DISPUTED, f"cycle:{case.cycle}")
        if case.outside_answer == OutsideAnswer.NO:
            cause, back = f"cycle:{case.cycle}", Trigger.BROUGHT_BACK
            if not any(e.trigger == back and e.cause == cause for e in self.earlier):
                self._call(Level.INSPECTORATE, back, cause, None)
        by_times = self.ladder.timed(Trigger.HANDED_BACK, case.kind, "")
        reached = [rule for rule in by_times if case.hand_backs >= max(rule.amount, 1)]
        if reached:
            self._raise_by(reached[-1], f"times:{case.hand_backs}")
        if case.is_oversight:
            self._raise(Trigger.OVERSIGHT_KIND, "kind")
        for rule, cause in self.repeated:
            self._raise_by(rule, cause)

    def _tell_of_ombudsman(self) -> list[datetime]:
        """Once, when the law's time is over; returns the moment that is still to come."""
        at = may_go_to_ombudsman_at(self.case)
        if at is None or at > self.now:
            return [at] if at is not None else []
        tell_of_ombudsman_in(self.change)
        return []

    def _climb(self) -> None:
        """What nobody acknowledged, decided or heeded in time goes one level up, the highest first.

        A level that has the case before it because nobody answered is not called again for another reason.
        """
        for escalation in sorted(self._watched(), key=lambda e: (-e.level, e.raised_at, e.id or 0)):
            late = escalation.due_at <= self.now and not self._has_more_time(escalation)
            if late and escalation.level < Level.OMBUDSMAN and not self._is_called_above(escalation):
                self._raise(Trigger.UNACKNOWLEDGED, climbed_from(escalation), above=escalation.level)

    def _has_more_time(self, escalation: Escalation) -> bool:
        """Days off decided since count for whoever has to answer it, too; a day that a person set stays."""
        due = self.ladder.due_anew(self.case.agency_id, escalation)
        if due is None or due <= self.now:
            return False
        escalation.due_at = due
        self.postponed.append(escalation)
        rows = {"escalation": [ESCALATION.named(escalation, POSTPONING)]}
        self.change.rows = together(self.change.rows, rows)
        return True

    def _is_called_above(self, escalation: Escalation) -> bool:
        return any(
            e.is_open and e.trigger == Trigger.UNACKNOWLEDGED and e.level > escalation.level
            for e in [*self.earlier, *self.raised]
        )

    def _insist(self) -> None:
        """A case that is late, or where a word was not heeded, is never left: whoever set a day that has passed is
        reminded, a level is called where nobody is charged with it any more, and the highest one that was
        called is told of it once a week."""
        for word in self._round().words:
            is_over = word.due_at <= self.now and (word.reminded_at or word.raised_at) < word.due_at
            if is_over and (word.decision in TO_HEED or self._is_late()):
                self._remind(word, "date")
        if not self._presses():
            return
        called = highest_called(self._round().all)
        if called is None and (self._reminder_at(None) > self.now or self.clockwork.stands_still):
            return  # no rule raised it when it was missed: it has a week
        if not charged_until(self._round(), self.now) and not self._is_with_the_top(called):
            self._call_again(called)
        elif called is not None and called.pk and self._reminder_at(called) <= self.now:
            self._remind(called, "late")

    def _round(self) -> Round:
        if self._kept_round is None:
            self._kept_round = Round.of([*self.earlier, *self.raised], self._round_began)
        return self._kept_round

    def _is_late(self) -> bool:
        return any(clock.breached_at is not None for clock in self._running)

    def _presses(self) -> bool:
        return self._is_late() or any(
            e.decision in TO_HEED and e.due_at <= self.now for e in self._round().words
        )

    def _above(self, level: int) -> EscalationRule | None:
        return self.ladder.rule(Trigger.UNACKNOWLEDGED, self.case, above=level)

    def _is_with_the_top(self, called: Escalation | None) -> bool:
        """Whether the case is open before those above whom there is nobody."""
        if called is None or self._above(called.level) is not None:
            return False
        return any(e.level == called.level for e in self._round().open)

    def _call_again(self, called: Escalation | None) -> None:
        """The next level above, or where there is none the same again, rule or no rule."""
        level = called.level if called else 0
        cause = f"{AGAIN}{len(self.earlier) + len(self.raised)}"
        if (rule := self._above(level)) is not None:
            self._raise_by(rule, cause)
        else:
            self._call(max(level, Level.AGENCY_HEAD), Trigger.UNACKNOWLEDGED, cause, None)

    def _reminder_at(self, called: Escalation | None) -> datetime:
        """A week after that level was last told, or where none was, after the first target was missed."""
        if called is not None:
            return self.ladder.week_after(called.reminded_at or called.raised_at)
        missed = [clock.breached_at for clock in self._running if clock.breached_at is not None]
        return self.ladder.week_after(min(missed, default=self.now))

    def _remind(self, escalation: Escalation, why: str) -> None:
        escalation.reminded_at = self.now
        self.reminded.append(escalation)
        about = {"level": escalation.level, "why": why, "due": _iso(escalation.due_at)}
        rows = {"rows": {"escalation": [ESCALATION.named(escalation, REMINDING)]}}
        self.change.event(LadderEvent.REMINDED, about | rows)
        decider = decider_of(escalation, self.case, self.now) if why == "date" else None
        at = self.ladder.office_moment(None)
        if decider is not None:
            self.change.tell_staff([decider], LadderMessage.STILL_LATE, about, at)
        else:
            self.change.tell(Reader.of_level(escalation.level), LadderMessage.STILL_LATE, about, at)

    def _raise(self, trigger: Trigger, cause: str, missed: list[Clock] | None = None, above: int = 0) -> None:
        rule = self.ladder.rule(trigger, self.case, above=above)
        if rule is not None:
            self._raise_by(rule, cause, missed)
        elif missed:
            self.change.event(EventKind.BREACHED, {"missed": _stages(missed)})
            self._tell(Reader.WORKERS, Message.Template.BREACH)

    def _raise_by(self, rule: EscalationRule, cause: str, missed: list[Clock] | None = None) -> None:
        """Once for each level, trigger and cause; anew where it was raised for a moment that has moved since, or
        before the case was merged into one in whose place it goes on."""
        trigger = rule.trigger
        done = [
            e
            for e in [*self.earlier, *self.raised]
            if (e.trigger, e.level) == (trigger, rule.level) and raised_for(cause, e)
        ]
        if any(e.lifted_because not in (Lifted.MOVED, Lifted.MERGED) for e in done):
            return
        self._call(rule.level, trigger, cause_anew(cause, len(done)), rule, missed)

    def _call(
        self,
        level: int,
        trigger: str,
        cause: str,
        rule: EscalationRule | None,
        missed: list[Clock] | None = None,
    ) -> None:
        what = {"level": level, "trigger": trigger, "cause": cause, "rule_id": rule.id if rule else None}
        when = {"raised_at": self.now, "due_at": self.ladder.due(self.case.agency_id, rule)}
        self.raised.append(new_of(Escalation, complaint_id=self.case.id, **what, **when))
        self._kept_round = None
        data: dict[str, Any] = {"level": level, "trigger": str(trigger), "cause": cause}
        data["rows"] = {"+escalation": [ESCALATION.whole(self.raised[-1])]}
        if missed:
            data["stages" if trigger == Trigger.SHARE else "missed"] = _stages(missed)
        self.change.event(LadderEvent.ESCALATED, data)
        about = {"level": level, "trigger": str(trigger)}
        self._tell(Reader.of_level(level), LadderMessage.ESCALATION, about)

    def _watch(self, moments: list[datetime]) -> None:
        """When to look again whatever the clocks say: nobody may let a case lie once it was raised.

        `moments` are those at which a rule will raise it.
        """
        pending = [e for e in [*self.earlier, *self.raised] if e.is_open]
        ahead = [e.due_at for e in self._watched() if e.due_at > self.now] + moments
        if self._presses():
            ahead += charged_until(self._round(), self.now)
            at = self._reminder_at(highest_called(self._round().all))
            ahead.append(at if at > self.now else self.ladder.week_after(self.now))
        self.case.watch_at = min(ahead, default=None)
        if self.case.watch_at is None and (pending or not self._ticking()):
            self.case.watch_at = self.ladder.due(self.case.agency_id, None)
        self.case.next_level = min(highest(e.level for e in pending) + 1, Level.OMBUDSMAN)

    def _watched(self) -> list[Escalation]:
        """The open ones, and instructions not heeded yet, be it to the agency that the case was given to."""
        round_ = self._round()
        return round_.open + [e for e in round_.words if e.decision in TO_HEED]

    def _ticking(self) -> bool:
        part = self.case.parent_id is not None  # for which nothing happens when the citizen's time is up
        running = [c for c in self._running if not (part and c.stage == Stage.CITIZEN_ANSWER)]
        return any(c.due_at is not None and c.breached_at is None for c in running)

    def _tell(self, reader: Reader, template: str, data: Any = None) -> None:
        self.change.tell(reader, template, data, self.ladder.office_moment(self.case.agency_id))


def _stages(clocks: list[Clock]) -> list[list[str | None]]:
    return [[clock.stage, _iso(clock.due_at)] for clock in clocks]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
