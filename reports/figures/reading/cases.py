"""Cases, their clocks, and what was raised, corrected and handled."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Q

from complaints.models import Clock, Event, EventKind, Pause
from complaints.models.complaint import Complaints
from complaints.models.policy import Stage
from complaints.states import ACTIVE, State
from escalation.ladder.models import Escalation
from escalation.signals.models import SignalLook
from reports.figures.frames import Stream
from reports.figures.reading.scope import CHUNK, Scope, stream
from reports.figures.reading.stays import cases_with_stays, rows_of_stays
from reports.figures.tables import CLOCK_COLUMNS, COLUMNS, Read

CITY_STAGES = (Stage.VERIFICATION, Stage.FIRST_RESPONSE, Stage.RESOLUTION)
# How a case ended, beyond its state: a closed one by the citizen's word or by silence.
HOW = {EventKind.CONFIRMED: "confirmed", EventKind.AUTO_CLOSED: "auto_closed"}
NONE = 0, 0  # pauses, and how long
Coming = Iterator[tuple[Any, ...]]
CASE_FIELDS = (
    "pk",
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
)


def keys_of_cases(scope: Scope) -> Sequence[int]:
    """Of all cases of which rows are read, in order."""
    parts = [
        cases.order_by().values("pk")
        for cases in (scope.cases, _carried_cases(scope), cases_with_stays(scope))
    ]
    keys = parts[0].union(*parts[1:]).order_by("pk").values_list("pk", flat=True)
    return array("q", keys.iterator(CHUNK))


def rows_of_cases(scope: Scope) -> Read:
    cases = scope.cases
    return {
        "cases": Stream(_cases(scope, cases), ("case",)),
        "carried": Stream(_carried(scope), ("case",)),
        "clocks": Stream(_clocks(scope), ("case", "stage", "cycle")),
        "stays": Stream(rows_of_stays(scope), ("stay",)),
        "escalations": Stream(_escalations(scope), COLUMNS["escalations"]),
        "corrections": Stream(_corrections(scope), COLUMNS["corrections"]),
        "handlers": Stream(_handlers(scope, cases), ("case",)),
        "signals": Stream(_signals(scope), ("case", "signal", "agency")),
    }


def _cases(scope: Scope, cases: Complaints) -> Coming:
    codes, words, pauses = scope.codes, _last_words(scope), _pauses(scope)
    for pk, received, ended, target, state, kind, channel, agency, category, area, service, *rest in stream(
        cases, *CASE_FIELDS
    ):
        cycle, disputed, hand_backs, end_reason, rating, entered_by = rest
        places = codes.agencies[agency], codes.categories[category], codes.areas[area]
        about = scope.names(pk), received, ended, target, state, _how(state, words.get(pk)), kind, channel
        course = cycle, disputed is not None, hand_backs, end_reason, rating
        yield *about, *places, *course, *pauses.get(pk, NONE), codes.services[service], entered_by is not None


def _last_words(scope: Scope) -> dict[int, EventKind]:
    """Whether the citizen confirmed or silence closed it, by case; later events win."""
    events = scope.of_cases(Event.objects.filter(kind__in=list(HOW), complaint__state=State.CLOSED))
    told = events.order_by("complaint_id", "seq").values_list("complaint_id", "kind")
    return {pk: EventKind(kind) for pk, kind in told.iterator()}


def _how(state: str, last_word: EventKind | None) -> str:
    if state in ACTIVE:
        return ""
    if state == State.CLOSED and last_word is not None:
        return HOW[last_word]
    return "answered" if state == State.RESOLVED else state


def _pauses(scope: Scope) -> dict[int, tuple[int, int]]:
    """How often the clock of each case waited for the citizen, and for how many seconds; what still lasts has no
    length yet. Questions during which the time ran on are no pauses."""
    found: dict[int, tuple[int, int]] = {}
    for pk, started, ended in stream(
        scope.of_cases(Pause.objects.filter(stops_clock=True)), "complaint_id", "started_at", "ended_at"
    ):
        count, seconds = found.get(pk, NONE)
        found[pk] = count + 1, seconds + (round((ended - started).total_seconds()) if ended else 0)
    return found


def _carried_cases(scope: Scope) -> Complaints:
    """Received before the period, and not over when it began."""
    start, _end = scope.bounds
    lasted = Q(state__in=sorted(ACTIVE)) | Q(ended_at__gte=start)
    return scope.any_cases.filter(lasted, received_at__lt=start)


def _carried(scope: Scope) -> Coming:
    for pk, *moments, state, agency in stream(
        _carried_cases(scope), "pk", "received_at", "ended_at", "state", "agency_id"
    ):
        yield scope.names(pk), *moments, state, scope.codes.agencies[agency]


def _clocks(scope: Scope) -> Coming:
    clocks = scope.of_cases(Clock.objects.filter(stage__in=CITY_STAGES))
    for pk, *rest in stream(clocks, "complaint_id", *CLOCK_COLUMNS[1:]):
        yield scope.names(pk), *rest


def _escalations(scope: Scope) -> Coming:
    raised = scope.of_cases(Escalation.objects.counted())
    for pk, *rest in stream(raised, "complaint_id", "level", "trigger", "state", "decision"):
        yield scope.names(pk), *rest


def _corrections(scope: Scope) -> Coming:
    """What was put right when a case was assigned, or before: its kind, with the one before, and the new category."""
    changed = Q(data__has_key="category") | Q(data__has_key="kind_before")
    # A part goes along with its whole, which says so itself.
    said = Q(kind=EventKind.ASSIGNED) | Q(kind=EventKind.CORRECTED, complaint__parent=None)
    events = scope.of_cases(Event.objects.filter(changed, said))
    for pk, data in stream(events, "complaint_id", "data"):
        yield scope.names(pk), data.get("kind_before", ""), data.get("kind", ""), data.get("category", "")


def _handlers(scope: Scope, cases: Complaints) -> Coming:
    """Who has each case now."""
    for pk, handler in stream(cases.filter(handler__isnull=False), "pk", "handler_id"):
        yield scope.names(pk), scope.names(f"user:{handler}")


def _signals(scope: Scope) -> Coming:
    """As they were looked at last: each night, of the running quarter and the one before."""
    looks = scope.of_cases(SignalLook.objects.all()).order_by().values("complaint_id", "signal", "agency_id")
    counted = looks.annotate(looks=Count("pk"), signs=Count("pk", filter=Q(is_sign=True)))
    for row in counted.iterator():
        agency = scope.codes.agencies[row["agency_id"]]
        yield scope.names(row["complaint_id"]), row["signal"], agency, row["looks"], row["signs"]
