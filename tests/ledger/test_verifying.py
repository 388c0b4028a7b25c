"""How the history is read: each byte of it counts, several processes find what one finds, writers are no attackers."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.verify import verify_ledger
from complaints.ledger.verifying import spelling
from complaints.ledger.verifying.chain import Reader
from complaints.models import Complaint, Event
from complaints.models.event import canonical, event_body, leaf
from complaints.services import handling
from tests import factories
from tests.factories import FRIDAY
from tests.ledger.forger import sql

PLACES = {
    2: "kind",
    3: "at",
    5: "role",
    6: "data",
    7: "content_digest",
    8: "prev_hash",
    9: "hash",
    11: "salt",
    12: "words",
}


def flipped(value: str) -> Iterator[str]:
    """The same with one bit of one byte another, for each of them."""
    raw = value.encode()
    for at in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[at] ^= 1 << bit
            yield changed.decode("utf-8", "surrogateescape")


@pytest.mark.django_db
def test_every_bit_of_every_row_counts() -> None:
    case = factories.closed()
    reader, span = Reader(), (case.pk, case.pk + 1)
    row = reader._cases(span)[case.pk]
    ((_, events),) = reader._histories(span, {case.pk: row})
    assert reader._fault(row, events) is None
    tried = 0
    for number, event in enumerate(events):
        for place in PLACES:
            for value in flipped(event[place] or ""):
                changed = (*event[:place], value, *event[place + 1 :])
                bad = reader._fault(row, [*events[:number], changed, *events[number + 1 :]])
                assert bad is not None, (PLACES[place], value)
                assert (bad.number, bad.seq) in {(case.number, number + 1), (case.number, number + 2)}
                tried += 1
    assert tried == 8 * sum(len((event[place] or "").encode()) for event in events for place in PLACES) > 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(data=st.dictionaries(st.text(), JSON, max_size=4), role=st.text(), actor=st.none() | st.integers(1))
def test_the_quick_spelling_is_the_canonical_one(data: dict[str, Any], role: str, actor: int | None) -> None:
    event = Event(seq=7, kind='a"b\\', at=FRIDAY, actor_id=actor, role=role, data=data, prev_hash="é\x00")
    at = "2026-11-20T03:00:00.000000+00:00"
    read = spelling.json_reader()(json.dumps(data))
    assert read is not None
    quick = leaf("KPG-1", 7, event.kind, at, actor, role, read[1], "", "é\x00")
    assert quick == canonical(event_body(event, "KPG-1"))
    assert event.compute_hash("KPG-1") == sha256(b"\0" + quick).hexdigest()


@pytest.mark.django_db(transaction=True)
def test_several_processes_find_what_one_finds() -> None:
    cases = [factories.closed() for _ in range(3)]
    make_checkpoint(FRIDAY)
    one, several = verify_ledger(processes=1), verify_ledger(processes=2)
    assert one == several and one.ok and one.heads == 1
    event = Event.objects.get(complaint=cases[1], seq=2)
    sql("UPDATE complaints_event SET role = 'citizen' WHERE id = %s", event.pk)
    bad = verify_ledger(processes=2).first_bad
    assert bad is not None and (bad.number, bad.seq, bad.why) == (cases[1].number, 2, "changed")


@pytest.mark.django_db
def test_what_is_written_while_it_reads_is_no_fault() -> None:
    case = factories.in_progress()
    reader, span = Reader(), (case.pk, case.pk + 1)
    before = reader._cases(span)[case.pk]
    handling.add_note(case.pk, actor=factories.officer_of(case), now=FRIDAY, text="Sudah dicek.")
    ((_, events),) = reader._histories(span, {})
    assert reader._fault(before, events) is not None
    assert reader._look(case.pk, before, events) is None


@pytest.mark.django_db
def test_events_of_a_case_that_is_gone_are_found() -> None:
    case = factories.file_complaint()
    reader = Reader()
    ((_, events),) = reader._histories((case.pk, case.pk + 1), {})
    bad = reader._fault(None, events)
    assert bad is not None and bad.why == "case_missing"
    assert Complaint.objects.filter(pk=case.pk).exists()


@pytest.mark.django_db
def test_a_moment_that_no_clock_says_is_named_and_does_not_end_the_reading() -> None:
    case = factories.file_complaint()
    moment = "infinity" if connection.vendor == "postgresql" else "never"
    for column in ("ended_at", "received_at", "next_action_at"):  # the first is empty
        before = getattr(Complaint.objects.get(pk=case.pk), column)
        sql(f"UPDATE complaints_complaint SET {column} = %s", moment)
        bad = verify_ledger().first_bad
        assert bad is not None and bad.why == f"{column}_differs"
        sql(f"UPDATE complaints_complaint SET {column} = %s", before)
    assert verify_ledger().ok


@pytest.mark.django_db
def test_what_an_event_said_last_of_a_row_is_the_one_that_is_named() -> None:
    case = factories.in_progress()
    last = case.events.order_by("-seq").first()
    assert last is not None and "handler_id" in last.data["rows"]["case"][0]
    sql("UPDATE complaints_complaint SET handler_id = NULL")
    bad = verify_ledger().first_bad
    assert bad is not None and (bad.why, bad.seq) == ("handler_differs", last.seq)
