"""Until when the citizen of a merged case may say what they think of the main case's answer."""

from datetime import datetime

from complaints.clock.arithmetic import due_at
from complaints.clock.calendars import build
from complaints.models import Clock, Complaint
from complaints.models.policy import Stage, target_of
from complaints.states import State

# Over, but perhaps with an answer: its citizen confirmed it, said nothing, or took the report back afterwards.
MAY_BE_ANSWERED = frozenset({State.CLOSED, State.WITHDRAWN})


def heard_until(case: Complaint) -> datetime | None:
    """The end of their own time, which the main case's citizen neither shortens nor ends; None: no answer to speak of.

    It counts from the answer, or from the merger where that came later, by the policy of their own case; while
    the main case waits for its own citizen they are heard as well.
    """
    main = case.merged_into
    if main is None or main.state not in MAY_BE_ANSWERED | {State.RESOLVED}:
        return None
    theirs = Clock.objects.filter(complaint=main, stage=Stage.CONFIRMATION, cycle=main.cycle)
    clock = theirs.select_related("calendar").last()
    if clock is None:
        return None
    start = max(clock.started_at, case.ended_at or clock.started_at)
    own = due_at(start, target_of(case.policy, Stage.CONFIRMATION), build(clock.calendar))
    return max(moment for moment in (own, clock.due_at, start) if moment is not None)


def is_heard(case: Complaint, now: datetime) -> bool:
    """Whether there is an answer of which they may still speak; whether they have is not asked."""
    until = heard_until(case)
    if until is None or case.merged_into is None:
        return False
    return case.merged_into.state == State.RESOLVED or now <= until
