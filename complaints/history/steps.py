"""Reads out of the history whose turn reports were, in chunks of reports."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from complaints.database.one_of import OneOf
from complaints.history import turns
from complaints.history.turns import How, Step
from complaints.models import Event, EventKind

STEPS: dict[str, str] = {
    EventKind.IMPORTED: turns.GIVEN,
    EventKind.ASSIGNED: turns.GIVEN,
    EventKind.REASSIGNED: turns.GIVEN,
    EventKind.WENT_ON: turns.GIVEN,
    EventKind.ACCEPTED: turns.ACCEPTED,
    EventKind.HANDED_ON: turns.ACCEPTED,
    EventKind.RESOLVED: turns.ANSWERED,
    EventKind.DISPUTED: turns.DISPUTED,
    EventKind.HANDED_BACK: turns.LEFT,
    EventKind.REFERRED: turns.LEFT,
    EventKind.MERGED: turns.LEFT,
    EventKind.REJECTED: turns.LEFT,
    EventKind.WITHDRAWN: turns.LEFT,
    EventKind.LAPSED: turns.LEFT,
}
ENDS = frozenset(str(how) for how in How)


def steps_of(keys: Iterable[int]) -> dict[int, list[Step]]:
    """The steps of each report, in their order; one query."""
    rows: dict[int, list[Step]] = defaultdict(list)
    events = Event.objects.filter(OneOf(F("complaint_id"), keys=list(keys)), kind__in=list(STEPS)).order_by(
        "complaint", "seq"
    )
    for case, kind, at, actor, data in events.values_list("complaint", "kind", "at", "actor", "data"):
        who = data.get("handler") if STEPS[kind] == turns.ACCEPTED else actor
        agency = str(data.get("agency") or "") if STEPS[kind] == turns.GIVEN else ""
        rows[case].append(Step(STEPS[kind], at, who, agency, _how(kind, data)))
    return rows


def _how(kind: str, data: dict[str, Any]) -> str:
    """How the time with the agency before ended. Only what the agency gave back itself was handed on."""
    if kind == EventKind.IMPORTED:
        return "imported"
    if kind in (EventKind.HANDED_BACK, EventKind.REASSIGNED):
        if data.get("closed"):
            return How.AGENCY_CLOSED
        if data.get("taken"):
            return How.STOOD_ASIDE
        return How.HANDED_ON if kind == EventKind.HANDED_BACK else How.TAKEN_AWAY
    return kind if kind in ENDS else ""
