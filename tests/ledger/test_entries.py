"""Entries of the ledger that are of no case: in the tree, in the export, on the page, and held against forgery."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from complaints.ledger.checkpoints import heads_file, make_checkpoint
from complaints.ledger.entries import ENTRY_TYPES, EntryType, write_entry
from complaints.ledger.export import export_lines
from complaints.ledger.verify import verify_ledger
from complaints.models import Leaf, LedgerEntry
from tests import factories
from tests.factories import FRIDAY
from tests.ledger.forger import sql
from tests.ledger.strangers import FITS, verify


class TriedOut(models.TextChoices):
    TRIED = "tried", "Tried"


@pytest.fixture(autouse=True)
def a_kind() -> Iterator[None]:
    ENTRY_TYPES.add(EntryType(TriedOut.TRIED, lambda entry: f"Tried {entry.data['what']}"))
    yield
    del ENTRY_TYPES.entries[TriedOut.TRIED.value]


def write(what: str) -> LedgerEntry:
    return write_entry(TriedOut.TRIED, actor=None, now=FRIDAY, data={"what": what})


@pytest.fixture
def three() -> list[LedgerEntry]:
    """Entries among cases, under two heads."""
    factories.closed()
    first = write("a")
    make_checkpoint(FRIDAY)
    factories.file_complaint()
    entries = [first, write("b"), write("c")]
    make_checkpoint(FRIDAY + timedelta(hours=1))
    return entries


@pytest.mark.django_db
def test_an_entry_is_dated_no_earlier_than_the_last_head() -> None:
    """It would look backdated where another host's clock is ahead, or the demo city was played ahead."""
    factories.closed()
    make_checkpoint(FRIDAY + timedelta(hours=3))
    entry = write("a")
    make_checkpoint(FRIDAY + timedelta(hours=4))
    assert entry.at == FRIDAY + timedelta(hours=3)
    assert verify_ledger().ok


@pytest.mark.django_db
def test_entries_have_their_places_in_the_tree_and_all_fits(three: list[LedgerEntry]) -> None:
    leaves = Leaf.objects.filter(event=None).order_by("index")
    assert [(leaf.number, leaf.seq, leaf.hash) for leaf in leaves] == [
        ("ledger", entry.seq, entry.hash) for entry in three
    ]
    result = verify_ledger()
    assert result.ok and not result.unsigned and result.events == Leaf.objects.count()


@pytest.mark.django_db
def test_a_stranger_checks_the_export_with_them(three: list[LedgerEntry], tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(b"".join(export_lines(make_checkpoint(FRIDAY))))
    assert path.read_text().count('"case":"ledger"') == len(three)
    code, said = verify("export", path, head=heads_file())
    assert code == FITS, said


@pytest.mark.django_db
@pytest.mark.parametrize("seq", [1, 2, 3])
@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("kind = %s", "other"),
        ("data = %s", '{"what": "z"}'),
        ("role = %s", "administrator"),
        ("at = %s", FRIDAY + timedelta(minutes=5)),
        ("hash = %s", "0" * 64),
        ("prev_hash = %s", "1" * 64),
        ("seq = %s", 9),
    ],
)
def test_every_column_is_held_against_the_tree(
    three: list[LedgerEntry], seq: int, change: str, value: object
) -> None:
    sql(f"UPDATE complaints_ledgerentry SET {change} WHERE seq = %s", value, seq)
    found = verify_ledger().first_bad
    assert found is not None and found.number == "ledger"


@pytest.mark.django_db
@pytest.mark.parametrize("seq", [1, 2, 3])
def test_one_that_is_taken_out_is_missed(three: list[LedgerEntry], seq: int) -> None:
    sql("DELETE FROM complaints_ledgerentry WHERE seq = %s", seq)
    found = verify_ledger().first_bad
    assert found is not None and (found.number, found.seq, found.why) == ("ledger", seq, "missing")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE complaints_ledgerentry SET seq = 9", "DELETE FROM complaints_ledgerentry"]
)
def test_the_database_refuses_to_change_them(three: list[LedgerEntry], statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_several_write_at_once_and_none_is_lost() -> None:
    def run(what: str) -> None:
        try:
            write(what)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, "abcdefgh"))
    assert sorted(LedgerEntry.objects.values_list("data__what", flat=True)) == list("abcdefgh")
    make_checkpoint(FRIDAY)
    assert verify_ledger().ok


@pytest.mark.django_db
def test_everybody_reads_them_on_the_page_of_the_history(client: Client, three: list[LedgerEntry]) -> None:
    text = client.get("/ledger/").content.decode()
    assert all(f"Tried {entry.data['what']}" in text for entry in three)


@pytest.mark.django_db
def test_an_entry_may_be_the_first_leaf_and_names_the_file_of_heads() -> None:
    write("a")
    factories.file_complaint()
    before = heads_file()
    make_checkpoint(FRIDAY)
    assert heads_file() == before and before.exists()
