"""Cases, their clocks, and what was raised, corrected and handled."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q

from complaints.models import Clock, Event, EventKind, Pause
from complaints.models.complaint import Complaints
from complaints.models.policy import Stage
from complaints.states import ACTIVE, State
from escalation.ladder.models import Escalation
from escalation.signals.models import SignalLook
from reports.figures import arrays
from reports.figures.frames import Columns, Stream
from reports.figures.reading.columns import columns_of
from reports.figures.reading.scope import Keys, Scope
from reports.figures.reading.stays import cases_with_stays, columns_of_stays
from reports.figures.tables import CASE_COLUMNS, CLOCK_COLUMNS, COLUMNS, Read

CITY_STAGES = (Stage.VERIFICATION, Stage.FIRST_RESPONSE, Stage.RESOLUTION)
# How a case ended, beyond its state: a closed one by the citizen's word or by silence.
HOW = {EventKind.CONFIRMED: "confirmed", EventKind.AUTO_CLOSED: "auto_closed"}
Coming = Iterator[tuple[Any, ...]]
CASE_FIELDS = (
    "id",
    "received_at",
    "ended_at",
    "target_at",
    "state",
    "kind",
    "channel",
    "agency_id",
    "category_id",
    "area_id",
    "service_id",
    "cycle",
    "disputed_at",
    "hand_backs",
    "end_reason",
    "rating",
    "entered_by_id",
    "handler_id",
    "parent_id",
)


def pieces_of(scope: Scope, size: int) -> Iterator[Scope]:
    """All cases of which rows are read, so many at a time."""
    parts: list[Complaints] = [_carried_cases(scope), cases_with_stays(scope)]
    if scope.agency is not None:  # of the city these are all there are, and none is in both
        parts.append(scope.cases)
    first, *others = (cases.order_by().values("pk") for cases in parts)
    try:
        keys, parameters = first.union(*others, all=scope.agency is None).query.sql_with_params()
    except EmptyResultSet:  # of somebody who sees none
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(pk), max(pk) FROM "  # noqa: S608 - what the ORM made
            f"(SELECT pk, (row_number() OVER (ORDER BY pk) - 1) / {size:d} AS piece FROM ({keys}) AS a) AS b "
            "GROUP BY piece ORDER BY 1",
            parameters,
        )
        pieces = cursor.fetchall()
    for found in pieces:
        yield scope.between(Keys(*found))


def rows_of_cases(scope: Scope) -> Read:
    read = dict(zip(CASE_FIELDS, columns_of(scope.cases, *CASE_FIELDS), strict=True))
    keys = read["id"]
    names = scope.names.of(keys)
    return {
        "cases": Columns(_cases(scope, keys, read | {"case": names}), ("case",)),
        "carried": Columns(_carried(scope), ("case",)),
        "clocks": Columns(_clocks(scope, keys, names), ("case", "stage", "cycle")),
        "stays": Columns(columns_of_stays(scope, read), ("stay",)),
        "escalations": Columns(_escalations(scope), COLUMNS["escalations"]),
        "corrections": Columns(_corrections(scope), COLUMNS["corrections"]),
        "handlers": Columns(_handlers(scope, names, read["handler_id"]), ("case",)),
        "signals": Stream(_signals(scope), ("case", "signal", "agency")),
    }


def _cases(scope: Scope, keys: Any, read: dict[str, Any]) -> list[Any]:
    pauses, paused = _pauses(scope, keys)
    made = {
        "how": arrays.told(_how, read["state"], _last_words(scope, keys)),
        "agency": arrays.called(read["agency_id"], scope.codes.agencies),
        "category": arrays.called(read["category_id"], scope.codes.categories),
        "area": arrays.called(read["area_id"], scope.codes.areas),
        "service": arrays.called(read["service_id"], scope.codes.services),
        "is_disputed": arrays.is_known(read["disputed_at"]),
        "is_typed": arrays.is_known(read["entered_by_id"]),
        "rating": arrays.numbers(read["rating"]),
        "pauses": pauses,
        "paused_seconds": paused,
    }
    columns = read | made
    return [columns[name] for name in CASE_COLUMNS]


def _last_words(scope: Scope, keys: Any) -> Any:
    """Whether the citizen confirmed or silence closed each case; later events win. Empty where neither did."""
    told = scope.near(Event.objects.filter(kind__in=list(HOW)), keys.tolist())
    return arrays.last_by(keys, *columns_of(told, "complaint_id", "seq", "kind"))


def _how(state: str, last_word: str) -> str:
    if state in ACTIVE:
        return ""
    if state == State.CLOSED and last_word:
        return HOW[EventKind(last_word)]
    return "answered" if state == State.RESOLVED else state


def _pauses(scope: Scope, keys: Any) -> tuple[Any, Any]:
    """How often the clock of each case waited for the citizen, and for how many seconds; what still lasts has no
    length yet. Questions during which the time ran on are no pauses."""
    pauses = scope.near(Pause.objects.filter(stops_clock=True), keys.tolist())
    return arrays.counted_by(keys, *columns_of(pauses, "complaint_id", "started_at", "ended_at"))


def _carried_cases(scope: Scope) -> Complaints:
    """Received before the period, and not over when it began."""
    start, _end = scope.bounds
    lasted = Q(state__in=sorted(ACTIVE)) | Q(ended_at__gte=start)
    return scope.any_cases.filter(lasted, received_at__lt=start)


def _carried(scope: Scope) -> list[Any]:
    pk, *others, agency = columns_of(
        _carried_cases(scope), "id", "received_at", "ended_at", "state", "agency_id"
    )
    return [scope.names.of(pk), *others, arrays.called(agency, scope.codes.agencies)]


def _clocks(scope: Scope, keys: Any, names: Any) -> list[Any]:
    clocks = scope.near(Clock.objects.filter(stage__in=CITY_STAGES), keys.tolist())
    found = columns_of(clocks, "complaint_id", *CLOCK_COLUMNS[1:])
    places = arrays.places_in(keys, found[0])
    is_own = places >= 0
    return [names[places[is_own]], *arrays.only(found[1:], is_own)]


def _escalations(scope: Scope) -> list[Any]:
    raised = scope.of_cases(Escalation.objects.counted())
    pk, *others = columns_of(raised, "complaint_id", "level", "trigger", "state", "decision")
    return [scope.names.of(pk), *others]


def _corrections(scope: Scope) -> list[Any]:
    """What was put right when a case was assigned, or before: its kind, with the one before, and the new category."""
    changed = Q(data__has_key="category") | Q(data__has_key="kind_before")
    # A part goes along with its whole, which says so itself.
    said = Q(kind=EventKind.ASSIGNED) | Q(kind=EventKind.CORRECTED, complaint__parent=None)
    pk, data = columns_of(scope.of_cases(Event.objects.filter(changed, said)), "complaint_id", "data")
    return [scope.names.of(pk), *(_said(name, data) for name in COLUMNS["corrections"][1:])]


def _said(name: str, data: Any) -> Any:
    return arrays.told(lambda text: json.loads(text).get(name) or "", data)


def _handlers(scope: Scope, names: Any, handlers: Any) -> list[Any]:
    """Who has each case now."""
    has_one = arrays.is_known(handlers)
    return [names[has_one], arrays.told(lambda pk: scope.names(f"user:{pk}"), handlers[has_one])]


def _signals(scope: Scope) -> Coming:
    """As they were looked at last: each night, of the running quarter and the one before."""
    looks = scope.of_cases(SignalLook.objects.all()).order_by().values("complaint_id", "signal", "agency_id")
    counted = looks.annotate(looks=Count("pk"), signs=Count("pk", filter=Q(is_sign=True)))
    for row in counted.iterator():
        agency = scope.codes.agencies[row["agency_id"]]
        yield scope.names(row["complaint_id"]), row["signal"], agency, row["looks"], row["signs"]
