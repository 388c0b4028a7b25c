"""Rows of no case: what a service records of them in the ledger's own entries is what they have to be."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test import Client

from complaints.history.rows import OWN_ROWS, ROWS, Table
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.recording import record_own_rows, recording
from complaints.ledger.verify import verify_ledger
from complaints.models import LedgerEntry, StandardReply
from tests import factories
from tests.factories import FRIDAY, HOUR

REPLY = Table.of_entries("reply", StandardReply, plain=["code"], salt="name_en")


@pytest.fixture(autouse=True)
def a_table() -> Iterator[None]:
    OWN_ROWS.add(REPLY)
    yield
    del OWN_ROWS.entries["reply"]


def why() -> str:
    bad = verify_ledger().first_bad
    return bad.why if bad else ""


def make(code: str, **fields: str) -> StandardReply:
    fields = {"name_en": f"secret of {code}", "text_id": f"Kata {code}", "use": "ask"} | fields
    return StandardReply.objects.create(code=code, **fields)


def recorded(code: str) -> StandardReply:
    with recording(actor=None, now=FRIDAY) as record:
        row = make(code)
        record.new(row)
    return row


def entries() -> list[LedgerEntry]:
    return list(LedgerEntry.objects.order_by("seq"))


@pytest.mark.django_db
def test_what_is_recorded_is_what_the_row_has_to_be() -> None:
    row = recorded("a")
    assert why() == ""
    StandardReply.objects.filter(pk=row.pk).update(is_active=False)
    assert why() == "reply_is_active_differs"
    StandardReply.objects.filter(pk=row.pk).update(is_active=True, text_id="Kata lain")
    assert why() == "reply_text_differs"
    StandardReply.objects.filter(pk=row.pk).delete()
    assert why() == "reply_missing"


@pytest.mark.django_db
def test_only_the_columns_that_were_written_are_recorded_so_that_another_change_still_shows() -> None:
    row = recorded("a")
    StandardReply.objects.filter(pk=row.pk).update(use="reject")  # by whoever has the database's password
    with recording(actor=None, now=FRIDAY + HOUR) as record:
        StandardReply.objects.filter(pk=row.pk).update(is_active=False)
        record.changed(row, "is_active")
    assert entries()[-1].data[ROWS] == {"reply": [{"id": row.pk, "is_active": False}]}
    assert why() == "reply_use_differs"


@pytest.mark.django_db
def test_a_watched_row_tells_what_is_another_at_the_end() -> None:
    row = recorded("a")
    with recording(actor=None, now=FRIDAY) as record:
        record.watch(row)
        row.use, row.is_active = "reject", False
        row.save()
    assert entries()[-1].data[ROWS] == {"reply": [{"id": row.pk, "is_active": False, "use": "reject"}]}
    assert why() == ""
    with recording(actor=None, now=FRIDAY) as record:
        record.watch(row)
        row.save()
    assert len(entries()) == 2  # nothing changed, nothing to say


@pytest.mark.django_db
def test_a_row_that_goes_is_told_of_and_may_come_back() -> None:
    row = recorded("a")
    with recording(actor=None, now=FRIDAY) as record:
        record.gone(row)
        row.delete()
    assert why() == ""
    recorded("a")
    assert why() == ""


@pytest.mark.django_db
def test_a_row_that_nobody_recorded_shows_once_the_table_is_known() -> None:
    old = make("old")
    recorded("a")
    assert why() == ""  # an older version recorded nothing: nobody can know
    assert record_own_rows(FRIDAY, only_empty=True) == 0
    assert why() == ""
    call_command("record_rows")
    assert record_own_rows(FRIDAY) == 0
    assert why() == ""
    StandardReply.objects.filter(pk=old.pk).update(use="reject")
    assert why() == "reply_use_differs"
    StandardReply.objects.filter(pk=old.pk).update(use="ask")
    added = make("b")
    assert why() == "reply_added"
    with recording(actor=None, now=FRIDAY) as record:
        StandardReply.objects.filter(pk=added.pk).update(is_active=False)
        record.changed(added, "is_active")
    assert why() == "reply_added"  # a service that changes it does not vouch for the rest


@pytest.mark.django_db
def test_what_is_told_of_an_older_row_is_kept_when_it_is_put_on_record() -> None:
    old = make("old")
    with recording(actor=None, now=FRIDAY) as record:
        StandardReply.objects.filter(pk=old.pk).update(is_active=False)
        record.changed(old, "is_active")
    StandardReply.objects.filter(pk=old.pk).update(is_active=True)
    assert why() == "reply_is_active_differs"
    record_own_rows(FRIDAY)
    assert why() == "reply_is_active_differs"


@pytest.mark.django_db
def test_words_stand_in_no_entry_and_cannot_be_guessed_from_it() -> None:
    recorded("a")
    data = json.dumps(entries()[-1].data)
    assert "Kata" not in data and "secret" not in data
    other = Table.of_entries("reply", StandardReply, plain=["code"], salt="code")
    assert REPLY.spell("text_id", "Kata a", "secret of a") != other.spell("text_id", "Kata a", "a")
    with pytest.raises(ImproperlyConfigured):
        Table.of_entries("unsalted", StandardReply)


@pytest.mark.django_db
def test_who_turns_back_leaves_no_entry() -> None:
    def turns_back(code: str) -> None:
        with recording(actor=None, now=FRIDAY) as record:
            record.new(make(code))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        turns_back("a")
    with recording(actor=None, now=FRIDAY) as outer:
        outer.new(make("b"))
        recorded("c")
        with pytest.raises(ZeroDivisionError):
            turns_back("d")
    assert [[row["code"] for row in entry.data[ROWS]["+reply"]] for entry in entries()] == [["c"], ["b"]]
    assert why() == ""


@pytest.mark.django_db
def test_a_table_that_is_not_listed_is_refused() -> None:
    agency = factories.make_agency()
    with pytest.raises(LookupError), recording(actor=None, now=FRIDAY) as record:
        record.new(agency)


@pytest.mark.django_db(transaction=True)
def test_several_at_once_leave_one_chain() -> None:
    def one(code: str) -> None:
        try:
            recorded(code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, "abcdefgh"))
    assert len(entries()) == 8
    assert why() == ""


@pytest.mark.django_db
def test_everybody_reads_that_something_was_recorded_once_a_day_and_never_how_much(client: Client) -> None:
    client.cookies["django_language"] = "en"
    for code in "abc":
        recorded(code)
    make_checkpoint(FRIDAY)
    page = client.get("/ledger/").content.decode()
    assert page.count("work that belongs to no single report") == 1
    assert "reply" not in page


@pytest.mark.django_db
def test_thousands_of_entries_are_read_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.cookies["django_language"] = "en"
    monkeypatch.setattr("complaints.public.views.ledger.ENTRIES", 2)
    for hour, code in enumerate("abc"):
        with recording(actor=None, now=FRIDAY + hour * 24 * HOUR) as record:
            record.new(make(code))
    make_checkpoint(FRIDAY + 72 * HOUR)
    first = client.get("/ledger/").content.decode()
    assert first.count("work that belongs to no single report") == 2
    assert "?entries=2#entries" in first
    second = client.get("/ledger/?entries=2").content.decode()
    assert second.count("work that belongs to no single report") == 1 and '#entries" rel="next' not in second
    assert client.get("/ledger/?entries=x").status_code == 400
