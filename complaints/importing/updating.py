"""Brings cases that were taken over up to date with the system they came from: state, end, answer and agency.

Only where the city has not worked on the case itself: what happened here is not overwritten from elsewhere.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef

from complaints.importing.mapping import Mapping
from complaints.importing.names import Names
from complaints.importing.rows import Row
from complaints.models import Complaint, Event, EventKind
from complaints.permissions import Act
from complaints.services.change import changing
from complaints.states import State

_CHUNK = 500
# Events that say nothing of work done here.
_FROM_ELSEWHERE = (EventKind.IMPORTED, EventKind.IMPORT_UPDATED, EventKind.RECORDED)


class Outcome(StrEnum):
    SAME = "same"
    UPDATED = "updated"
    WORKED_ON = "worked_on"


def update(
    rows: list[Row], mapping: Mapping, *, now: datetime, names: Names | None
) -> list[tuple[Row, Outcome]]:
    """What became of each of these rows, whose cases are there. Without `names` nothing is written."""
    outcomes: list[tuple[Row, Outcome]] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        cases = _cases(mapping.source, [row.source_id for row in chunk])
        said = _said(cases.values())
        for row in chunk:
            case = cases[row.source_id]
            if not _differs(case, row, said.get(case.pk, "")):
                outcomes.append((row, Outcome.SAME))
            elif case.is_live or case.was_worked_on:
                outcomes.append((row, Outcome.WORKED_ON))
            else:
                if names is not None:
                    _update(case.pk, row, names, now, said.get(case.pk, ""))
                outcomes.append((row, Outcome.UPDATED))
    return outcomes


def _cases(source: str, ids: list[str]) -> dict[str, Any]:
    worked_on = Event.objects.filter(complaint=OuterRef("pk")).exclude(kind__in=_FROM_ELSEWHERE)
    cases = Complaint.objects.visible_to(None).filter(source=source, source_id__in=ids)
    cases = cases.annotate(
        was_worked_on=Exists(worked_on) | Exists(Complaint.objects.filter(merged_into=OuterRef("pk")))
    )
    return {case.source_id: case for case in cases.select_related("agency")}


def _said(cases: Iterable[Any]) -> dict[int, str]:
    """The answer or remark that the other system gave last, by case."""
    events = Event.objects.filter(complaint__in=[case.pk for case in cases], kind__in=_FROM_ELSEWHERE)
    told = events.order_by("seq").values_list("complaint_id", "content__words")
    return {case: words["text"] for case, words in told if words and "text" in words}


def _differs(case: Complaint, row: Row, said: str) -> bool:
    return (case.state, case.ended_at, said) != (row.state, row.ended_at, row.remark or said)


def _update(pk: int, row: Row, names: Names, now: datetime, said: str) -> None:
    names.learn([row])
    data = {"state": row.state, "state_there": row.state_there[:80]}
    with changing(pk, None, Act.UPDATE_IMPORTED, now=now) as change:
        case = change.case
        case.stand_as_elsewhere(State(row.state))
        case.agency = names.agency(row.agency) or case.agency
        case.assigned_at = case.assigned_at or (case.received_at if case.agency_id else None)
        case.returns_to = ""
        if row.state == State.AWAITING_CITIZEN:
            case.returns_to = (State.IN_PROGRESS if case.agency_id else State.SUBMITTED).value
        case.ended_at = row.ended_at
        change.event(EventKind.IMPORT_UPDATED, data, words={"text": row.remark if row.remark != said else ""})
