"""Times with agencies for whoever counts them for good: from the rows that are kept up, where these say what the
history says, and from the history elsewhere."""

from collections.abc import Iterator, Sequence

from complaints.clock.own_time import FIELDS, OwnTime, own_times
from complaints.models import Complaint
from escalation.stays.keeping import calendars, told_since
from escalation.stays.models import KeptStayState

CHUNK = 2000


def seen() -> KeptStayState | None:
    """Up to which event the rows were looked at; to be asked before they are read."""
    return KeptStayState.objects.first()


def not_kept(keys: Sequence[int], state: KeptStayState | None) -> list[int]:
    """Those of these cases of which the rows do not say what the history says: something was told since what they had
    seen, they were not written yet, or calendars changed meanwhile. To be asked after they were read, so that what is
    told in between is told since. Two queries."""
    if not keys:
        return []
    if state is None or state.calendars != calendars():
        return list(keys)
    told_of = told_since(state).filter(complaint_id__gte=min(keys), complaint_id__lte=max(keys))
    told = set(told_of.values_list("complaint", flat=True))
    return [pk for pk in keys if pk in told or (state.built_to is not None and pk > state.built_to)]


def from_history(keys: Sequence[int]) -> Iterator[OwnTime]:
    """What `own_times` says of these cases, in turn."""
    for first in range(0, len(keys), CHUNK):
        some = keys[first : first + CHUNK]
        cases = Complaint.objects.filter(pk__in=some).select_related("agency").only(*FIELDS)
        yield from own_times(list(cases))
