"""Reads whose cases were when out of the history."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import Absence, Agency, User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.history.steps import steps_of
from complaints.models import Clock, Complaint, Stopped
from complaints.models.policy import Stage
from complaints.recusal import Recusal, Tree, line_above
from complaints.states import ACTIVE
from escalation.months import turns
from escalation.months.turns import History, Promise, Span

CHUNK = 2000


def read_histories(span: Span) -> Iterator[History]:
    """Of all live cases that were worked on in the month or the one before; three queries for each two thousand."""
    worked_on = Q(state__in=sorted(ACTIVE)) | Q(ended_at__gte=span.before)
    cases = Complaint.objects.filter(worked_on, is_live=True, received_at__lt=span.end).order_by("pk")
    found = list(cases.values_list("pk", "rating"))
    for first in range(0, len(found), CHUNK):
        some = found[first : first + CHUNK]
        keys = [pk for pk, _rating in some]
        steps, promises = steps_of(keys), _promises(keys)
        aside = _Aside(keys)
        for pk, rating in some:
            held, answers = turns.read_steps(steps[pk], rating)
            yield History(
                tuple(turn for turn in held if not aside.hides(turn.who, turn.agency, pk)),
                tuple(answer for answer in answers if not aside.hides(answer.who, answer.agency, pk)),
                tuple(promises[pk]),
            )


def _promises(keys: list[int]) -> dict[int, list[Promise]]:
    rows: dict[int, list[Promise]] = defaultdict(list)
    clocks = Clock.objects.filter(complaint__in=keys, stage=Stage.RESOLUTION, promised_at__isnull=False)
    fields = ("complaint", "started_at", "promised_at", "stopped_at", "stopped_by")
    for case, began, due, stopped, why in clocks.order_by("pk").values_list(*fields):
        rows[case].append(Promise(began, due, stopped, why == Stopped.DONE))
    return rows


class _Aside:
    """Of whose figures a case is left out: the officer's or their head's for whom it does not exist."""

    def __init__(self, keys: list[int]) -> None:
        self.recusal = Recusal.of(*keys)
        self.named = set(self.recusal.people) | set(self.recusal.units)
        self.people: dict[int, User] = {}
        self.heads: list[User] = []
        self.agencies: dict[str, int] = {}
        self.parents: Tree = {}
        if self.named:
            self.people = User.objects.in_bulk()
            self.heads = [user for user in self.people.values() if user.role == Role.AGENCY_HEAD]
            self.agencies = dict(Agency.objects.values_list("code", "pk"))
            self.parents = dict(Agency.objects.values_list("pk", "parent_id"))

    def hides(self, who: int, agency: str, case: int) -> bool:
        if case not in self.named:
            return False
        line = line_above(self.agencies.get(agency), self.parents)
        readers = [self.people[who], *(head for head in self.heads if head.agency_id in line)]
        return any(self.recusal.blocks(reader, case) for reader in readers)


def absences(span: Span) -> list[Absence]:
    """Those of the month."""
    first, end = day_of(span.first), day_of(span.end)
    return list(Absence.objects.filter(last_day__gte=first, first_day__lt=end))


def away_at(rows: list[Absence], moments: set[datetime]) -> set[tuple[int, datetime]]:
    """Who was away when."""
    return {
        (row.user_id, moment)
        for moment in moments
        for row in rows
        if row.first_day <= day_of(moment) <= row.last_day
    }


def at_agencies() -> set[turns.Key]:
    """Who works at which agency now."""
    people = User.objects.filter(is_active=True, role__in=(Role.OFFICER, Role.AGENCY_HEAD))
    return set(people.values_list("pk", "agency__code"))


def as_json(counts: Any, days_away: int) -> dict[str, int]:
    return {what: counts[what] for what in turns.COUNTED} | {"days_away": days_away}
