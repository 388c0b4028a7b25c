"""Visits every case that has fallen due, once, however often and on however many hosts it runs.

It reads one indexed column, in batches, oldest first, each batch in one transaction: a sweep that
dies half-way has lost and doubled nothing. On PostgreSQL a second sweep skips the rows that the
first one holds; on SQLite there is one writer. Unique rows and the case's version are the second lock.
"""

import gc
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db import connection, transaction
from django.db.models import F

from complaints.clock.calendars import calendars
from complaints.clock.city_time import day_of
from complaints.clock.deadlines import Clockwork
from complaints.database import bulk
from complaints.database.one_of import OneOf
from complaints.database.past_init import rows_of
from complaints.history.events import give_hashes, last_moments
from complaints.models import Clock, Complaint, Event, Message, Pause
from complaints.models.complaint import Conflict
from complaints.services.change import BulkChange, finish
from complaints.states import State
from escalation.ladder.lifting import lift_answered
from escalation.ladder.models import Escalation, EscalationRule, LadderState
from escalation.ladder.recorded import POSTPONING, REMINDING
from escalation.ladder.repeats import repetitions
from escalation.ladder.rules import Ladder, fingerprint, rules_in_force
from escalation.ladder.visit import ENDING, Visit

logger = logging.getLogger(__name__)
BATCH = 1000
SET_ASIDE = timedelta(hours=1)
# What a visit reads and may change of a case, and of a clock.
CASE_FIELDS = (
    "state",
    "returns_to",
    "ended_at",
    "due_at",
    "target_at",
    "next_action_at",
    "watch_at",
    "next_level",
    "version",
    "last_event_hash",
    "sweep_error",
    "check_at",
    "outside_asked",
    "ombudsman_told_at",
    "is_raised",
)
READ_FIELDS = (
    *CASE_FIELDS,
    "number",
    "kind",
    "agency_id",
    "handler_id",
    "parent_id",
    "is_anonymous",
    "cycle",
    "hand_backs",
    "disputed_at",
    "outside_answer",
    "receipt_digest",
    "received_at",
    "policy",
)
CLOCK_FIELDS = ("due_at", "promised_at", "warn_at", "warned_at", "breached_at", "stopped_at", "stopped_by")
PAUSE_FIELDS = ("ended_at", "stops_clock")
LIFT_FIELDS = ("state", "lifted_at", "lifted_because")


Broken = tuple[Complaint, Exception]


@dataclass
class Visited:
    """What one sweep found and did with cases."""

    due: int = 0  # visits at which something was done, or went wrong
    planned: int = 0  # visits that only found out when to come next
    warned: int = 0
    escalated: int = 0
    lapsed: int = 0
    closed: int = 0
    failed: int = 0


def sweep_cases(now: datetime, result: Visited, *, batch: int = BATCH) -> None:
    """Visits every case whose `next_action_at` has come, then lifts escalations of answered cases."""
    on = day_of(now)
    rules = rules_in_force(on)
    _renew_plans(now, rules)
    if _is_due(now):
        ladder = Ladder.read(now, on, rules)
        while _sweep_batch(now, ladder, batch, result):
            pass  # until nothing is left but what another sweep holds
    while _is_to_lift() and _lift_batch(now, batch):
        pass


def _renew_plans(now: datetime, rules: list[EscalationRule]) -> None:
    """Lets every active case be looked at anew once the rules in force or a calendar are others than at the
    last sweep, however long ago that was. Of two sweeps at once one does it."""
    mark = fingerprint(rules)
    state = LadderState.objects.first()
    if state is not None and state.fingerprint == mark:
        return
    with transaction.atomic():
        if state is None:
            _state, is_mine = LadderState.objects.get_or_create(pk=1, defaults={"fingerprint": mark})
        else:
            older = LadderState.objects.filter(pk=state.pk, fingerprint=state.fingerprint)
            is_mine = bool(older.update(fingerprint=mark))
        if is_mine:
            cases = Complaint.objects.active().filter(is_live=True)
            cases.filter(next_action_at__lte=now).update(watch_at=now)  # due anyway, but not for the rules
            cases.filter(next_action_at__gt=now).update(watch_at=now, next_action_at=now)


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """A batch is some hundred thousand objects that are all gone with it, and nothing of it goes round in circles:
    Python would go through all it has loaded again and again meanwhile, a fifth of a sweep's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _is_due(now: datetime) -> bool:
    return Complaint.objects.filter(next_action_at__lte=now).exists()


def _is_to_lift() -> bool:
    """In the order of the index, which `exists` would leave out: mostly there is none, and a large city would be read
    until one is found. Asked without a lock and without columns."""
    return bool(Complaint.objects.raised_and_answered().values_list("pk")[:1])


@_no_search_for_garbage()
def _sweep_batch(now: datetime, ladder: Ladder, batch: int, result: Visited) -> int:
    try:
        with transaction.atomic():
            _flush_later()
            visits, broken = _visit_and_store(now, ladder, batch)
    except Exception as error:  # noqa: BLE001 - one bad case must not stop the rest
        logger.error("a batch of the sweep failed (%s); going on by halves", type(error).__name__)
        keys = list(Complaint.objects.needing_action(now).values_list("pk", flat=True)[:batch])
        return _sweep_halves(now, ladder, keys, result)
    return _count(result, visits, broken)


def _flush_later() -> None:
    """Lets a batch not wait for the disk: PostgreSQL flushes it with the next change of anybody, before that one is
    confirmed. After a power cut a later sweep does again what was not flushed (decision 133)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")


