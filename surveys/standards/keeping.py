"""Keeps the records of services: counted by the worker, read by pages from a row (docs/decisions/0107)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Max

from complaints.history.since import told_after
from complaints.models import Event, OfficeCalendar, Service
from surveys.standards.models import OUTCOMES, ServiceRecord
from surveys.standards.record import Record, promises_of, record_of

AGAIN = timedelta(minutes=15)
STALE = timedelta(hours=1)  # since then the worker does not run: the page says so
READ_MOST = 20_000  # reports a turn, so that other work has its turn as well


def keep_next(now: datetime) -> int:
    """The worker's job: counts services that were counted longest ago, or never; how many."""
    known = dict(ServiceRecord.objects.values_list("service", "counted_at"))
    due = [each for each in Service.objects.order_by("pk") if not _is_fresh(known.get(each.pk), now)]
    due.sort(key=lambda each: (each.pk in known, known.get(each.pk)))
    read = turn = 0
    for service in due:
        if read >= READ_MOST:
            break
        read, turn = read + _keep(service, now).received, turn + 1
    return turn


def keep_all(now: datetime) -> None:
    for service in Service.objects.order_by("pk"):
        _keep(service, now)


def kept_record(row: ServiceRecord) -> Record:
    return Record(row.received, *(getattr(row, name) for name in OUTCOMES))


def _is_fresh(counted_at: datetime | None, now: datetime) -> bool:
    return counted_at is not None and timedelta() <= now - counted_at < AGAIN


def _keep(service: Service, now: datetime) -> Record:
    # Before the reports: what is told while they are read counts as told since.
    mark = _promises(service)
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    found = record_of(service, now)
    made = asdict(found) | {"promises": mark, "last_event": newest, "counted_at": now}
    ServiceRecord.objects.update_or_create(service=service, defaults=made)
    return found


def _promises(service: Service) -> str:
    """All that reports are held against: changes of the promised days, the catalogue's, and the calendars."""
    changes = sorted(each.pk for each in promises_of(service))
    calendars = list(OfficeCalendar.objects.order_by("pk").values_list("pk", "revision"))
    told = (changes, service.promised_days, service.agency_id, calendars)
    return sha256(repr(told).encode()).hexdigest()


# For check_integrity


def differs(_now: datetime) -> Iterable[str]:
    """Codes of services whose record is not that of the full count as of its moment. Those of which something was told
    since, or whose promises are others now, are counted again soon, and left out."""
    for row in ServiceRecord.objects.select_related("service").order_by("pk"):
        told = told_after(row.last_event, row.counted_at)
        since = Event.objects.filter(told, complaint__service=row.service)
        if since.exists() or row.promises != _promises(row.service):
            continue
        if kept_record(row) != record_of(row.service, row.counted_at):
            yield row.service.code
