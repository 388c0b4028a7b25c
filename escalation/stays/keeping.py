"""Keeps the times with agencies up: of cases of which the history tells something new, and of all after a calendar
was changed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from accounts.models import Agency
from complaints.clock.own_time import FIELDS, own_times
from complaints.database import bulk
from complaints.database.one_of import OneOf
from complaints.history.since import nearly_seen, told_after
from complaints.models import Complaint, Event, EventKind, OfficeCalendar
from escalation.stays.models import KeptStay, KeptStayState

AT_ONCE = 10_000  # cases a turn, so that other work has its turn as well
CHUNK = 2000
ROW = ("agency_id", "began_at", "until_at", "how", "first_due_at", "promised_at", "due_at", "paused")
Rows = dict[int, list[tuple[Any, ...]]]  # of each case in their order; as in ROW


@transaction.atomic
def keep_up(now: datetime) -> bool:
    """Brings the rows up to what the history tells; whether all cases are gone through. What counts them asks this
    first. Two workers at once wait for each other."""
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    state, mark = KeptStayState.objects.select_for_update().first(), calendars()
    if state is None:
        state = KeptStayState(last_event=newest, looked_at=now, calendars=mark, built_to=0, built_at=now)
    if state.calendars != mark:
        state.calendars, state.built_to, state.built_at = mark, 0, now
    if state.built_to != 0:
        _write(Complaint.objects.filter(pk__in=told_since(state).values("complaint")))
    if state.built_to is not None:
        rest = Complaint.objects.filter(pk__gt=state.built_to).order_by("pk")[:AT_ONCE]
        keys = list(rest.values_list("pk", flat=True))
        _write(Complaint.objects.filter(pk__in=keys))
        state.built_to = keys[-1] if len(keys) == AT_ONCE else None
        state.built_at = now
    state.last_event, state.looked_at = newest, now
    state.save()
    return state.built_to is None


def built_at() -> datetime | None:
    """Since when all cases are gone through; what was counted before is to be counted again. None: not yet."""
    return KeptStayState.objects.filter(built_to=None).values_list("built_at", flat=True).first()


def calendars() -> str:
    """By which calendars promises are counted now; another one after each change."""
    rows = list(OfficeCalendar.objects.order_by("pk").values_list("pk", "revision"))
    return sha256(repr(rows).encode()).hexdigest()


def told_since(state: KeptStayState) -> QuerySet[Event]:
    """Events that may not have been seen when the rows were looked at last. What is taken over from another system is
    dated by that one, at any time."""
    taken_over = Q(~Exists(KeptStay.objects.filter(complaint=OuterRef("complaint"))), kind=EventKind.IMPORTED)
    since = told_after(state.last_event, state.looked_at) | nearly_seen(state.last_event) & taken_over
    return Event.objects.filter(since).order_by()


def _write(cases: Any) -> None:
    """Leaves alone what is right already: of what is looked at more than once that is nearly all."""
    keys = sorted(cases.order_by().values_list("pk", flat=True))
    for some in _slices(keys):
        kept = stored(some)
        new = {pk: rows for pk, rows in counted(some).items() if kept.get(pk, []) != rows}
        KeptStay.objects.filter(complaint__in=list(new)).delete()
        made = [
            SimpleNamespace(complaint_id=pk, place=n, **dict(zip(ROW, row, strict=True)))
            for pk, rows in new.items()
            for n, row in enumerate(rows)
        ]
        bulk.insert(KeptStay, made)


def _slices(keys: list[int]) -> Iterator[list[int]]:
    return (keys[first : first + CHUNK] for first in range(0, len(keys), CHUNK))


def counted(keys: Iterable[int]) -> Rows:
    """The rows of these cases, read from their history; without those of a code that no agency has any more."""
    agencies = dict(Agency.objects.values_list("code", "pk"))
    cases = list(
        Complaint.objects.filter(pk__in=list(keys)).order_by("pk").select_related("agency").only(*FIELDS)
    )
    found: Rows = {case.pk: [] for case in cases}
    for each in own_times(cases):
        stay = each.stay
        if stay.agency in agencies:
            row = agencies[stay.agency], stay.began, stay.until, stay.how.value
            found[each.case].append((*row, each.first_due, each.promised, each.due, each.paused))
    return found


def differs(now: datetime) -> Iterator[str]:
    """For check_integrity: cases whose rows are not what their history says. Those of which it has told something since
    are looked at soon, and left out."""
    state = KeptStayState.objects.first()
    if state is None or state.built_to is not None or state.calendars != calendars():
        return
    waiting = set(told_since(state).values_list("complaint", flat=True))
    for some in _slices(list(Complaint.objects.order_by("pk").values_list("pk", flat=True))):
        kept = stored(some)
        for pk, rows in counted(some).items():
            if pk not in waiting and kept.get(pk, []) != rows:
                yield str(pk)


def stored(keys: Iterable[int]) -> Rows:
    rows: Rows = {}
    found = KeptStay.objects.filter(OneOf(F("complaint_id"), keys=list(keys))).order_by("complaint", "place")
    for pk, *row in found.values_list("complaint", *ROW):
        rows.setdefault(pk, []).append(tuple(row))
    return rows
