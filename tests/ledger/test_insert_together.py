"""Rows of several tables that go to the database in one message are those that go one after the other."""

from datetime import UTC, date, datetime

import pytest

from complaints.database import bulk
from complaints.models import Clock, Complainant, Complaint, Event, EventContent
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel
from tests.factories import file_complaint, make_city

pytestmark = pytest.mark.django_db

HARD = "„Jalan“ 100 % rusak; 'x' \"y\" \\u00e9 \\x41 \\ {0} %s <b>&\r\n\t😀\n\\.\n'); DROP TABLE complaints_event; --"


OWN = {"id", "event_id", "complaint_id", "number", "receipt_digest", "submission_digest", "search_text"}


def stored(row):
    """All but what two rows cannot have in common."""
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in OWN]
    found = type(row)._base_manager.filter(pk=row.pk).values(*names).get()
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in found.items()}


def test_rows_are_stored_letter_by_letter_as_the_orm_stores_them(monkeypatch):
    """Texts that could end a statement or a line, nothing, bytes, JSON in JSON, fractions, moments to the microsecond.
    Both by one message and the way that many go."""
    make_city()
    first = file_complaint()
    at = datetime(2026, 11, 30, 1, 2, 3, 456789, tzinfo=UTC)
    words = {"subject": HARD, "list": [1, None, True, 0.1], "empty": {}}

    def rows(key: int):
        made = {"receipt_digest": f"r{key}", "submission_digest": f"s{key}", "number": f"X-{key}"}
        copied = {f.name: getattr(first, f.name) for f in Complaint._meta.concrete_fields if not f.generated}
        copied |= made | {
            "id": key,
            "subject": HARD[:60],
            "description": HARD,
            "happened_on": date(2026, 2, 28),
        }
        copied |= {"latitude": -10.178757, "longitude": None, "received_at": at, "policy": words}
        case = Complaint(**copied | {"kind": Kind.COMPLAINT, "channel": Channel.WEB})
        event = Event(pk=key, complaint=case, seq=1, kind="submitted", at=at, data=words, hash="h")
        content = EventContent(event=event, salt="s", words=words)
        return case, event, content, Complainant(complaint=case, sealed=b"\x00\xff'\\x41%s")

    together, apart, many = rows(900_001), rows(900_002), rows(900_003)
    bulk.insert_together(*((type(row), [row]) for row in together), (Clock, []))
    for row in apart:
        row.save(force_insert=True)
    monkeypatch.setattr(bulk, "FEW", 0)
    for row in many:
        bulk.insert(type(row), [row])
    for one, other, third in zip(together, apart, many, strict=True):
        assert stored(one) == stored(other) == stored(third)
        assert not one._state.adding
