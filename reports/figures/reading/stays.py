"""The times that cases were with agencies, in rows (decision 69)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from accounts.models import User
from complaints.models import Complaint, Event, EventKind
from complaints.models.complaint import Complaints
from escalation.stays.reading import times_of
from reports.figures.frames import batches
from reports.figures.reading.scope import CHUNK, Scope

FIELDS = ("pk", "parent_id", "entered_by_id")
Case = tuple[Any, ...]  # as in FIELDS
MOVED = (EventKind.HANDED_BACK, EventKind.REASSIGNED, EventKind.BROUGHT_BACK)


def rows_of_stays(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """Of the cases received in the period, parts of shared cases too: each is with an agency of its own. Of an agency
    those with it and those below it, wherever the case is now."""
    own = {scope.codes.agencies[pk] for pk in scope.agencies}
    cases = cases_with_stays(scope).order_by("pk").values_list(*FIELDS)
    for some in batches(cases.iterator(CHUNK), CHUNK):
        yield from _stays_of(some, scope, own)


def _stays_of(cases: list[Case], scope: Scope, own: set[str]) -> Iterator[tuple[Any, ...]]:
    known, seen = {pk: rest for pk, *rest in cases}, Counter[int]()
    for time in times_of(list(known)):
        stay, (parent, entered_by) = time.stay, known[time.case]
        seen[time.case] += 1
        if own and stay.agency not in own:
            continue
        yield (
            scope.names.once(f"stay:{time.case}:{seen[time.case]}"),
            scope.names(parent or time.case),
            stay.agency,
            *(stay.began, stay.until, stay.how.value),
            *(time.first_due, time.promised, time.due, time.paused),
            entered_by is not None,
        )


def cases_with_stays(scope: Scope) -> Complaints:
    """What an agency handed on is out of its scope and stays in its figures; what does not exist for the reader does
    not (decision 70)."""
    start, end = scope.bounds
    if scope.agency is None:
        cases = Complaint.objects.visible_to(scope.actor).filter(received_at__gte=start, received_at__lt=end)
        return scope.own_part(cases)
    cases = Complaint.objects.visible_to(None).filter(received_at__gte=start, received_at__lt=end)
    moved = Event.objects.filter(kind__in=MOVED, complaint__in=cases).values("complaint")
    cases = cases.filter(Q(agency__in=scope.agencies) | Q(pk__in=moved))
    if isinstance(scope.actor, User):
        cases = cases.exclude(pk__in=Complaint.objects.kept_from(scope.actor).values("pk"))
    return scope.own_part(cases)
