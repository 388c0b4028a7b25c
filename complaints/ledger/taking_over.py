"""Puts on record the rows of cases that an older version wrote, whose events say less: once, after an upgrade."""

from datetime import datetime

from django.db import transaction

from complaints.database import bulk
from complaints.history.events import draft_row, give_hashes, last_moments
from complaints.history.rows import ROWS, TABLES, Rows
from complaints.models import Complaint, Event, EventKind
from complaints.models.complaint import Complaints, Conflict

BATCH = 500


def record_rows(now: datetime) -> int:
    """Gives each case of which no event tells all an event that does, as the rows are now; how many it gave."""
    count, after = 0, 0
    while keys := list(_cases().filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
        after = keys[-1]
        told = Event.objects.filter(complaint__in=keys, data__rows__has_key="+case")
        known = set(told.values_list("complaint", flat=True))
        count += _record([key for key in keys if key not in known], now)
    return count


def _cases() -> Complaints:
    return Complaint.objects.visible_to(None).order_by("pk")


def _record(keys: list[int], now: datetime) -> int:
    """A batch in a transaction; Conflict when somebody changed one of the cases meanwhile."""
    if not keys:
        return 0
    with transaction.atomic():
        cases = list(_cases().filter(pk__in=keys))
        last = last_moments(cases, now)
        rows = _rows_of(keys)
        events = [
            draft_row(case, EventKind.RECORDED, at=last.get(case.pk, now), data={ROWS: rows[case.pk]})
            for case in cases
        ]
        for case, event in zip(cases, events, strict=True):
            give_hashes(case, [event])
        guard = ("version", [case.stored_version for case in cases])
        if bulk.update(Complaint, cases, ("version", "last_event_hash"), guard) != len(cases):
            raise Conflict("a case changed meanwhile: run it again")
        bulk.insert(Event, events)
    return len(cases)


def _rows_of(keys: list[int]) -> dict[int, Rows]:
    found: dict[int, Rows] = {key: {} for key in keys}
    for table in TABLES:
        for row in table.model._base_manager.filter(**{f"{table.case}__in": keys}).order_by("pk"):
            found[getattr(row, table.case)].setdefault(f"+{table.code}", []).append(table.whole(row))
    return found
