"""Reads what a report counts out of the database, in one streaming query a table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.utils.crypto import salted_hmac

from accounts.actors import Actor
from accounts.models import Agency
from complaints.clock.city_time import zone
from complaints.models import Area, Category, Clock, Complaint, Event, EventKind, Pause, RejectReason
from complaints.models.complaint import Complaints
from complaints.models.policy import Stage
from complaints.states import ACTIVE, State
from escalation.ladder.models import Escalation
from reports.figures.periods import Period
from reports.figures.tables import (
    CLOCK_COLUMNS,
    Rows,
    Tables,
)

CHUNK = 2000
CITY_STAGES = (Stage.VERIFICATION, Stage.FIRST_RESPONSE, Stage.RESOLUTION)
# How a case ended, beyond its state: a closed one by the citizen's word or by silence.
HOW = {EventKind.CONFIRMED: "confirmed", EventKind.AUTO_CLOSED: "auto_closed"}


def cases_of(period: Period, agency: Agency | None, actor: Actor) -> Complaints:
    """The cases received in the period, in the actor's scope and, if given, of an agency and those below it.

    A case shared between agencies counts once: its parts are left out wherever the whole is counted.
    """
    start, end = period.bounds(zone())
    cases = Complaint.objects.visible_to(actor).filter(received_at__gte=start, received_at__lt=end)
    return cases.counted_once(agency)


class _Pseudonyms:
    """A name for each case that means nothing outside this report and without the server's key."""

    def __init__(self, period: Period, agency: Agency | None) -> None:
        self._salt = f"report:{period.first}:{period.last}:{agency.code if agency else ''}"

    def __call__(self, pk: int) -> str:
        return salted_hmac(self._salt, str(pk), algorithm="sha256").hexdigest()[:20]


class _Codes:
    """What the keys of agencies, categories and areas stand for."""

    def __init__(self) -> None:
        self.agencies, self.categories, self.areas = _codes_of(Agency), _codes_of(Category), _codes_of(Area)


def _codes_of(model: Any) -> dict[int | None, str]:
    """Codes by key, the empty one for none."""
    codes: dict[int | None, str] = {None: ""}
    codes.update(model.objects.values_list("pk", "code"))
    return codes


def collect(period: Period, agency: Agency | None, actor: Actor) -> Tables:
    """The tables of the period and of the one before, in an order that says nothing about the order in which cases
    came."""
    names, codes = _Pseudonyms(period, agency), _Codes()
    before = Tables.of(_rows(cases_of(period.before(), agency, actor), names, codes))
    return Tables.of(_rows(cases_of(period, agency, actor), names, codes), before)


def _rows(cases: Complaints, names: _Pseudonyms, codes: _Codes) -> dict[str, Rows]:
    return {
        "cases": sorted(_case_rows(cases, names, codes), key=itemgetter(0)),
        "clocks": _clock_rows(cases, names),
        "escalations": sorted(_escalation_rows(cases, names)),
    }


def _stream(queryset: Any, *fields: str) -> Iterator[tuple[Any, ...]]:
    rows: Iterator[tuple[Any, ...]] = queryset.order_by().values_list(*fields).iterator(chunk_size=CHUNK)
    return rows


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
    "cycle",
    "disputed_at",
    "hand_backs",
    "end_reason",
    "rating",
)


def _case_rows(cases: Complaints, names: _Pseudonyms, codes: _Codes) -> Rows:
    words, pauses = _last_words(cases), _pauses(cases)
    rows: Rows = []
    for row in _stream(cases, *CASE_FIELDS):
        pk, received, ended, target, state, kind, channel, agency, category, area, cycle, disputed, *rest = (
            row
        )
        how = _how(state, words.get(pk))
        places = codes.agencies[agency], codes.categories[category], codes.areas[area]
        moments = received, ended, target
        rows.append(
            (names(pk), *moments, state, how, kind, channel, *places, cycle, disputed is not None, *rest)
            + pauses[pk]
        )
    return rows


def _last_words(cases: Complaints) -> dict[int, str]:
    """Whether the citizen confirmed or silence closed it, by case; later events win."""
    events = Event.objects.filter(kind__in=list(HOW), complaint__in=cases.filter(state=State.CLOSED))
    return dict(events.order_by("complaint_id", "seq").values_list("complaint_id", "kind"))


def _how(state: str, last_word: str | None) -> str:
    if state in ACTIVE:
        return ""
    if state == State.CLOSED and last_word is not None:
        return HOW[EventKind(last_word)]
    return "answered" if state == State.RESOLVED else state


def _pauses(cases: Complaints) -> dict[int, tuple[int, int]]:
    """How often the clock of each case waited for the citizen, and for how many seconds; what still lasts has no
    length yet. Questions during which the time ran on are no pauses."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for pk, started, ended in _stream(
        Pause.objects.filter(complaint__in=cases, stops_clock=True), "complaint_id", "started_at", "ended_at"
    ):
        count, seconds = found[pk]
        found[pk] = count + 1, seconds + (round((ended - started).total_seconds()) if ended else 0)
    return found


def _clock_rows(cases: Complaints, names: _Pseudonyms) -> Rows:
    clocks = Clock.objects.filter(stage__in=CITY_STAGES, complaint__in=cases)
    rows = [(names(pk), *rest) for pk, *rest in _stream(clocks, "complaint_id", *CLOCK_COLUMNS[1:])]
    return sorted(rows, key=_sortable)


def _escalation_rows(cases: Complaints, names: _Pseudonyms) -> Rows:
    escalations = Escalation.objects.counted().filter(complaint__in=cases)
    return [
        (names(pk), *rest) for pk, *rest in _stream(escalations, "complaint_id", "level", "trigger", "state")
    ]


def _sortable(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(value.isoformat() if isinstance(value, datetime) else str(value) for value in row)


def labels_of(tables: Tables) -> dict[str, dict[str, dict[str, str]]]:
    """What the codes in the tables are called, in both languages: {"agency": {code: {"id", "en"}}, …}."""
    agencies = Agency.objects.filter(code__in=_codes(tables, "agency"))
    categories = Category.objects.filter(code__in=_codes(tables, "category"))
    reasons = RejectReason.objects.filter(code__in=_codes(tables, "end_reason"))
    areas = Area.objects.filter(code__in=_codes(tables, "area"))
    return {
        "agency": {row.code: {"id": row.name, "en": row.name_en or row.name} for row in agencies},
        "category": _bilingual(categories),
        "reason": _bilingual(reasons),
        "area": {row.code: {"id": row.name, "en": row.name} for row in areas},
    }


def _codes(tables: Tables, column: str) -> set[str]:
    """Those of both periods."""
    frames = [tables.cases] + ([tables.before.cases] if tables.before is not None else [])
    return {code for frame in frames for code in frame[column].unique().tolist() if code}


def _bilingual(rows: Any) -> dict[str, dict[str, str]]:
    return {row.code: {"id": row.name_id, "en": row.name_en or row.name_id} for row in rows}
