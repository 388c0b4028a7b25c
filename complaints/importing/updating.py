"""Brings cases that were taken over up to date with the system they came from: state, end, answer, agency, category,
place and words, and a promised day that was not known.

Only where the city has not worked on the case itself: what happened here is not overwritten from elsewhere. A day
that was promised stays the one that the case is judged by.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef

from complaints.clock.city_time import day_of
from complaints.importing.mapping import Mapping
from complaints.importing.names import Names
from complaints.importing.rows import Row
from complaints.models import Area, Complaint, Event, EventKind
from complaints.permissions import Act
from complaints.services.change import changing
from complaints.states import State

_CHUNK = 500
# Events that say nothing of work done here.
_FROM_ELSEWHERE = (EventKind.IMPORTED, EventKind.IMPORT_UPDATED, EventKind.RECORDED)
SHOWN = ("subject", "location")  # with what stood there before, in the history


class Outcome(StrEnum):
    SAME = "same"
    PROMISE_MOVED = "promise_moved"
    UPDATED = "updated"
    WORKED_ON = "worked_on"


def update(
    rows: list[Row], mapping: Mapping, *, now: datetime, names: Names, dry_run: bool = False
) -> list[tuple[Row, Outcome]]:
    """What became of each of these rows, whose cases are there. With `dry_run` nothing is written."""
    outcomes: list[tuple[Row, Outcome]] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        cases = _cases(mapping.source, [row.source_id for row in chunk])
        said = _said(cases.values())
        for row in chunk:
            case = cases[row.source_id]
            if not _differs(case, row, said.get(case.pk, ""), names, now):
                moved = case.target_at and row.target_at and case.target_at != row.target_at
                outcomes.append((row, Outcome.PROMISE_MOVED if moved else Outcome.SAME))
            elif case.is_live or case.was_worked_on:
                outcomes.append((row, Outcome.WORKED_ON))
            else:
                if not dry_run:
                    _update(case.pk, row, names, now, said.get(case.pk, ""))
                outcomes.append((row, Outcome.UPDATED))
    return outcomes


def _cases(source: str, ids: list[str]) -> dict[str, Any]:
    worked_on = Event.objects.filter(complaint=OuterRef("pk")).exclude(kind__in=_FROM_ELSEWHERE)
    cases = Complaint.objects.visible_to(None).filter(source=source, source_id__in=ids)
    cases = cases.annotate(
        was_worked_on=Exists(worked_on) | Exists(Complaint.objects.filter(merged_into=OuterRef("pk")))
    )
    return {case.source_id: case for case in cases.select_related("agency", "category", "area")}


def _said(cases: Iterable[Any]) -> dict[int, str]:
    """The answer or remark that the other system gave last, by case."""
    events = Event.objects.filter(complaint__in=[case.pk for case in cases], kind__in=_FROM_ELSEWHERE)
    told = events.order_by("seq").values_list("complaint_id", "content__words")
    return {case: words["text"] for case, words in told if words and "text" in words}


def _differs(case: Complaint, row: Row, said: str, names: Names, now: datetime) -> bool:
    if (case.state, said) != (row.state, row.remark or said) or not _ends_alike(case, row, now):
        return True
    if row.target_at is not None and case.target_at is None:
        return True
    if row.agency and names.is_another(row.agency, case.agency):
        return True
    if row.category and names.is_another_category(row.category, case.category):
        return True
    return _area(case, row, names) != case.area or bool(_words(case, row, names))


def _area(case: Complaint, row: Row, names: Names) -> Area | None:
    """A row that names no area takes none away."""
    return names.place(row)[0] if row.area and names.knows_areas else case.area


def _words(case: Complaint, row: Row, names: Names) -> dict[str, Any]:
    """What the row says otherwise than the case; what it leaves empty it takes from none."""
    told = {
        "subject": row.subject,
        "description": row.description,
        "location": names.place(row)[1],
        "latitude": row.latitude,
        "longitude": row.longitude,
    }
    return {
        name: value
        for name, value in told.items()
        if value not in ("", None) and value != getattr(case, name)
    }


def _ends_alike(case: Complaint, row: Row, now: datetime) -> bool:
    """A day that is not over ends at the moment of the import: the same file an hour later says nothing new."""
    if row.ended_at == now and case.ended_at is not None:
        return day_of(case.ended_at) == day_of(now)
    return case.ended_at == row.ended_at


def _update(pk: int, row: Row, names: Names, now: datetime, said: str) -> None:
    names.learn([row])
    data: dict[str, Any] = {"state": row.state, "state_there": row.state_there[:80]}
    with changing(pk, None, Act.UPDATE_IMPORTED, now=now) as change:
        case = change.case
        case.stand_as_elsewhere(State(row.state))
        case.agency = names.agency(row.agency) or case.agency
        case.assigned_at = case.assigned_at or (case.received_at if case.agency_id else None)
        case.returns_to = ""
        if row.state == State.AWAITING_CITIZEN:
            case.returns_to = (State.IN_PROGRESS if case.agency_id else State.SUBMITTED).value
        case.ended_at = row.ended_at
        case.target_at = case.target_at or row.target_at
        case.category = names.category(row.category) or case.category
        case.area = _area(case, row, names)
        words = {"text": row.remark if row.remark != said else ""}
        if told := _words(case, row, names):
            data["words"] = list(told)
            words |= told | {f"{name}_before": getattr(case, name) for name in told if name in SHOWN}
        for name, value in told.items():
            setattr(case, name, value)
        change.event(EventKind.IMPORT_UPDATED, data, words=words)
