"""Heads: what a checkpoint takes in, what it signs, where it keeps it."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from complaints.ledger import checkpoints, tree
from complaints.ledger.checkpoints import heads_file, make_checkpoint
from complaints.ledger.merkle import check_consistency, inclusion_path, root_from_inclusion
from complaints.ledger.notes import find_notes, open_head
from complaints.ledger.signing import verifier
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import Event, Head, Leaf, Message, Tile
from complaints.models import ledger as tables
from tests import factories
from tests.factories import FRIDAY
from tests.ledger.test_merkle import of, slow_path, slow_root
from tests.shared import PATIENCE
from tests.soundness import what_is_broken


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of four hashes, so that a few events make a tree of several levels."""
    for module in (tables, tree, checkpoints):
        monkeypatch.setattr(module, "TILE", 4)
    monkeypatch.setattr(tree, "TILE_BITS", 2)


def hashes() -> list[bytes]:
    rows = Leaf.objects.order_by("index").values_list("event__hash", flat=True)
    return [bytes.fromhex(found) for found in rows]


@pytest.mark.django_db
def test_a_head_signs_the_root_over_all_events() -> None:
    factories.closed()
    head = make_checkpoint(FRIDAY)
    signed = open_head(head.note, verifier())
    assert (signed.size, signed.root) == (Event.objects.count(), slow_root(hashes()))
    assert signed.at == FRIDAY.replace(microsecond=0)
    assert tree.latest_head() == head


@pytest.mark.django_db
def test_without_news_the_head_stays() -> None:
    assert make_checkpoint(FRIDAY).size == 0
    factories.closed()
    first = make_checkpoint(FRIDAY)
    assert make_checkpoint(FRIDAY + timedelta(days=2)) == first
    assert Head.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("small_tiles")
def test_every_path_of_a_growing_tree_holds() -> None:
    sizes = []
    for _ in range(6):
        factories.closed()
        sizes.append(make_checkpoint(FRIDAY).size)
    leaves, size = hashes(), sizes[-1]
    assert size > 16 and Tile.objects.filter(level=1).exists()
    root = slow_root(leaves)
    for index in range(size):
        path = tree.inclusion(index, size)
        assert path == slow_path(index, leaves)
        assert root_from_inclusion(leaves[index], index, size, path) == root
    for old in sizes:
        assert tree.root(old) == slow_root(leaves[:old]) == bytes(Head.objects.get(size=old).root)
        check_consistency(old, size, slow_root(leaves[:old]), root, tree.consistency(old, size))


@pytest.mark.django_db
def test_a_proof_reads_a_few_rows(django_assert_max_num_queries: Any) -> None:
    factories.closed()
    size = make_checkpoint(FRIDAY).size
    expected = inclusion_path(of(hashes()), 1, size)
    with django_assert_max_num_queries(3):
        assert tree.inclusion(1, size) == expected


@pytest.mark.django_db
def test_an_event_has_its_place_once_a_checkpoint_took_it_in() -> None:
    case = factories.closed()
    make_checkpoint(FRIDAY)
    factories.file_complaint()
    places = tree.index_of(Event.objects.all())
    assert set(places) == set(Event.objects.filter(complaint=case).values_list("pk", flat=True))
    assert sorted(places.values()) == list(range(len(places)))
    with pytest.raises(ValueError, match="not that large"):
        tree.inclusion(0, len(places) + 1)


