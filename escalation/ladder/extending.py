"""How much more time a person may give, so that no promise moves without end (decision 38).

In one round each level gives more time once, and after a higher level no lower one does; how often and how many
working days at a time is in the policy copied onto the case.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from complaints.clock.arithmetic import Unit
from complaints.models import Clock, Complaint, Event
from complaints.models.policy import EXTENSION_DAYS, EXTENSIONS_A_LEVEL, Stage
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Decision, Level, levels_of

NOTHING_PROMISED = _("There is no promised day that could be extended.")
NOT_OF_A_PART = _("A part of a shared case has the promise of the whole case: more time is given there.")
NOT_ON_THIS_LEVEL = _("By the policy of this case your level gives no more time.")
A_HIGHER_LEVEL = _("More time was given in this round already. Only a higher level may give more.")
NOBODY_ANY_MORE = _("More time was given in this round already, and no level is left that may give more.")


@dataclass(frozen=True)
class Allowance:
    """How many working days somebody may add to the promise now; 0, and why not."""

    clock: Clock | None
    level: int  # of the person, in whose name it is given
    days: int
    why_not: Promise = NOTHING_PROMISED


def allowance(case: Complaint, actor: Actor) -> Allowance:
    """What `actor` may add to the promise of this case as it stands; one query, or two."""
    level = max(levels_of(actor))
    if case.parent_id is not None:
        return Allowance(None, level, 0, NOT_OF_A_PART)
    clock = extendable(case)
    if clock is None:
        return Allowance(None, level, 0, NOTHING_PROMISED)
    days = case.policy.get("extension_days", EXTENSION_DAYS)
    times = case.policy.get("extensions_a_level", EXTENSIONS_A_LEVEL)
    given = _given_by(case, clock)
    if given and (max(given) > level or given.count(level) >= times):
        last = max(level, *given) >= Level.OMBUDSMAN
        return Allowance(clock, level, 0, NOBODY_ANY_MORE if last else A_HIGHER_LEVEL)
    if not days[level - 1]:
        return Allowance(clock, level, 0, NOT_ON_THIS_LEVEL)
    return Allowance(clock, level, days[level - 1])


def too_many(allowed: Allowance) -> Promise:
    """At most so many days, and whose more would be."""
    if allowed.level >= Level.OMBUDSMAN:
        return _said(_("At most %(days)d working days."), allowed.days)
    return _said(_("At most %(days)d working days; more is the next level's."), allowed.days)


def _said(words: Promise, days: int) -> Promise:
    """Said in the language of whoever reads it."""
    return cast("Promise", lazy(lambda: str(words) % {"days": days}, str)())


def extendable(case: Complaint) -> Clock | None:
    """The promise that can be extended: the running resolution target, where it counts working days."""
    return Clock.objects.filter(
        complaint=case, stage=Stage.RESOLUTION, stopped_at=None, unit=Unit.WORKING_DAYS, due_at__isnull=False
    ).first()


def _given_by(case: Complaint, clock: Clock) -> list[int]:
    """The levels that gave more time since the promise of this round began."""
    decisions = Event.objects.filter(
        complaint=case, kind=LadderEvent.ESCALATION_DECIDED, at__gte=clock.started_at
    ).values_list("data", flat=True)
    return [_level(data) for data in decisions if data.get("decision") == Decision.EXTEND]


def _level(data: dict[str, Any]) -> int:
    """Before there were limits the event named the level of the escalation alone."""
    return int(data.get("given_by", data.get("level", Level.AGENCY_HEAD)))
