"""The times that cases were with agencies, in rows (decision 69)."""

from collections.abc import Mapping
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
WHOSE = ("id", "parent_id", "entered_by_id")
MOVED = (EventKind.HANDED_BACK, EventKind.REASSIGNED, EventKind.BROUGHT_BACK)


def columns_of_stays(scope: Scope, cases: Mapping[str, Any]) -> list[Any]:
    """Of the cases received in the period, parts of shared cases too: each is with an agency of its own. Of an agency
    those with it and those below it, wherever the case is now. `cases`: columns of those that are counted."""
    keys, parent, entered_by = _whose(scope, cases)
    case, place, agency, how, *moments, paused = _times(scope, keys)
    at = arrays.places_in(keys, case)
    shown = arrays.where(arrays.is_known(parent), parent, keys)[at]
    once = scope.names.once
    return [
        arrays.names([once(f"stay:{pk}:{n}") for pk, n in zip(case.tolist(), place.tolist(), strict=True)]),
        scope.names.of(shown),
        *(agency, *moments[:2], how, *moments[2:], paused),
        arrays.is_known(entered_by)[at],
    ]


def _whose(scope: Scope, cases: Mapping[str, Any]) -> list[Any]:
    """The cases with stays: key, parent, and who typed it. Of the city all were read but the parts."""
    if scope.agency is not None:
        return columns_of(cases_with_stays(scope), *WHOSE)
    parts = columns_of(cases_with_stays(scope).exclude(parent=None), *WHOSE)
    return arrays.joined([cases[name] for name in WHOSE], parts)


def _times(scope: Scope, keys: Any) -> list[Any]:
    """As in KEPT, with codes of agencies and places from 1; from the rows that are kept up, where these say what the
    history says, and from the history elsewhere."""
    state, own = seen(), keys.tolist()
    found = columns_of(scope.near(KeptStay.objects.all(), own), *KEPT)
    told = not_kept(own, state)
    is_kept = arrays.places_in(keys, found[0]) >= 0
    if told:
        is_kept &= arrays.places_in(arrays.whole(told), found[0]) < 0
    kept = arrays.only(found, is_kept)
    kept[1] = kept[1] + 1
    kept[2] = arrays.called(kept[2], scope.codes.agencies)
    columns = arrays.joined(kept, _from_history(told)) if told else kept
    if scope.agency is None:
        return columns
    return arrays.only(columns, columns[2].isin([scope.codes.agencies[key] for key in scope.agencies]))


def _from_history(keys: list[int]) -> list[Any]:
    seen: dict[int, int] = {}
    rows: list[tuple[Any, ...]] = []
    for time in from_history(keys):
        seen[time.case] = seen.get(time.case, 0) + 1
        rows.append((time.case, seen[time.case], *_row(time)))
    case, place, agency, how, *moments, paused = zip(*rows, strict=True) if rows else [()] * len(KEPT)
    whole, read = arrays.whole, arrays.moments_from_datetimes
    return [whole(case), whole(place), agency, how, *map(read, moments), whole(paused)]


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
