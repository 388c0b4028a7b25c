"""Times with agencies for whoever counts them for good: from the rows that are kept up, where these say what the
history says, and from the history elsewhere."""

from collections.abc import Iterator, Sequence

from django.db.models import F

from accounts.models import Agency
from complaints.clock.own_time import FIELDS, OwnTime, own_times
from complaints.database.one_of import OneOf
from complaints.history.turns import How, Stay
from complaints.models import Complaint
from escalation.stays.keeping import Rows, calendars, stored, told_since
from escalation.stays.models import KeptStayState

CHUNK = 2000


def times_of(keys: Sequence[int]) -> Iterator[OwnTime]:
    """What `own_times` says of these cases, in turn; nothing is written. Six queries for each two thousand, and those
    of the history where there is one to read."""
    codes = dict(Agency.objects.values_list("pk", "code"))
    for first in range(0, len(keys), CHUNK):
        some = list(keys[first : first + CHUNK])
        kept = _up_to_date(some)
        told = _from_history([pk for pk in some if pk not in kept])
        for pk in some:
            if pk not in kept:
                yield from told.get(pk, [])
                continue
            for agency, began, until, how, first_due, promised, due, paused in kept[pk]:
                yield OwnTime(
                    pk, Stay(codes[agency], began, until, How(how)), first_due, promised, due, paused
                )


def _up_to_date(keys: list[int]) -> Rows:
    """The rows of those cases of which nothing was told since they were written: what is told while they are read is
    told since too. None where calendars changed meanwhile."""
    state = KeptStayState.objects.first()
    if state is None:
        return {}
    rows = stored(keys)
    if state.calendars != calendars():
        return {}
    told = set(
        told_since(state).filter(OneOf(F("complaint_id"), keys=keys)).values_list("complaint", flat=True)
    )
    built = keys if state.built_to is None else [pk for pk in keys if pk <= state.built_to]
    return {pk: rows.get(pk, []) for pk in built if pk not in told}


def _from_history(keys: list[int]) -> dict[int, list[OwnTime]]:
    found: dict[int, list[OwnTime]] = {}
    cases = Complaint.objects.filter(pk__in=keys).select_related("agency").only(*FIELDS) if keys else ()
    for each in own_times(list(cases)):
        found.setdefault(each.case, []).append(each)
    return found
