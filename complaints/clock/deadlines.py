"""Starts, stops and pauses the clocks of a case and stores what follows from them on the case.

The only writer of due moments. The arithmetic is in arithmetic.py; here is which clock runs when:
verification and resolution from receipt, first response from assignment, the citizen's own two
clocks while the city waits for them. Asking the citizen makes the city's clocks stand still; an
answer lets them go on where they stood, never anew.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from complaints.clock.arithmetic import Pause as Standstill
from complaints.clock.arithmetic import due_at, in_working_days, share_at
from complaints.clock.calendars import build, calendar_for, service_levels
from complaints.clock.city_time import day_of, start_of
from complaints.clock.given import extended, given_due
from complaints.database import bulk
from complaints.database.kept_statements import rows_of
from complaints.history.rows import CLOCK, PAUSE, Rows
from complaints.models import Clock, Complaint, OfficeCalendar, Pause, Stopped
from complaints.models.policy import Stage, pausing_questions, target_of
from complaints.states import ACTIVE, OPEN, State

Move = tuple[str, datetime | None, datetime | None]  # stage, from when, to when
# What a part of a shared case takes over from its lead. A first response is each agency's own.
FROM_LEAD = (Stage.RESOLUTION, Stage.CITIZEN_ANSWER, Stage.CONFIRMATION)
CITY_STAGES = frozenset({Stage.VERIFICATION, Stage.FIRST_RESPONSE, Stage.RESOLUTION})


def policy_for(
    kind: str, category_id: int | None, on: date, city: OfficeCalendar | None = None
) -> dict[str, Any]:
    """The targets in force on `on`, the category's own before the general. LookupError when there are none.

    `city` is the city's calendar where the caller has it at hand.
    """
    fitting = [
        level
        for level in service_levels(city or calendar_for(None)[0])
        if level.kind == kind and level.valid_from <= on and level.category_id in (None, category_id)
    ]
    if not fitting:
        raise LookupError(f"no service level for {kind!r} on {on}: run manage.py load_city")
    return max(fitting, key=lambda level: (level.category_id is not None, level.valid_from)).targets()


# What a part's clock takes from its lead's.
TAKEN = ("cycle", "calendar", "started_at", "amount", "unit", "extended_by", "given_due_at")


class Clockwork:
    """The clocks of one case while it is being changed. Call `store` once at the end."""

    def __init__(
        self,
        case: Complaint,
        clocks: list[Clock],
        pauses: list[Pause],
        city: OfficeCalendar | None = None,
    ) -> None:
        self.case, self.clocks, self.pauses = case, clocks, pauses
        # Stages whose miss was noticed and is none any more, since their moment moved into the future.
        self.taken_back: list[str] = []
        self._changed: dict[int, Clock | Pause] = {}
        self._calendars: dict[int | None, OfficeCalendar] = {None: city} if city else {}
        self._before = {id(clock): CLOCK.snapshot(clock) for clock in clocks}
        self._before |= {id(pause): PAUSE.snapshot(pause) for pause in pauses}

    @classmethod
    def load(cls, case: Complaint) -> "Clockwork":
        clocks = rows_of("running clocks", case.pk, 0, lambda pk: Clock.of_case(pk).filter(stopped_at=None))
        return cls(case, clocks, rows_of("pauses", case.pk, 0, lambda pk: Pause.objects.filter(complaint=pk)))

    def start(self, stage: Stage, at: datetime) -> None:
        """Starts the target of `stage`, counted by the calendar of the agency that has the case."""
        target = target_of(self.case.policy, stage)
        clock = Clock(
            complaint=self.case,
            stage=stage,
            cycle=self.case.cycle,
            calendar=self.calendar_row(),
            amount=target.amount,
            unit=target.unit.value,
            started_at=at,
        )
        self._compute_due(clock, at)
        self.clocks.append(clock)

    def give(self, due: datetime, at: datetime) -> None:
        """Lets the promise that was just started be the one that another system made."""
        clock = self.clocks[-1]
        clock.given_due_at = due
        self._compute_due(clock, at)

    def start_again(self, stage: Stage, at: datetime) -> None:
        """Lets the last target of `stage` run on as if it had never been stopped: from its own beginning, with what
        was granted since and the pauses of this case. In a new row, which may be missed by itself."""
        former = Clock.objects.filter(complaint=self.case, stage=stage).select_related("calendar").last()
        self.start(stage, former.started_at if former else self.case.received_at)
        if former is not None:
            clock = self.clocks[-1]
            clock.calendar, clock.cycle = former.calendar, former.cycle
            clock.amount, clock.unit, clock.extended_by = former.amount, former.unit, former.extended_by
            clock.given_due_at = former.given_due_at
            self._compute_due(clock, at)

    def calendar_row(self) -> OfficeCalendar:
        """The calendar that counts for the agency that has the case, asked for once a change."""
        agency = self.case.agency_id
        if agency not in self._calendars:
            self._calendars[agency] = calendar_for(agency)[0]
        return self._calendars[agency]

    def stop(self, *stages: Stage, at: datetime, why: Stopped) -> None:
        """Stops the running clocks of these stages; without any, all of them."""
        for clock in self._running(stages):
            clock.stopped_at, clock.stopped_by = at, why
            self.mark(clock)

    def asked(self) -> int:
        """How many questions there were in this round, whoever asked them."""
        since = self.round_began or self.case.received_at
        return sum(pause.started_at >= since for pause in self.pauses)

    @property
    def round_began(self) -> datetime | None:
        """When the answer that is waited for was promised: on receipt, at a dispute, when a referral came back."""
        began = [clock.started_at for clock in self._running((Stage.RESOLUTION,))]
        if self.case.disputed_at is not None:
            began.append(self.case.disputed_at)
        return max(began, default=None)

    @property
    def next_question_pauses(self) -> bool:
        """Whether another question would stop the clocks."""
        return self.asked() < pausing_questions(self.case.policy)

    @property
    def stands_still(self) -> bool:
        """Whether the city's clocks wait for the citizen now."""
        return any(pause.ended_at is None and pause.stops_clock for pause in self.pauses)

    def pause(self, at: datetime) -> None:
        """Lets the city's clocks stand still, unless the citizen was asked often enough, and starts the citizen's."""
        # By its moment history and parts know a pause. A host whose clock is behind would give two the same.
        at = max([at, *(pause.started_at + timedelta(microseconds=1) for pause in self.pauses)])
        pause = Pause(complaint=self.case, started_at=at, stops_clock=self.next_question_pauses)
        self.pauses.append(pause)
        self.mark(pause)
        self._compute_all(at)
        self.start(Stage.CITIZEN_ANSWER, at)

    def resume(self, at: datetime, why: Stopped) -> None:
        """Lets the city's clocks go on where they stood; `why` the citizen's one is over. Those of a part stand still
        as long as its lead's do."""
        if self.case.parent_id is None:
            self._go_on(at, why)

    def _go_on(self, at: datetime, why: Stopped) -> None:
        at = max([at, *(pause.started_at for pause in self.pauses if pause.ended_at is None)])
        for pause in self.pauses:
            if pause.ended_at is None:
                pause.ended_at = at
                self.mark(pause)
        self.stop(Stage.CITIZEN_ANSWER, at=at, why=why)
        self._compute_all(at)

    def end(self, at: datetime, why: Stopped) -> None:
        """Stops everything; a clock that stood still is first given the due moment it would have had."""
        self._go_on(at, why)
        self.stop(at=at, why=why)

    def answer(self, at: datetime) -> None:
        """Stops what an answer settles, and starts the citizen's time to judge it. A part may be answered while its
        lead waits for the citizen."""
        self._go_on(at, Stopped.DONE)
        self.stop(Stage.FIRST_RESPONSE, Stage.RESOLUTION, at=at, why=Stopped.DONE)
        self.start(Stage.CONFIRMATION, at)

    def moved_promise(self) -> bool:
        """Whether something changed that the parts of a shared case follow."""
        return bool(self.changed_pauses()) or any(clock.stage in FROM_LEAD for clock in self.changed_clocks())

    def move(self, at: datetime) -> list[Move]:
        """Works out every due moment anew after a change of calendar, target, start or pauses; `moves_told` says in
        an event what moved."""
        moved = []
        for clock in self._running():
            before = clock.due_at
            self._compute_due(clock, at)
            if clock.due_at != before:
                moved.append((clock.stage, before, clock.due_at))
        return moved

    def correct(self, policy: dict[str, Any], at: datetime) -> list[Move]:
        """Gives what the case would have, had it been filed under `policy`: counted from the same starts, with the
        same pauses and with every extension granted since. What has ended stays as it was judged."""
        self.case.policy = policy
        for clock in self._running():
            target = target_of(policy, clock.stage)
            if clock.extended_by:
                pauses = standstills(self.pauses)
                target = in_working_days(clock.started_at, target, build(clock.calendar), pauses)
            clock.amount, clock.unit = target.amount + clock.extended_by, target.unit.value
        return self.move(at)

    def follow(self, lead: "Clockwork", at: datetime, *, begin: bool = False) -> list[Move]:
        """Gives a part of a shared case the promise of its lead: policy, calendar, start, target with what was added
        to it, the pauses, the one that still lasts included, and the time that the citizen has.

        `begin`: a promise that does not run here yet begins.
        """
        before = {clock.stage: clock.due_at for clock in self._running()}
        self.case.policy = lead.case.policy
        if self.case.state in ACTIVE:
            self._take_pauses(lead)
            stages: tuple[Stage, ...] = (Stage.RESOLUTION, Stage.CITIZEN_ANSWER)
        else:
            stages = (Stage.CONFIRMATION,)
        for stage in stages:
            self._take(stage, lead, at, begin or stage == Stage.CITIZEN_ANSWER)
        self._compute_all(at)
        after = {clock.stage: clock.due_at for clock in self._running()}
        found = [(stage, before.get(stage), after.get(stage)) for stage in before | after]
        return [move for move in found if move[1] != move[2]]

    def _take_pauses(self, lead: "Clockwork") -> None:
        mine = {pause.started_at: pause for pause in self.pauses}
        for theirs in lead.pauses:
            pause = mine.get(theirs.started_at) or Pause(complaint=self.case, started_at=theirs.started_at)
            if pause._state.adding:
                self.pauses.append(pause)
            if pause._state.adding or pause.ended_at != theirs.ended_at:
                pause.ended_at, pause.stops_clock = theirs.ended_at, theirs.stops_clock
                self.mark(pause)

    def _take(self, stage: Stage, lead: "Clockwork", at: datetime, begin: bool) -> None:
        theirs = next((clock for clock in lead.clocks if clock.stage == stage and clock.is_running), None)
        mine = next(iter(self._running((stage,))), None)
        if theirs is None:
            if mine is not None and stage == Stage.CITIZEN_ANSWER:
                self.stop(stage, at=at, why=lead.why_stopped(stage))
            return
        if mine is not None and mine.started_at != theirs.started_at:  # another run, in a row of its own
            self.stop(stage, at=at, why=Stopped.DONE)
            mine, begin = None, True
        if mine is None and begin:
            mine = Clock(complaint=self.case, stage=stage)
            self.clocks.append(mine)
        for name in TAKEN if mine else ():
            setattr(mine, name, getattr(theirs, name))

    def why_stopped(self, stage: Stage) -> Stopped:
        stopped = [clock for clock in self.clocks if clock.stage == stage and not clock.is_running]
        return Stopped(stopped[-1].stopped_by) if stopped else Stopped.DONE

    def extend(self, clock: Clock, amount: int, at: datetime) -> None:
        """Adds to the target of a running clock, in its own unit; what was promised first stays as it was."""
        clock.amount += amount
        clock.extended_by += amount
        clock.warned_at = None
        self._compute_due(clock, at)

    def promises(self) -> dict[str, str | None]:
        """For an event: the first promise of each running clock that was given more time since."""
        return {
            clock.stage: clock.promised_at.isoformat() if clock.promised_at else None
            for clock in self._running()
            if clock.extended_by
        }

    def look_at_referral(self, after_days: int | None, at: datetime) -> None:
        """When a referral is looked at again: at the first opening on or after that day; None: not any more."""
        if after_days is None:
            self.case.check_at = None
            return
        day = day_of(at) + timedelta(days=after_days)
        self.case.check_at = office_moment(self.calendar_row(), start_of(day))

    def settle(self) -> None:
        """Writes onto the case what falls due next, the promised resolution and the sweep's next look."""
        case, running = self.case, self._running()
        state, is_part = case.state, case.parent_id is not None
        case.due_at = min([clock.due_at for clock in running if clock.due_at], default=None)
        case.target_at = self._target()
        # Nothing happens to a part when the citizen's time is up: its lead lapses.
        own = [clock for clock in running if not (is_part and clock.stage == Stage.CITIZEN_ANSWER)]
        moments = [moment for clock in own for moment in next_action_moments(clock)]
        if case.watch_at is not None:
            moments.append(case.watch_at)
        case.next_action_at = min(moments, default=None) if state in OPEN else None
        if state not in OPEN:
            case.watch_at = case.next_level = None
        if state == State.REFERRED:
            case.next_action_at = case.check_at

    def store(self) -> None:
        """Inserts and updates what changed; the case itself is saved by the caller."""
        new = [clock for clock in self.clocks if clock._state.adding]
        for row in self._changed.values():
            if isinstance(row, Pause) or not row._state.adding:
                row.save()
        bulk.insert(Clock, new)

    def rows(self) -> Rows:
        """What the event of this change records of clocks and pauses."""
        said: Rows = {}
        for table, rows in ((CLOCK, self.clocks), (PAUSE, self.pauses)):
            for row in rows:
                if id(row) not in self._changed:
                    continue  # nor is it stored
                before = self._before.get(id(row))
                if before is None:
                    said.setdefault(f"+{table.code}", []).append(table.whole(row))
                elif columns := table.changed(row, before):
                    said.setdefault(table.code, []).append(table.spelled(table.key, before) | columns)
        return said

    def changed_clocks(self) -> list[Clock]:
        return [row for row in self._changed.values() if isinstance(row, Clock)]

    def changed_pauses(self) -> list[Pause]:
        return [row for row in self._changed.values() if isinstance(row, Pause)]

    def mark(self, row: Clock | Pause) -> None:
        """Remembers that `row` is to be stored."""
        self._changed[id(row)] = row

    def _target(self) -> datetime | None:
        resolution = [c for c in self.clocks if c.stage == Stage.RESOLUTION]
        return resolution[-1].due_at if resolution else self.case.target_at

    def _running(self, stages: tuple[Stage, ...] = ()) -> list[Clock]:
        return [c for c in self.clocks if c.stopped_at is None and (not stages or c.stage in stages)]

    def _compute_all(self, at: datetime) -> None:
        still = standstills(self.pauses)
        for clock in self._running():
            self._compute_due(clock, at, still)

    def _compute_due(self, clock: Clock, at: datetime, still: tuple[Standstill, ...] | None = None) -> None:
        """`still`: when the city's clocks stood still, where that is known."""
        calendar = build(clock.calendar)
        still = standstills(self.pauses) if still is None else still
        pauses = still if clock.stage in CITY_STAGES else ()
        if clock.given_due_at is not None:
            clock.promised_at = given_due(clock.given_due_at, clock.started_at, calendar, pauses)
            clock.due_at = extended(clock.promised_at, clock.extended_by, clock.target.unit, calendar)
        else:
            clock.due_at = clock.promised_at = due_at(clock.started_at, clock.target, calendar, pauses)
            if clock.extended_by:
                clock.promised_at = due_at(clock.started_at, clock.promised_target, calendar, pauses)
        clock.warn_at = None
        if clock.due_at is not None and clock.given_due_at is None and clock.stage in CITY_STAGES:
            share = Fraction(self.case.policy.get("warn_at_percent", 75), 100)
            clock.warn_at = share_at(clock.started_at, clock.target, calendar, share, pauses)
        self._take_back(clock, at)
        self.mark(clock)

    def _take_back(self, clock: Clock, at: datetime) -> None:
        """What was noticed too early, as it turns out: a miss or a reminder whose moment is still to come."""
        if clock.breached_at is not None and (clock.due_at is None or clock.due_at > at):
            clock.breached_at = None
            self.taken_back.append(clock.stage)
        if clock.warned_at is not None and clock.warn_at is not None and clock.warn_at > at:
            clock.warned_at = None


def moves_told(clockwork: Clockwork, moved: list[Move]) -> dict[str, Any]:
    """What moved, for an event: [stage, from, to] each, the first promises that were extended since, and which
    misses are none any more."""
    told: dict[str, Any] = {"moved": [[stage, _iso(old), _iso(new)] for stage, old, new in moved]}
    told["promised"] = clockwork.promises()
    return told | ({"taken_back": clockwork.taken_back} if clockwork.taken_back else {})


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def standstills(pauses: list[Pause]) -> tuple[Standstill, ...]:
    """Those in which the clocks stood still."""
    return tuple(Standstill(pause.started_at, pause.ended_at) for pause in pauses if pause.stops_clock)


def next_action_moments(clock: Clock) -> list[datetime]:
    """When the sweep has to look at a running clock: at its warning, then when it falls due."""
    if clock.due_at is None or clock.breached_at is not None:
        return []
    moments = [clock.due_at]
    if clock.warn_at is not None and clock.warned_at is None and clock.warn_at < clock.due_at:
        moments.append(clock.warn_at)
    return moments


def office_moment(row: OfficeCalendar, at: datetime) -> datetime:
    """`at` when the office is open then, else its next opening: no mail at night or on days off."""
    return build(row).next_opening(at)
