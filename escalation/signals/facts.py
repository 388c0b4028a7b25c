"""Reads the courses of cases out of the history, in chunks of cases."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import Agency
from complaints.clock.city_time import day_of
from complaints.models import Clock, Event, EventKind
from complaints.models.complaint import Complaints
from complaints.models.policy import Stage
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Decision
from escalation.signals import courses
from escalation.signals.courses import Course, Step

CHUNK = 2000
STEPS: dict[str, str] = {
    EventKind.QUESTION_ASKED: courses.QUESTION,
    EventKind.ASSIGNED: courses.GIVEN,
    EventKind.REASSIGNED: courses.GIVEN,
    EventKind.HANDED_BACK: courses.HANDED_BACK,
    EventKind.ACCEPTED: courses.ACCEPTED,
    EventKind.RESOLVED: courses.ANSWER,
    EventKind.DISPUTED: courses.DISPUTE,
    LadderEvent.ESCALATION_DECIDED: courses.EXTENDED,
}
Row = tuple[int, str, datetime, int | None, dict[str, Any], dict[str, Any] | None]


def read_courses(cases: Complaints) -> Iterator[Course]:
    """Three queries for each two thousand cases."""
    codes = dict(Agency.objects.values_list("pk", "code"))
    found = list(cases.order_by("pk").values_list("pk", "received_at", "agency_id"))
    for first in range(0, len(found), CHUNK):
        some = found[first : first + CHUNK]
        keys = [pk for pk, _received, _agency in some]
        happened = _events(keys)
        promised = set(
            Clock.objects.filter(complaint__in=keys, stage=Stage.RESOLUTION).values_list(
                "complaint", flat=True
            )
        )
        for pk, received_at, agency in some:
            steps = tuple(steps_of(happened[pk]))
            of = codes.get(agency or 0, "")
            yield Course(pk, received_at, day_of(received_at), of, pk in promised, steps)


def _events(keys: list[int]) -> dict[int, list[Row]]:
    """Of every kind, since each may move the promise."""
    rows: dict[int, list[Row]] = defaultdict(list)
    read = Event.objects.filter(complaint__in=keys).order_by("complaint", "seq")
    for row in read.values_list("complaint", "kind", "at", "actor", "data", "content__words"):
        rows[row[0]].append(row)
    return rows


def steps_of(rows: list[Row]) -> Iterator[Step]:
    """The steps that rules read, of the events of one case in their order."""
    agency, due, still = "", None, None
    for _case, kind, at, actor, data, words in rows:
        agency = _agency(kind, data, agency)
        after = _promise(data, None if still else due)
        who = str(actor) if actor else ""
        told = STEPS.get(kind)
        runs_on = kind == EventKind.QUESTION_ASKED and not data.get("stops_clock", True)
        if runs_on or (kind == LadderEvent.ESCALATION_DECIDED and data.get("decision") != Decision.EXTEND):
            told = None
        text = (words or {}).get("text") if kind == EventKind.RESOLVED else None
        if told:
            yield Step(told, at, day_of(at), agency, who, due, after, text, still)
        if "policy" in data and ("category" in data or "kind_before" in data):
            yield Step(courses.CORRECTED, at, day_of(at), agency, who, due, after)
        if kind == EventKind.HANDED_BACK:
            agency = ""
        still = (still or at) if due is not None and after is None else None
        due = after or due


def _agency(kind: str, data: dict[str, Any], before: str) -> str:
    """Whose case it is from this event on; a part of one names its own."""
    if kind in (EventKind.ASSIGNED, EventKind.REASSIGNED, EventKind.IMPORTED):
        return str(data.get("agency") or before)
    return before


def _promise(data: dict[str, Any], before: datetime | None) -> datetime | None:
    """When the answer is promised after this event; None while the clock stands still. Events from before they
    recorded the rows leave it as it was."""
    rows = data.get("rows", {})
    case = (rows.get("case") or rows.get("+case") or [{}])[0]
    if "target_at" not in case:
        return before
    return datetime.fromisoformat(case["target_at"]) if case["target_at"] else None