def _sweep_halves(now: datetime, ladder: Ladder, keys: list[int], result: Visited) -> int:
    """Something in a batch does not store: halved again and again, so that only that one is put aside. Returns how
    many cases were done or put aside; what another changed meanwhile is left for the next sweep."""
    gone_on, middle = 0, (len(keys) + 1) // 2
    for some in filter(None, (keys[:middle], keys[middle:])):
        try:
            with transaction.atomic():
                visits, broken = _visit_and_store(now, ladder, len(some), some)
        except Exception as error:  # noqa: BLE001 - one bad case must not stop the rest
            if len(some) > 1:
                gone_on += _sweep_halves(now, ladder, some, result)
            elif not isinstance(error, Conflict):
                _set_aside(some[0], now, error)
                gone_on += _count(result, [], [error])
        else:
            gone_on += _count(result, visits, broken)
    return gone_on


def _visit_and_store(
    now: datetime, ladder: Ladder, batch: int, keys: list[int] | None = None
) -> tuple[list[Visit], list[Broken]]:
    cases = _claim(now, batch, keys)
    if not cases:
        return [], []
    visits, broken = visit_in_memory(cases, ladder)
    if keys is not None and len(keys) == 1:
        for _case, error in broken:
            raise error  # the database's own has ended this transaction, in which nothing could be put aside
    _store(visits)
    for case, error in broken:
        _set_aside(case.pk, now, error)
    return visits, broken


def _claim(now: datetime, batch: int, keys: list[int] | None = None) -> list[Complaint]:
    due = Complaint.objects.needing_action(now).only(*READ_FIELDS)
    if keys is not None:
        due = due.filter(OneOf(F("pk"), keys=keys))
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, no_key=True)
    cases = _first_of_each_whole(rows_of(due[:batch]))
    for case in cases:
        case.stored_version = case.version
    _give_parents([case for case in cases if case.parent_id is not None])
    return cases


def _give_parents(parts: list[Complaint]) -> None:
    found = Complaint.objects.only("state").in_bulk({part.parent_id for part in parts}) if parts else {}
    for part in parts:
        part.parent = found[part.parent_id]


def _first_of_each_whole(due: Iterable[Complaint]) -> list[Complaint]:
    """A whole that ends takes its parts with it: of those due together the oldest goes first, the rest next time."""
    first: dict[int, Complaint] = {}
    for case in due:
        first.setdefault(case.parent_id or case.id, case)
    return list(first.values())


def visit_in_memory(cases: list[Complaint], ladder: Ladder) -> tuple[list[Visit], list[Broken]]:
    """Runs every visit in memory. A case that raises is returned with its error."""
    pauses: dict[int, list[Pause]] = defaultdict(list)
    earlier: dict[int, list[Escalation]] = defaultdict(list)
    parts: dict[int, list[Complaint]] = defaultdict(list)
    keys = [case.id for case in cases]
    clocks = _clocks(keys)
    of_these = OneOf(F("complaint_id"), keys=keys)
    for pause in rows_of(Pause.objects.filter(of_these)):
        pauses[pause.complaint_id].append(pause)
    for escalation in rows_of(Escalation.objects.filter(of_these).order_by("pk")):
        if escalation.rule_id is not None:
            escalation.rule = ladder.rule_by_key(escalation.rule_id)
        earlier[escalation.complaint_id].append(escalation)
    merged: dict[int, list[Complaint]] = defaultdict(list)
    ending = [case.pk for case in cases if case.state in ENDING]
    for part in Complaint.objects.active().filter(parent__in=ending) if ending else ():
        parts[part.parent_id or 0].append(part)
    for follower in Complaint.objects.filter(OneOf(F("merged_into_id"), keys=keys)).order_by(
        "received_at", "pk"
    ):
        merged[follower.merged_into_id or 0].append(follower)
    repeated = repetitions(cases, ladder)
    last = last_moments(cases, ladder.now)
    visits, broken = [], []
    for case in cases:
        pk = case.id
        try:
            clockwork = Clockwork(case, clocks[pk], pauses[pk])
            change = BulkChange(
                case, None, last.get(pk, ladder.now), clockwork, parts=parts[pk], merged=merged[pk]
            )
            visit = Visit(change, earlier[pk], ladder, repeated.get(pk, []))
            visit.run()
        except Exception as error:  # noqa: BLE001 - one bad case must not stop the rest
            broken.append((case, error))
        else:
            case.is_raised = case.is_raised or bool(visit.raised)
            visits.append(visit)
    return visits, broken