@pytest.mark.django_db
def test_an_event_that_became_visible_late_is_taken_in_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL may show key 8 before key 7: the transaction of 7 took longer."""
    factories.closed()
    late = Event.objects.order_by("pk")[1]
    seen = checkpoints.TAKE_IN.replace("WHERE NOT EXISTS", f"WHERE event.id <> {late.pk} AND NOT EXISTS")
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "TAKE_IN", seen)
        first = make_checkpoint(FRIDAY)
    second = make_checkpoint(FRIDAY)
    assert (first.size, second.size) == (second.size - 1, Event.objects.count())
    assert tree.index_of([late]) == {late.pk: first.size}


@pytest.mark.django_db(transaction=True)
def test_two_checkpoints_at_once_end_with_one_tree() -> None:
    for _ in range(5):
        factories.closed()
    both = Barrier(2)

    def run(_: int) -> int:
        try:
            both.wait(timeout=PATIENCE)
            return make_checkpoint(FRIDAY).size
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sizes = list(pool.map(run, range(2)))
    assert sizes == [Event.objects.count()] * 2
    assert Leaf.objects.count() == Event.objects.count()
    assert open_head(Head.objects.get().note, verifier()).root == slow_root(hashes())


@pytest.mark.django_db
@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("table", ["leaf", "tile", "head"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_the_tree(table: str, verb: str) -> None:
    factories.closed()
    make_checkpoint(FRIDAY)
    column = {"leaf": "seq", "tile": "level", "head": "size"}[table]
    what = f"complaints_{table} SET {column} = 9" if verb == "UPDATE" else f"FROM complaints_{table}"
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{verb} {what}")


@pytest.mark.django_db
def test_heads_are_kept_in_a_file_that_only_grows() -> None:
    factories.closed()
    first = make_checkpoint(FRIDAY)
    factories.closed()
    second = make_checkpoint(FRIDAY + timedelta(hours=1))
    assert list(find_notes(heads_file().read_text())) == [first.note, second.note]
    assert stat.S_IMODE(heads_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(heads_file().parent.stat().st_mode) == 0o700


@pytest.mark.django_db
def test_a_head_whose_writing_was_cut_off_is_written_again() -> None:
    factories.closed()
    first = make_checkpoint(FRIDAY)
    heads_file().write_text("\n" + first.note[:60])
    make_checkpoint(FRIDAY + timedelta(hours=1))
    assert list(find_notes(heads_file().read_text())) == [first.note]


@pytest.mark.django_db
def test_heads_go_by_mail_to_the_addresses_of_that_hour(settings: Settings) -> None:
    settings.LEDGER_MAIL_TO = ["ombudsman@example.org", "press@example.org"]
    factories.file_complaint()
    Message.objects.all().delete()
    head = make_checkpoint(FRIDAY)
    make_checkpoint(FRIDAY)
    assert not what_is_broken()
    assert "example.org" not in json.dumps(list(Message.objects.values("dedupe_key", "data")))
    settings.LEDGER_MAIL_TO = ["ombudsman@example.net"]
    assert send_due(FRIDAY) == 1
    (sent,) = mail.outbox
    assert sent.to == ["ombudsman@example.net"]
    assert list(find_notes(str(sent.body))) == [head.note]
    assert str(verifier()) in str(sent.body)


@pytest.mark.django_db
def test_the_command_prints_the_signed_head(capsys: pytest.CaptureFixture[str]) -> None:
    factories.closed()
    call_command("checkpoint_ledger")
    printed = capsys.readouterr().out
    assert open_head(printed, verifier()).size == Event.objects.count()
    call_command("checkpoint_ledger", json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["note"] == printed and datetime.fromisoformat(told["at"]).tzinfo
    call_command("ledger_key")
    assert capsys.readouterr().out == f"{verifier()}\n"


@pytest.mark.django_db
def test_a_second_database_beside_the_first_is_not_held_against_its_heads() -> None:
    """Two histories, one folder: each has its own file, and neither is blamed for what the other lacks."""
    with transaction.atomic():
        factories.file_complaint(subject="Kota lain")
        make_checkpoint(FRIDAY)
        other = heads_file()
        assert verify_ledger().ok
        transaction.set_rollback(True)
    factories.file_complaint()
    assert verify_ledger().ok
    make_checkpoint(FRIDAY)
    assert heads_file() != other and heads_file().exists() and other.exists()
    assert verify_ledger().ok
