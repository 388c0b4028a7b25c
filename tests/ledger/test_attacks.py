"""Whoever may write to the database cannot do so unnoticed: each attack is named at the event
that it begins with."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from complaints.ledger.checkpoints import heads_file, make_checkpoint
from complaints.ledger.notes import Signer
from complaints.ledger.verify import BadEvent, verify_ledger
from complaints.models import Attachment, Complaint, Event, EventContent, Head, Leaf
from complaints.services import handling
from complaints.services.erasure import erase_person
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.ledger.forger import delete, forget, put_back, rechain, retell_leaves, sql
from tests.module_rows import ModuleRows
from tests.shared import path_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("made_ledger")]


@dataclass
class Ledger:
    """Three cases; `late` became known between the first and the second head."""

    first: Complaint
    second: Complaint
    late: Complaint
    heads: list[Head]

    def event(self, case: Complaint, seq: int) -> Event:
        return Event.objects.get(complaint=case, seq=seq)


def make_ledger() -> Ledger:
    first, second = factories.closed(subject="Satu"), factories.closed(subject="Dua", location="Pasar")
    heads = [make_checkpoint(FRIDAY)]
    late = factories.closed(FRIDAY + HOUR, subject="Tiga")
    heads.append(make_checkpoint(FRIDAY + HOUR))
    assert verify_ledger().first_bad is None
    return Ledger(first, second, late, heads)


@pytest.fixture(scope="module")
def made_ledger(module_rows: ModuleRows) -> Ledger:
    return module_rows.make(make_ledger)


@pytest.fixture
def ledger(made_ledger: Ledger, db: None) -> Ledger:
    return deepcopy(made_ledger)


def found() -> tuple[str, int, str]:
    bad = verify_ledger().first_bad
    assert bad is not None
    return bad.number, bad.seq, bad.why


def change_and_rehash(ledger: Ledger) -> None:
    sql("UPDATE complaints_event SET role = 'system' WHERE id = %s", ledger.event(ledger.second, 3).pk)
    rechain(ledger.second)


def put_in_and_rehash(ledger: Ledger) -> None:
    for seq in range(ledger.second.version, 2, -1):
        sql(
            "UPDATE complaints_event SET seq = %s WHERE id = %s", seq + 1, ledger.event(ledger.second, seq).pk
        )
    Event.objects.create(complaint=ledger.second, seq=3, kind="note_added", at=FRIDAY, role="system", hash="")
    rechain(ledger.second)


def swap_and_rehash(ledger: Ledger) -> None:
    third, fourth = ledger.event(ledger.second, 3), ledger.event(ledger.second, 4)
    for event, seq in ((third, 99), (fourth, 3), (third, 4)):
        sql("UPDATE complaints_event SET seq = %s WHERE id = %s", seq, event.pk)
    rechain(ledger.second)


def take_out_and_rehash(ledger: Ledger) -> None:
    delete(ledger.event(ledger.second, 3))
    sql("UPDATE complaints_complaint SET handler_id = NULL WHERE id = %s", ledger.second.pk)
    for seq in range(4, ledger.second.version + 1):
        sql(
            "UPDATE complaints_event SET seq = %s WHERE id = %s", seq - 1, ledger.event(ledger.second, seq).pk
        )
    rechain(ledger.second)


def cut_off(ledger: Ledger) -> None:
    """The citizen's confirmation never was; the case says so too."""
    delete(ledger.event(ledger.second, ledger.second.version))
    sql(
        "UPDATE complaints_complaint SET state = 'resolved', rating = NULL, next_level = 1, "
        "next_action_at = ended_at WHERE id = %s",
        ledger.second.pk,
    )
    rechain(ledger.second)


def take_the_case_out(ledger: Ledger) -> None:
    for event in ledger.second.events.order_by("-seq"):
        delete(event)
    forget(ledger.second)


def put_back_events_only(ledger: Ledger) -> None:
    for event in ledger.late.events.order_by("-seq"):
        delete(event)
    forget(ledger.late)


def make_all_anew(ledger: Ledger) -> None:
    """From the first event after the first head on: events, chains, leaves, and the rows of heads."""
    sql("UPDATE complaints_event SET role = 'system' WHERE id = %s", ledger.event(ledger.late, 1).pk)
    rechain(ledger.late)
    retell_leaves()


def forge_the_head_too(ledger: Ledger) -> None:
    make_all_anew(ledger)
    forger = Signer("tuntas/kupang", bytes(32))
    for head in Head.objects.all():
        note = head.note.split("\n\n")[0] + "\n"
        lines = note.splitlines()
        lines[2] = head.root_base64
        sql(
            "UPDATE complaints_head SET note = %s WHERE size = %s",
            forger.sign("\n".join(lines) + "\n"),
            head.size,
        )


