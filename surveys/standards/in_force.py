"""What of a standard is in force on a day, and what comes next: follows from the dated changes alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from complaints.database.kept_statements import rows_of
from complaints.models import Service
from surveys.standards.models import OF_SERVICE, Counter, Part, StandardChange


def on_day(changes: Iterable[StandardChange], day: date) -> StandardChange | None:
    """Of changes of one part the one in force: the latest begun that has not run out, of one day the last made."""
    held = [row for row in changes if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)]
    return max(held, key=lambda row: (row.starts_on, row.pk), default=None)


def to_come(changes: Iterable[StandardChange], day: date) -> list[StandardChange]:
    """Those that begin later, the next first; of one day the last made."""
    by_day = {row.starts_on: row for row in sorted(changes, key=lambda row: row.pk) if row.starts_on > day}
    return [by_day[each] for each in sorted(by_day)]


def days_of(changes: Iterable[StandardChange], service: Service, day: date) -> int | None:
    """The working days promised to whoever comes on `day`. `changes`: of the time of this service."""
    rows = list(changes)
    if (held := on_day(rows, day)) is not None:
        value = held.after
    elif rows:
        value = min(rows, key=lambda row: (row.starts_on, row.pk)).before
    else:
        return service.promised_days
    days: int | None = value.get("days")
    return days


@dataclass
class PartNow:
    """One part as it is in force: the value, the change that brought it, and those to come."""

    part: Part
    value: dict[str, Any]
    change: StandardChange | None = None
    coming: list[StandardChange] = field(default_factory=list)


@dataclass
class CounterNow:
    counter: Counter
    hours: PartNow
    closures: list[StandardChange]


@dataclass
class Standard:
    """The standard of a service on a day."""

    service: Service
    parts: dict[Part, PartNow]
    counters: list[CounterNow]
    pledge: PartNow
    changes: list[StandardChange]  # all of them, the oldest first

    @property
    def is_sample(self) -> bool:
        rows = [self.pledge, *self.parts.values(), *(each.hours for each in self.counters)]
        return any(row.change is not None and row.change.cause == SAMPLE for row in rows)


NAMED = ("made_by__agency", "counter", "forum")  # what a change names on its page, and which of their columns
SHOWN = (
    *("counter__name_id", "counter__name_en", "forum__starts_at"),
    *("made_by__name", "made_by__email", "made_by__agency__short_name"),
)
SAMPLE = "sample"  # the cause of what came with the fixtures: nobody at the office has looked at it


def standard_of(service: Service, day: date) -> Standard:
    """Two queries, however long its history."""
    counters = rows_of("counters of service", service.pk, 0, _counters_of)
    changes = rows_of("standard of service", service.pk, 0, _changes_of)
    return _standard(service, counters, changes, day)


def _counters_of(service: int) -> QuerySet[Counter]:
    return Counter.objects.filter(services=service, is_active=True)


def _changes_of(service: int) -> QuerySet[StandardChange]:
    """Of the service, of its counters, and the pledge of its agency."""
    counters = Counter.services.through.objects.filter(service=service, counter__is_active=True)
    unit = Service.objects.filter(pk=service).values("agency")
    of_them = Q(service=service) | Q(counter__in=counters.values("counter"))
    rows = StandardChange.objects.filter(of_them | Q(part=Part.PLEDGE, agency=Subquery(unit)))
    return _named(rows)


def _named(rows: QuerySet[StandardChange]) -> QuerySet[StandardChange]:
    own = [field.name for field in StandardChange._meta.concrete_fields]
    return rows.select_related(*NAMED).only(*own, *SHOWN).order_by("pk")


def standards_of(services: Sequence[Service], day: date) -> list[Standard]:
    """Of each, in their order; three queries, however many."""
    links = Counter.services.through.objects.filter(service__in=services)
    served: dict[int, set[int]] = defaultdict(set)  # service → its counters
    for service_id, counter_id in links.values_list("service", "counter"):
        served[service_id].add(counter_id)
    keys = {key for each in served.values() for key in each}
    counters = list(Counter.objects.filter(pk__in=keys, is_active=True)) if keys else []
    pledge = Q(part=Part.PLEDGE, agency__in={each.agency_id for each in services})
    rows = StandardChange.objects.filter(Q(service__in=services) | Q(counter__in=counters) | pledge)
    changes = list(_named(rows))
    return [
        _standard(service, [each for each in counters if each.pk in served[service.pk]], changes, day)
        for service in services
    ]


def _standard(
    service: Service, counters: list[Counter], changes: Iterable[StandardChange], day: date
) -> Standard:
    """`changes`: of many services, of which those count that concern this one."""
    keys = {each.pk for each in counters}
    found = [
        row
        for row in changes
        if row.service_id == service.pk
        or row.counter_id in keys
        or (row.part == Part.PLEDGE and row.agency_id == service.agency_id)
    ]
    by_part: dict[Any, list[StandardChange]] = defaultdict(list)
    for row in found:
        by_part[row.part, row.counter_id].append(row)
    parts = {part: _now(part, by_part[part.value, None], day, _kept(service, part)) for part in OF_SERVICE}
    return Standard(
        service=service,
        parts=parts,
        counters=[_counter(counter, by_part, day) for counter in counters],
        pledge=_now(Part.PLEDGE, by_part[Part.PLEDGE.value, None], day, {}),
        changes=found,
    )


def _kept(service: Service, part: Part) -> dict[str, Any]:
    """What the catalogue has of a part that was never changed here."""
    if part == Part.TIME and service.promised_days:
        return {"days": service.promised_days}
    if part == Part.REQUIREMENTS:
        both = {"id": service.requirements_id, "en": service.requirements_en}
        return {language: words for language, words in both.items() if words}
    return {}


def _now(part: Part, rows: list[StandardChange], day: date, kept: dict[str, Any]) -> PartNow:
    held = on_day(rows, day)
    if held is None and rows:
        kept = min(rows, key=lambda row: (row.starts_on, row.pk)).before
    return PartNow(part, held.after if held else kept, held, to_come(rows, day))


def _counter(counter: Counter, by_part: dict[Any, list[StandardChange]], day: date) -> CounterNow:
    # Of two for the same first day the last made counts: one without words takes a closure back.
    closed = {row.starts_on: row for row in by_part[Part.CLOSURE.value, counter.pk]}.values()
    ahead = [row for row in closed if row.after and (row.ends_on is None or row.ends_on >= day)]
    hours = _now(Part.HOURS, by_part[Part.HOURS.value, counter.pk], day, {})
    return CounterNow(counter, hours, sorted(ahead, key=lambda row: (row.starts_on, row.pk)))


def value_on(part: Part, service: Service | None, counter: Counter | None, agency: Any, day: date) -> Any:
    """(value in force on `day`, the last change made of this part) of one thing, for who is about to change it."""
    rows = list(of_thing(part, service, counter, agency))
    kept = _kept(service, part) if service is not None else {}
    return _now(part, rows, day, kept).value, max(rows, key=lambda row: row.pk, default=None)


def of_thing(part: Part, service: Service | None, counter: Counter | None, agency: Any) -> Any:
    """The changes of one part of a service, of a counter, or of an agency's pledge."""
    rows = StandardChange.objects.filter(part=part)
    if service is not None:
        return rows.filter(service=service)
    return rows.filter(counter=counter) if counter is not None else rows.filter(agency=agency)
