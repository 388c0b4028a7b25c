"""The history cannot be changed unnoticed, and by the database's own word not at all."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from complaints.database.triggers import install_guards, remove_guards
from complaints.integrity import check_integrity
from complaints.ledger.verify import verify_ledger
from complaints.models import Complaint, Event, EventContent
from complaints.models.event import AppendOnly
from complaints.services.erasure import erase_person
from tests import factories
from tests.module_rows import ModuleRows
from tests.soundness import what_is_broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_cases")]


def make_cases() -> list[Complaint]:
    return [factories.closed(subject=f"Kasus {n}") for n in range(3)]


@pytest.fixture(scope="module")
def made_cases(module_rows: ModuleRows) -> list[Complaint]:
    return module_rows.make(make_cases)


@pytest.fixture
def cases(made_cases: list[Complaint], db: None) -> list[Complaint]:
    return deepcopy(made_cases)


def sql(statement: str, *values: Any) -> None:
    """What somebody with the database's password could do, the guards taken away first."""
    remove_guards(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    install_guards(connection)


def test_a_true_history_fits(cases: list[Complaint], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_ledger", json=True)
    told = json.loads(capsys.readouterr().out)
    count = Event.objects.count()
    nothing_lost = {"gaps": [], "lost_heads": 0}
    assert told == {
        "events": count,
        "ok": True,
        "first_bad": None,
        "heads": 0,
        "unsigned": count,
        **nothing_lost,
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaints_event SET role = 'citizen'",
        "DELETE FROM complaints_event",
        "UPDATE complaints_eventcontent SET salt = 'x'",
    ],
)
def test_the_database_refuses(cases: list[Complaint], statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_model_refuses(cases: list[Complaint]) -> None:
    event = Event.objects.latest("pk")
    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        event.delete()


COLUMNS = ["kind", "role", "content_digest", "prev_hash", "hash"]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_is_named(cases: list[Complaint], column: str) -> None:
    event = Event.objects.filter(complaint=cases[1], seq=3).get()
    sql(f"UPDATE complaints_event SET {column} = %s WHERE id = %s", "x" * 10, event.pk)
    bad = verify_ledger().first_bad
    assert bad is not None
    assert (bad.number, bad.seq) == (cases[1].number, 3)


def test_a_changed_moment_or_datum_is_named(cases: list[Complaint]) -> None:
    event = Event.objects.filter(complaint=cases[0], seq=2).get()
    sql("UPDATE complaints_event SET at = %s WHERE id = %s", "2026-01-01 00:00:00+00:00", event.pk)
    bad = verify_ledger().first_bad
    assert bad is not None and (bad.number, bad.seq, bad.why) == (cases[0].number, 2, "changed")


def test_changed_words_are_named_and_erased_words_are_not(cases: list[Complaint]) -> None:
    over = next(case for case in cases if not case.is_open)
    erase_person(over.pk, by=None, now=factories.FRIDAY, reason="Diminta warga.")
    assert verify_ledger().ok
    other = EventContent.objects.filter(event__complaint=cases[2], event__seq=1).get()
    sql("UPDATE complaints_eventcontent SET words = %s WHERE event_id = %s", '{"subject": "Lain"}', other.pk)
    bad = verify_ledger().first_bad
    assert bad is not None and (bad.number, bad.seq, bad.why) == (cases[2].number, 1, "words_changed")


TAMPERINGS: dict[str, Callable[[Event], tuple[str, list[object]]]] = {
    "deleted in the middle": lambda e: ("DELETE FROM complaints_event WHERE id = %s", [e.pk]),
    "moved to another case": lambda e: (
        "UPDATE complaints_event SET complaint_id = complaint_id - 1, seq = 99 WHERE id = %s",
        [e.pk],
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named(cases: list[Complaint], name: str) -> None:
    event = Event.objects.get(complaint=cases[1], seq=2)
    EventContent.objects.filter(event=event).delete()
    statement, values = TAMPERINGS[name](event)
    sql(statement, *values)
    bad = verify_ledger().first_bad
    assert bad is not None and bad.seq in (3, 99)


def test_a_cut_off_end_is_named(cases: list[Complaint]) -> None:
    last = Event.objects.filter(complaint=cases[1]).latest("seq")
    EventContent.objects.filter(event=last).delete()
    sql("DELETE FROM complaints_event WHERE id = %s", last.pk)
    bad = verify_ledger().first_bad
    assert bad is not None and (bad.number, bad.seq, bad.why) == (
        cases[1].number,
        last.seq,
        "cut_off_or_added",
    )


def test_a_case_without_any_history_is_named(cases: list[Complaint]) -> None:
    EventContent.objects.filter(event__complaint=cases[1]).delete()
    sql("DELETE FROM complaints_event WHERE complaint_id = %s", cases[1].pk)
    with pytest.raises(SystemExit):
        call_command("verify_ledger", json=True)


def test_what_is_stored_agrees_with_itself(cases: list[Complaint]) -> None:
    factories.awaiting()
    factories.resolved()
    assert not what_is_broken()


def test_a_state_without_its_event_is_found(cases: list[Complaint]) -> None:
    sql("UPDATE complaints_complaint SET state = 'rejected' WHERE id = %s", cases[0].pk)
    assert check_integrity()["state_is_not_its_last_event"] == [cases[0].number]


def test_a_due_moment_that_is_not_its_clock_s_is_found() -> None:
    case = factories.in_progress()
    Complaint.objects.filter(pk=case.pk).update(due_at=factories.FRIDAY)
    assert check_integrity()["due_is_not_its_clocks"] == [case.number]


def test_the_database_refuses_an_open_case_that_nobody_watches() -> None:
    case = factories.file_complaint()
    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(pk=case.pk).update(next_action_at=None)