ATTACKS: dict[str, tuple[Callable[[Ledger], None], str, int, str]] = {
    "changed, its chain made anew": (change_and_rehash, "second", 3, "changed"),
    "put in, its chain made anew": (put_in_and_rehash, "second", 3, "changed"),
    "exchanged, their chain made anew": (swap_and_rehash, "second", 3, "changed"),
    "taken out, its chain made anew": (take_out_and_rehash, "second", 3, "missing"),
    "cut off, the case told so": (cut_off, "second", 5, "missing"),
    "a whole case taken out": (take_the_case_out, "second", 1, "missing"),
    "an older copy of the events": (put_back_events_only, "late", 1, "missing"),
    "all made anew but the signatures": (make_all_anew, "late", 1, "not_what_was_signed"),
    "all made anew, signed with another key": (forge_the_head_too, "late", 1, "not_what_was_signed"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_named_where_it_begins(ledger: Ledger, name: str) -> None:
    attack, case, seq, why = ATTACKS[name]
    attack(ledger)
    assert found() == (getattr(ledger, case).number, seq, why)


CASE_COLUMNS = {
    "state": ("'rejected'", 5, "state"),
    "agency_id": ("NULL", 2, "agency"),
    "kind": ("'aspiration'", 1, "kind"),
    "channel": ("'phone'", 1, "channel"),
    "subject": ("'Lain'", 1, "subject"),
    "description": ("''", 1, "description"),
    "location": ("'Kantor'", 1, "location"),
    "rating": ("1", 5, "rating"),
    "handler_id": ("NULL", 3, "handler"),
    "cycle": ("2", 1, "cycle"),
    "hand_backs": ("3", 1, "hand_backs"),
    "ended_at": ("'2026-11-19 00:00:00+00:00'", 4, "ended_at"),
    "received_at": ("'2026-11-19 00:00:00+00:00'", 1, "received_at"),
}


@pytest.mark.parametrize("column", CASE_COLUMNS)
def test_a_case_that_is_not_as_its_events_say_is_named(ledger: Ledger, column: str) -> None:
    value, seq, name = CASE_COLUMNS[column]
    if column == "agency_id":  # a constraint wants an agency for a case at work; another will do
        value = str(factories.make_agency("LAIN").pk)
    sql(f"UPDATE complaints_complaint SET {column} = {value} WHERE id = %s", ledger.second.pk)
    assert found() == (ledger.second.number, seq, f"{name}_differs")


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL takes UTF-8 only")
@pytest.mark.parametrize("column", ["role", "at", "hash"])
def test_bytes_that_are_no_text_are_named(ledger: Ledger, column: str) -> None:
    event = ledger.event(ledger.second, 3)
    sql(f"UPDATE complaints_event SET {column} = CAST(x'ff' || {column} AS TEXT) WHERE id = %s", event.pk)
    assert found() == (ledger.second.number, 3, "changed")


def test_a_changed_number_is_named(ledger: Ledger) -> None:
    sql("UPDATE complaints_complaint SET number = 'KPG-2026-999999-9' WHERE id = %s", ledger.first.pk)
    assert found() == ("KPG-2026-999999-9", 1, "changed")


def test_an_older_copy_of_the_whole_database_is_found_out(ledger: Ledger) -> None:
    put_back(ledger.heads[0].size)
    assert verify_ledger().first_bad == BadEvent("", 0, "missing_since_head", ledger.heads[0].size)


def test_so_it_is_when_work_went_on_with_it(ledger: Ledger, tmp_path: Path) -> None:
    """Where nothing was kept that could have stopped it, by whoever kept a copy of the heads."""
    copy = heads_file().rename(tmp_path / "heads.txt")
    put_back(ledger.heads[0].size)
    later = factories.closed(FRIDAY + 2 * HOUR, subject="Empat")
    factories.closed(FRIDAY + 2 * HOUR, subject="Lima")
    make_checkpoint(FRIDAY + 2 * HOUR)
    assert verify_ledger().ok
    bad = verify_ledger(heads_file=copy).first_bad
    assert bad is not None and (bad.number, bad.seq, bad.why) == (later.number, 1, "not_what_was_signed")


def test_a_mailed_head_knows_what_the_file_no_longer_says(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mailed = tmp_path / "mail.txt"
    mailed.write_text(f"Dear ombudsman,\r\n\r\n{ledger.heads[1].note}\r\n")
    call_command("verify_ledger", "--json", f"--head={mailed}")
    put_back(ledger.heads[0].size)
    heads_file().unlink()
    call_command("verify_ledger", "--json")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--json", f"--head={mailed}")
    told = json.loads(capsys.readouterr().out)
    size = ledger.heads[0].size
    assert told["first_bad"] == {"case": None, "seq": None, "why": "missing_since_head", "index": size}


def test_a_copy_of_the_file_of_heads_can_be_named(ledger: Ledger, tmp_path: Path) -> None:
    kept = tmp_path / "heads-elsewhere.txt"
    kept.write_bytes(heads_file().read_bytes())
    put_back(ledger.heads[0].size)
    heads_file().unlink()
    assert verify_ledger().ok
    assert not verify_ledger(heads_file=kept).ok


def test_a_file_without_a_head_of_ours_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(Signer("tuntas/kupang", bytes(32)).sign(ledger.heads[0].note.split("\n\n")[0] + "\n"))
    with pytest.raises(CommandError, match="no head"):
        call_command("verify_ledger", f"--head={wrong}")


@pytest.mark.parametrize("column", ["root", "note"])
def test_a_changed_head_is_found_out(ledger: Ledger, column: str) -> None:
    value: object = bytes(32) if column == "root" else ledger.heads[1].note.replace("2026", "2025")
    sql(f"UPDATE complaints_head SET {column} = %s WHERE size = %s", value, ledger.heads[1].size)
    assert verify_ledger().first_bad == BadEvent("", 0, "head_not_signed", ledger.heads[1].size)


def test_a_former_key_still_counts_when_it_is_named(ledger: Ledger, settings: Settings) -> None:
    from complaints.ledger.signing import verifier

    former = str(verifier())
    settings.LEDGER_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert found()[2] == "head_not_signed"
    settings.LEDGER_FORMER_KEYS = [former]
    assert verify_ledger().ok


def test_a_leaf_taken_out_is_found_out(ledger: Ledger) -> None:
    sql('DELETE FROM complaints_leaf WHERE "index" = 6')
    bad = verify_ledger().first_bad
    assert bad is not None and (bad.why, bad.index) == ("leaf_missing_before", 7)


def test_an_event_put_in_between_is_named(ledger: Ledger) -> None:
    """It fits its chain, but a checkpoint a day later did not see it: its key is older than it is."""
    key = Event.objects.earliest("pk").pk - 1
    case = factories.file_complaint(FRIDAY + 2 * HOUR)
    make_checkpoint(FRIDAY + 2 * DAY)
    event = Event(
        pk=key, complaint=case, seq=2, kind="note_added", at=case.received_at, role="system", hash=""
    )
    event.save(force_insert=True)
    rechain(case)
    assert found() == (case.number, 2, "not_in_tree")


@pytest.mark.parametrize("how", ["changed", "missing", "added", "row taken out"])
def test_a_file_that_is_not_what_the_event_says_is_named(ledger: Ledger, how: str) -> None:
    case = factories.in_progress()
    path = attach(case)
    assert verify_ledger().ok
    why = {"changed": "file_changed", "added": "file_added"}.get(how, "file_missing")
    if how == "changed":
        path.write_bytes(b"another")
    elif how == "missing":
        path.unlink()
    elif how == "added":
        Attachment.objects.filter(complaint=case).update(event=ledger.event(case, 3))
        why = "file_missing"
        assert found() == (case.number, 4, why)
        return
    else:
        Attachment.objects.filter(complaint=case).delete()
    assert found() == (case.number, 4, why)
    assert verify_ledger(files=False).ok


def attach(case: Complaint) -> Path:
    from hashlib import sha256

    key, content = "0f" * 16, b"a photograph"
    path = Path(path_of(key))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    file = Attachment.objects.create(
        key=key, name="foto.jpg", content_type="image/jpeg", size=len(content), added_at=FRIDAY,
        sha256=sha256(content).hexdigest(), draft_digest="d",
    )  # fmt: skip
    handling.add_files(case.pk, actor=factories.officer_of(case), now=FRIDAY, files=[file])
    return path


def test_words_that_nobody_erased_are_missed(ledger: Ledger) -> None:
    EventContent.objects.filter(event__complaint=ledger.second, event__seq=4).delete()
    assert found() == (ledger.second.number, 4, "words_missing")


def test_erased_words_leave_everything_provable(ledger: Ledger) -> None:
    erase_person(ledger.first.pk, by=None, now=FRIDAY + DAY, reason="Diminta warga.", everything=True)
    erase_person(ledger.second.pk, by=None, now=FRIDAY + DAY, reason="Diminta warga.", everything=True)
    make_checkpoint(FRIDAY + DAY)
    assert verify_ledger().ok
    sql("UPDATE complaints_event SET role = 'system' WHERE id = %s", ledger.event(ledger.first, 4).pk)
    assert found() == (ledger.first.number, 4, "changed")


def test_words_without_salt_are_no_erased_words(ledger: Ledger) -> None:
    event = ledger.event(ledger.first, 1)
    sql("UPDATE complaints_eventcontent SET salt = '', words = '{}' WHERE event_id = %s", event.pk)
    assert found() == (ledger.first.number, 1, "words_changed")


def test_events_since_the_last_head_are_no_fault(ledger: Ledger) -> None:
    factories.file_complaint(timezone.now() - timedelta(minutes=5))
    result = verify_ledger()
    assert (result.ok, result.heads, result.unsigned) == (True, 2, 1)
    assert result.events == Leaf.objects.count() + 1
