"""What was raised for a moment that has moved into the future since: days off decided late, more time granted, a
case put right, a pause found out later."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from complaints.models import Clock
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger

MomentOf = Callable[[EscalationRule, Clock], datetime | None]
CAUSE_LENGTH = 60
AGAIN = "again:"  # begins the cause of what is raised because nobody is charged with a late case any more


def raised_for(cause: str, escalation: Escalation) -> bool:
    """Whether it was raised for this cause, be it anew: `cause_anew`."""
    first, again, times = escalation.cause.rpartition(":r")
    return cause == escalation.cause or (bool(again) and times.isdecimal() and cause == first)


def cause_anew(cause: str, times: int) -> str:
    """Of what was lifted so many times because its moment had moved."""
    return f"{cause}:r{times}"[:CAUSE_LENGTH] if times else cause


def climbed_from(escalation: Escalation) -> str:
    """The cause of what climbs because nobody answered this one."""
    return f"{escalation.trigger}:{escalation.cause}"[:CAUSE_LENGTH]


def too_early(
    earlier: Iterable[Escalation],
    running: Iterable[Clock],
    now: datetime,
    moment_of: MomentOf,
    *,
    presses: bool,
) -> Iterator[tuple[Escalation, Clock]]:
    """Those still open of which the moment has not come, each with its clock, and what climbed from them.

    `earlier` in the order in which they were raised. An instruction was a person's word with a day of its own: it
    stays, and what climbed because it was not heeded with it. Whoever was called because nobody was charged with a
    late case is not called any more unless it `presses`: it is late, or a word was not heeded.
    """
    clocks = {str(clock.id): clock for clock in running}
    ahead = min((c for c in clocks.values() if c.due_at), key=lambda c: (c.due_at, c.id), default=None)
    causes: dict[str, Clock] = {}  # of what climbed
    for escalation in earlier:
        clock = clocks.get(_run(escalation)) if escalation.trigger in _MOMENTS else None
        if clock is not None and _has_come(escalation, clock, now, moment_of):
            continue
        if escalation.trigger == Trigger.UNACKNOWLEDGED:
            is_again = escalation.cause.startswith(AGAIN) and not presses
            clock = ahead if is_again else causes.get(escalation.cause)
        if clock is None or escalation.decision in (Decision.INSTRUCT, Decision.REASSIGN):
            continue
        causes[climbed_from(escalation)] = clock
        if escalation.is_open:
            yield escalation, clock


_MOMENTS = frozenset({Trigger.BREACH, Trigger.SHARE, Trigger.OVERDUE})


def _run(escalation: Escalation) -> str:
    """The key of the clock that a cause names: stage, cycle, key, and what made it a new one."""
    return [*escalation.cause.split(":"), "", ""][2]


def _has_come(escalation: Escalation, clock: Clock, now: datetime, moment_of: MomentOf) -> bool:
    if escalation.trigger == Trigger.BREACH or escalation.rule is None:
        moment = clock.due_at
    else:
        moment = moment_of(escalation.rule, clock)
    return moment is not None and moment <= now


def missed_with(escalation: Escalation, running: Iterable[Clock], now: datetime) -> Iterator[Clock]:
    """What was missed in the same sweep, raised in the name of the lifted one, and stays missed."""
    for clock in running:
        noticed = escalation.trigger == Trigger.BREACH and clock.breached_at == escalation.raised_at
        if noticed and clock.due_at is not None and clock.due_at <= now:
            yield clock
