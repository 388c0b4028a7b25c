"""The queues of the desk: what lies before whom, and how many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.models import Complaint
from complaints.models.complaint import Complaints
from complaints.paging import COUNT_CAP, Order
from complaints.permissions import Act, role_may
from complaints.states import PAUSED, State, Verb

BY_DUE = Order("due_at")
BY_ARRIVAL = Order("received_at", newest_first=True)


@dataclass(frozen=True)
class Queue:
    code: str
    label: str | Promise
    order: Order


TURN = Queue("turn", _("My turn"), BY_DUE)
OPEN_CASES = Queue("turn", _("Open"), BY_DUE)
WAITING = Queue("waiting", _("Waiting for the citizen"), BY_DUE)
ANSWERED = Queue("answered", _("Answered"), BY_DUE)
ALL = Queue("all", _("All"), BY_ARRIVAL)


def queues_for(actor: User) -> list[Queue]:
    """The tabs, the usual one first. Someone who only looks on has no turn."""
    works = role_may(role_of(actor), Verb.ASSIGN) or actor.agency_id is not None
    return [TURN if works else OPEN_CASES, WAITING, ANSWERED, ALL]


def cases_in(queue: Queue, actor: User) -> Complaints:
    """The cases of a queue. Those taken over from another system as history stand under All only."""
    cases = Complaint.objects.visible_to(actor)
    if queue == ALL:
        return cases
    cases = cases.filter(is_live=True)
    if queue == ANSWERED:
        return cases.filter(state=State.RESOLVED)
    if role_may(role_of(actor), Verb.ASSIGN):
        cases = cases.waiting_for_verifiers()
    elif actor.agency_id is not None:
        cases = cases.waiting_for_agency()
    else:
        cases = cases.active()
    paused = sorted(PAUSED)
    return cases.filter(state__in=paused) if queue == WAITING else cases.exclude(state__in=paused)


class _Counted(Subquery):
    """The number of rows of a query, which is cut at the cap so that a long queue costs no more."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"


def count_all(actor: User, sets: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Counts several sets, each up to one past COUNT_CAP, in one query."""
    columns = {
        f"count_{name}": _Counted(cases.order_by().values("pk")[: COUNT_CAP + 1])
        for name, cases in sets.items()
    }
    row = User.objects.filter(pk=actor.pk).values_list(*columns.values()).get()
    return {name: count or 0 for name, count in zip(sets, row, strict=True)}  # null: nothing can fit


def counted_sets(actor: User, now: datetime) -> dict[str, Complaints]:
    """What the navigation and the tabs count."""
    queues = queues_for(actor)
    sets = {queue.code: cases_in(queue, actor) for queue in queues if queue != ALL}
    sets["overdue"] = sets[TURN.code].overdue(now)
    if role_may(role_of(actor), Verb.ACCEPT):
        sets["mine"] = sets[TURN.code].handled_by(actor, day_of(now))
    return sets


def show_count(count: int) -> str:
    """ "1,000+" above the cap, "1.000+" in Indonesian."""
    return f"{number_format(COUNT_CAP, force_grouping=True)}+" if count > COUNT_CAP else str(count)


def sees_cases(actor: User) -> bool:
    """Whether there is any case this person may read."""
    return role_may(role_of(actor), Act.READ_WORDS)
