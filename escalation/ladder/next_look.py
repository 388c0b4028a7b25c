"""Whether the sweep looks at each open case in time: a moment put off behind its back would let a case lie.

When to look next is written at each look, without an event. So it is worked out anew, by the same visit in memory, and
compared; what is due by now the next sweep looks at anyway.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from complaints.clock.city_time import day_of
from complaints.clock.deadlines import next_action_moments
from complaints.ledger.verifying.found import BadEvent
from complaints.ledger.verifying.stored_rows import Span
from complaints.models import Clock, Complaint, Event
from complaints.models.policy import Stage
from complaints.states import ACTIVE, OPEN, State
from escalation.ladder.models import LadderState
from escalation.ladder.rules import Ladder, fingerprint, rules_in_force
from escalation.ladder.sweep import READ_FIELDS, SET_ASIDE, visit_in_memory

FIRST_LEVEL = 1


def check_next_looks(span: Span) -> BadEvent | None:
    """The first case in the span whose next look, watch or level is not what follows from the rest."""
    now = _now()
    cases = _in(span).filter(state__in=sorted(OPEN), is_live=True)
    for bad in (_over(span), _by_clocks(cases, now), _by_visit(cases, now)):
        if bad is not None:
            return bad
    return None


def _now() -> datetime:
    """No earlier than the newest event, which may have been played at a later moment."""
    newest = Event.objects.order_by("-pk").values_list("at", flat=True).first()
    return max(timezone.now(), newest or timezone.now())


def _in(span: Span) -> Any:
    cases = Complaint.objects.visible_to(None).order_by("pk")
    cases = cases if span[0] is None else cases.filter(pk__gte=span[0])
    return cases if span[1] is None else cases.filter(pk__lt=span[1])


def _bad(case: Complaint, why: str) -> BadEvent:
    return BadEvent(case.number, case.version, why, of_rows=True)


def _over(span: Span) -> BadEvent | None:
    """What is over, or was never under way here, nobody looks at again."""
    names = ("next_action_at", "watch_at", "next_level")
    still = _in(span).exclude(state__in=sorted(OPEN), is_live=True)
    # A referral is looked at on the day of its check.
    referred = _in(span).filter(state=State.REFERRED, is_live=True)
    for case in referred.filter(check_at__isnull=False, next_action_at=None).only("number", "version")[:1]:
        return _bad(case, "next_action_at_differs")
    checked = Q(
        state=State.REFERRED, is_live=True, next_action_at=F("check_at"), watch_at=None, next_level=None
    )
    still = still.exclude(pk__in=referred.filter(checked).values("pk"))
    for case in still.exclude(**dict.fromkeys(names)).only("number", "version", *names)[:1]:
        name = next(name for name in names if getattr(case, name) is not None)
        return _bad(case, f"{name}_differs")
    return None


def _by_clocks(cases: Any, now: datetime) -> BadEvent | None:
    """No later than the next moment of a running clock, and of the watch. Set aside for an error: an hour."""
    rows = {case.pk: case for case in cases.only("number", "version", "state", *_LOOKS)}
    moments = {pk: [case.watch_at] if case.watch_at else [] for pk, case in rows.items()}
    running = Clock.objects.filter(stopped_at=None, complaint__in=cases.values("pk"))
    # Nothing happens to a part of a shared case when the citizen's time is up: its lead lapses.
    running = running.exclude(stage=Stage.CITIZEN_ANSWER, complaint__parent__isnull=False)
    for clock in running:
        moments[clock.complaint_id] += next_action_moments(clock)
    for pk, case in rows.items():
        latest = min(moments[pk], default=None)
        if case.sweep_error:
            latest = max(moment for moment in (latest, now + SET_ASIDE) if moment is not None)
        if case.next_action_at is None or (latest is not None and case.next_action_at > latest):
            return _bad(case, "next_action_at_differs")
        if case.state not in ACTIVE and case.watch_at is not None:
            return _bad(case, "watch_at_differs")
        if case.state == State.RESOLVED and case.next_level != FIRST_LEVEL:
            return _bad(case, "next_level_differs")
    return None


_LOOKS = ("next_action_at", "watch_at", "next_level", "sweep_error")


def _by_visit(cases: Any, now: datetime) -> BadEvent | None:
    """Of what the sweep would not look at yet: a visit today finds nothing to do, and would come back no earlier."""
    state = LadderState.objects.first()
    # Seen from before the last sweep, what fell due since is still to come. A sweep in the future hides no case.
    seen_from = max(now, state.swept_at) if state and state.swept_at else now
    rules = rules_in_force(day_of(seen_from))
    if state is None or state.fingerprint != fingerprint(rules):
        return None  # the next sweep looks at every case anew
    # The mark of an error stays after the case went through; it puts a case aside for an hour and no longer.
    set_aside = ~Q(sweep_error="") & Q(next_action_at__lte=now + SET_ASIDE)
    ahead = cases.filter(state__in=sorted(ACTIVE), next_action_at__gt=now).exclude(set_aside)
    found = list(ahead.only(*READ_FIELDS))
    if not found:
        return None
    before = {case.pk: (case.next_action_at, case.watch_at, case.next_level) for case in found}
    try:
        visits, _broken = visit_in_memory(found, Ladder.read(seen_from, day_of(seen_from), rules))
    except (LookupError, ValueError):  # a calendar or rule that nobody can count by
        return _bad(found[0], "cannot_be_planned")
    return next(_differing(visits, before), None)


def _differing(visits: Any, before: dict[int, tuple[Any, ...]]) -> Iterator[BadEvent]:
    for visit in visits:
        case = visit.case
        looks, watch, level = before[case.pk]
        case.version = case.stored_version
        if not visit.only_planned or _later(looks, case.next_action_at):
            yield _bad(case, "next_action_at_differs")
        elif _later(watch, case.watch_at):
            yield _bad(case, "watch_at_differs")
        elif level != case.next_level:
            yield _bad(case, "next_level_differs")


def _later(found: datetime | None, planned: datetime | None) -> bool:
    return planned is not None and (found is None or found > planned)
