"""The times that cases were with agencies, in rows (decision 69)."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from complaints.clock.own_time import OwnTime
from complaints.models import Complaint, Event, EventKind
from complaints.models.complaint import Complaints
from escalation.stays.models import KeptStay
from escalation.stays.reading import from_history, not_kept, seen
from reports.figures import arrays
from reports.figures.reading.columns import columns_of
from reports.figures.reading.scope import Scope

KEPT = (
    *("complaint_id", "place", "agency_id", "how"),
    *("began_at", "until_at", "first_due_at", "promised_at", "due_at", "paused"),
)
MOVED = (EventKind.HANDED_BACK, EventKind.REASSIGNED, EventKind.BROUGHT_BACK)


def columns_of_stays(scope: Scope) -> list[Any]:
    """Of the cases received in the period, parts of shared cases too: each is with an agency of its own. Of an agency
    those with it and those below it, wherever the case is now."""
    pk, parent, entered_by = columns_of(cases_with_stays(scope), "id", "parent_id", "entered_by_id")
    keys = arrays.whole(pk)
    case, place, agency, how, *moments, paused = _times(scope, keys)
    at = arrays.places_in(keys, arrays.whole(case))
    shown = [up or own for up, own in zip(parent, pk, strict=True)]
    names = [scope.names.once(f"stay:{each}:{n}") for each, n in zip(case, place, strict=True)]
    return [
        arrays.names(names),
        arrays.named(arrays.whole(arrays.taken(shown, at)), scope.names),
        *(agency, *moments[:2], how, *moments[2:], arrays.whole(paused)),
        arrays.is_known(entered_by)[at],
    ]


def _times(scope: Scope, keys: Any) -> list[Any]:
    """As in KEPT, with codes of agencies and places from 1; from the rows that are kept up, where these say what the
    history says, and from the history elsewhere."""
    state = seen()
    found = columns_of(scope.near(KeptStay.objects.all(), keys.tolist()), *KEPT)
    told = not_kept(keys.tolist(), state)
    is_kept = arrays.places_in(keys, arrays.whole(found[0])) >= 0
    if told:
        is_kept &= arrays.places_in(arrays.whole(told), arrays.whole(found[0])) < 0
    kept = arrays.only(found, is_kept)
    kept[1] = [place + 1 for place in kept[1]]
    kept[2] = [scope.codes.agencies[key] for key in kept[2]]
    columns = arrays.joined(kept, _from_history(told)) if told else kept
    own = {scope.codes.agencies[key] for key in scope.agencies}
    return arrays.only(columns, arrays.is_one_of(columns[2], own)) if own else columns


def _from_history(keys: list[int]) -> list[Any]:
    seen: dict[int, int] = {}
    rows: list[tuple[Any, ...]] = []
    for time in from_history(keys):
        seen[time.case] = seen.get(time.case, 0) + 1
        rows.append((time.case, seen[time.case], *_row(time)))
    case, place, agency, how, *moments, paused = zip(*rows, strict=True) if rows else [()] * len(KEPT)
    return [case, place, agency, how, *map(arrays.moments_from_datetimes, moments), paused]


def _row(time: OwnTime) -> tuple[Any, ...]:
    stay = time.stay
    return (
        stay.agency,
        stay.how.value,
        stay.began,
        stay.until,
        time.first_due,
        time.promised,
        time.due,
        time.paused,
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