def _clocks(keys: list[int]) -> dict[int, list[Clock]]:
    """Those that run, each with its calendar: a case that ends would ask for its own."""
    known = {row.pk: row for row in calendars().rows.values()}
    give = Clock._meta.get_field("calendar").set_cached_value  # past the descriptor, which sets the key anew
    found: dict[int, list[Clock]] = defaultdict(list)
    for clock in rows_of(Clock.objects.filter(OneOf(F("complaint_id"), keys=keys), stopped_at=None)):
        held = clock.__dict__  # past the descriptors of keys
        if (calendar := known.get(held["calendar_id"])) is not None:
            give(clock, calendar)
        found[held["complaint_id"]].append(clock)
    return found


def _store(visits: list[Visit]) -> None:
    """Writes a batch: few statements, whatever its size. Raises Conflict when a case changed meanwhile."""
    _update_cases([visit.case for visit in visits])
    changed = [clock for visit in visits for clock in visit.clockwork.changed_clocks()]
    bulk.update(Clock, [clock for clock in changed if not clock._state.adding], CLOCK_FIELDS)
    bulk.insert(Clock, [clock for clock in changed if clock._state.adding])
    pauses = [pause for visit in visits for pause in visit.clockwork.changed_pauses()]
    bulk.update(Pause, [pause for pause in pauses if not pause._state.adding], PAUSE_FIELDS)
    bulk.insert(Pause, [pause for pause in pauses if pause._state.adding])
    bulk.update(Escalation, [escalation for visit in visits for escalation in visit.lifted], LIFT_FIELDS)
    bulk.update(Escalation, [escalation for visit in visits for escalation in visit.reminded], REMINDING)
    bulk.update(Escalation, [escalation for visit in visits for escalation in visit.postponed], POSTPONING)
    bulk.insert(Escalation, [escalation for visit in visits for escalation in visit.raised])
    bulk.insert(Event, [event for visit in visits for event in visit.change.event_rows])
    bulk.insert(Message, [message for visit in visits for message in visit.change.message_rows])
    for ending in chain.from_iterable(visit.change.endings for visit in visits):
        finish(ending)


def _update_cases(cases: list[Complaint]) -> None:
    """Each only if its version is still the one that was read. The states were changed by transitions in memory."""
    guard = ("version", [case.stored_version for case in cases])
    if bulk.update(Complaint, cases, CASE_FIELDS, guard) != len(cases):
        raise Conflict("a case changed during the sweep")


def _set_aside(pk: int, now: datetime, error: Exception) -> None:
    """Puts a case away for an hour with its error, where the desk shows it; the rest goes on."""
    logger.error("sweep: case set aside (%s)", type(error).__name__)
    Complaint.objects.filter(pk=pk).update(
        next_action_at=now + SET_ASIDE, sweep_error=type(error).__name__[:200]
    )


def _count(result: Visited, visits: Sequence[Visit], broken: Sequence[object]) -> int:
    """Returns of how many cases that is."""
    result.due += len(broken)
    result.failed += len(broken)
    for visit in visits:
        only_planned = visit.only_planned
        result.due += not only_planned
        result.planned += only_planned
        result.warned += visit.warned
        result.escalated += len(visit.raised)
        result.lapsed += visit.lapsed
        result.closed += visit.closed
    return len(visits) + len(broken)


def _lift_batch(now: datetime, batch: int) -> int:
    """Ends the escalations of cases that were answered or are over; each leaves an event. Returns how many cases."""
    with transaction.atomic():
        found = Complaint.objects.raised_and_answered()
        if connection.features.has_select_for_update_skip_locked:
            found = found.select_for_update(skip_locked=True, no_key=True)
        cases = {case.pk: case for case in found.only(*READ_FIELDS)[:batch]}
        if not cases:
            return 0
        escalations = list(Escalation.objects.open().filter(complaint__in=cases).order_by("pk"))
        events = []
        last = last_moments(cases.values(), now)
        for escalation in escalations:
            case = cases[escalation.complaint_id]
            at = last.get(case.pk, now)
            events.append(lift_answered(escalation, case, State(case.state), at))
            give_hashes(case, events[-1:])
        for case in cases.values():
            case.is_raised = False
        _update_cases(list(cases.values()))
        bulk.update(Escalation, escalations, LIFT_FIELDS)
        bulk.insert(Event, events)
        Escalation.objects.settled(cases).update(may_stand=False)
    return len(cases)


def raised_unmarked(now: datetime) -> Iterable[str]:
    """For check_integrity: cases with open escalations that the sweep would not find once they are answered."""
    found = Escalation.objects.open().filter(complaint__is_raised=False)
    return found.order_by().values_list("complaint__number", flat=True)


def instructions_unmarked(now: datetime) -> Iterable[str]:
    """For check_integrity: cases whose instruction was not followed and stands in no list. What a sweep has yet to look
    at is left out: of a case that came back from another body it still has to say so."""
    found = Escalation.objects.unheeded_of_all(now).filter(may_stand=False)
    seen = found.filter(complaint__next_action_at__gt=now)
    return seen.order_by().values_list("complaint__number", flat=True)
