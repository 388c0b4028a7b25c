"""The queues of the desk: what lies before whom, and how many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import User, represented_by
from complaints.clock.calendars import Calendars, calendars_column, calendars_of
from complaints.clock.city_time import day_of
from complaints.database.kept_statements import row_of
from complaints.models import Complaint, Draft, SavedView
from complaints.models.complaint import Complaints
from complaints.paging import COUNT_CAP, Order
from complaints.permissions import Act, role_may
from complaints.querysets import scope_of
from complaints.states import Lane, Verb

NAV_CAP = 99  # a number that tells whether there is much to do
VIEWS = "views"  # how many lists of their own somebody keeps
DRAFTS = "drafts"  # whether they have begun a form for several cases
MOST_STRANDS = 12  # each costs a little planning

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


def _lanes(queue: Queue, actor: User) -> list[Lane]:
    """What the cases of a queue wait for."""
    if queue == ANSWERED:
        return [Lane.ANSWERED]
    verifiers, agency = (
        (Lane.ASKED_BY_VERIFIER, Lane.ASKED_BY_AGENCY) if queue == WAITING else (Lane.VERIFY, Lane.WORK)
    )
    if role_may(role_of(actor), Verb.ASSIGN):
        return [verifiers]
    return [agency] if actor.agency_id is not None else [verifiers, agency]


def cases_in(queue: Queue, actor: User) -> Complaints:
    """The cases of a queue. Those taken over from another system as history stand under All only."""
    cases = Complaint.objects.visible_to(actor)
    return cases if queue == ALL else cases.filter(lane__in=_lanes(queue, actor))


def strands_of(queue: Queue, actor: User) -> list[Complaints]:
    """The same cases as what a queue is woven of: each lane of each agency lies in the order of an index, and the
    database merges them without sorting. One strand where they would be too many."""
    lanes = [] if queue == ALL else _lanes(queue, actor)
    agencies = actor.agency_scope
    if max(len(lanes), 1) * max(len(agencies), 1) > MOST_STRANDS:
        return [cases_in(queue, actor)]
    scopes = [Complaint.objects.visible_to(actor, agency=pk) for pk in agencies]
    scopes = scopes or [Complaint.objects.visible_to(actor)]
    return [scope.filter(lane=lane) for scope, lane in product(scopes, lanes)] if lanes else scopes


def bulk_place() -> str:
    """Where the forms for several cases stand, all of one person under one draft (`StaffForm.draft_of`)."""
    return f"{reverse('complaints:desk-queue')} bulk"


class _Counted(Subquery):
    """The number of rows of a query, which is cut at the cap so that a long queue costs no more."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"


class _Summed(Subquery):
    """The sum of a query's only column."""

    template = "(SELECT SUM(own) FROM (%(subquery)s) AS counted)"


def count_all(actor: User, sets: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Counts several sets, each up to one past what is shown of it, in one query."""
    return _named(sets, _row(actor, map(_count, sets.values())).get())


def count_kept(actor: User, now: datetime) -> dict[str, int]:
    """What the navigation counts: `count_all` of these sets, by a statement that is put together once for a person as
    they are today."""

    def make(at: datetime) -> QuerySet[Any]:
        return _row(actor, _counts(actor, at, tabs=False))

    return _named(_names(actor, tabs=False), row_of(("counts", *scope_of(actor), day_of(now)), now, make))


def count_tabs(actor: User, now: datetime) -> tuple[dict[str, int], Calendars]:
    """The same with the tabs of the queue and what somebody keeps there; and the calendars by which its cases are late,
    which are asked for in the same statement."""

    def make(at: datetime) -> QuerySet[Any]:
        counts = _counts(actor, at, tabs=True)
        return _row(actor, counts, RawSQL(calendars_column(), []))  # noqa: S611 - a constant

    *counts, known = row_of(("tabs", *scope_of(actor), day_of(now)), now, make)
    return _named(_names(actor, tabs=True), counts), calendars_of(known)


def _row(actor: User, counts: Iterable[Subquery], *more: Any) -> QuerySet[Any]:
    return User.objects.filter(pk=actor.pk).order_by().values_list(*counts, *more)


def _counts(actor: User, at: datetime, *, tabs: bool) -> list[Subquery]:
    counts = {name: _count(cases) for name, cases in counted_sets(actor, at, tabs=tabs).items()}
    if "mine" in counts:
        counts["mine"] = _count_own(actor, day_of(at))
    return list(counts.values())


def _count(cases: QuerySet[Any]) -> Subquery:
    return _Counted(cases.order_by().values("pk")[: NAV_CAP + 1])


def _count_own(actor: User, day: date) -> Subquery:
    """How many are `mine`, person by person, along the index of theirs: PostgreSQL goes through all that lies with the
    agency otherwise, to find none for an officer who handles no case."""
    cases = Complaint.objects.visible_to(actor, by_agency=False).filter(lane__in=_lanes(TURN, actor))
    return _Summed(represented_by(actor, day).values(own=_count(cases.filter(handler=OuterRef("pk")))))


def _named(names: Iterable[str], row: Iterable[int | None]) -> dict[str, int]:
    """Each no further than one past the cap. Null: nothing can fit."""
    return {name: min(count or 0, NAV_CAP + 1) for name, count in zip(names, row, strict=True)}


def _names(actor: User, *, tabs: bool) -> list[str]:
    """Of `counted_sets`."""
    own, kept = ["mine"] if _has_own(actor) else [], [VIEWS, DRAFTS] if tabs else []
    return [*(queue.code for queue in _counted_queues(actor, tabs=tabs)), "overdue", *own, *kept]


def count_found(cases: Complaints) -> int:
    """Of what a filter leaves, up to one past COUNT_CAP."""
    return cases.order_by().values("pk")[: COUNT_CAP + 1].count()


def counted_sets(actor: User, now: datetime, *, tabs: bool = True) -> dict[str, QuerySet[Any]]:
    """What the navigation counts, and the `tabs` of the queue beside it with what somebody keeps there."""
    scope = Complaint.objects.visible_to(actor)
    cases = {
        queue.code: scope.filter(lane__in=_lanes(queue, actor)) for queue in _counted_queues(actor, tabs=tabs)
    }
    sets: dict[str, QuerySet[Any]] = {**cases, "overdue": cases[TURN.code].overdue(now)}
    if _has_own(actor):
        sets["mine"] = cases[TURN.code].handled_by(actor, day_of(now))
    if tabs:
        sets[VIEWS] = SavedView.objects.filter(person=actor)
        sets[DRAFTS] = Draft.objects.filter(person=actor, complaint=None, act=bulk_place())
    return sets


def _counted_queues(actor: User, *, tabs: bool) -> list[Queue]:
    return [queue for queue in queues_for(actor)[: None if tabs else 1] if queue != ALL]


def _has_own(actor: User) -> bool:
    return role_may(role_of(actor), Verb.ACCEPT)


def show_count(count: int, cap: int = COUNT_CAP) -> str:
    """ "99+" above the cap, "1,000+", "1.000+" in Indonesian."""
    return f"{number_format(cap, force_grouping=True)}+" if count > cap else str(count)


def sees_cases(actor: User) -> bool:
    """Whether there is any case this person may read."""
    return role_may(role_of(actor), Act.READ_WORDS)
