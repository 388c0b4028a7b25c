"""An older copy of the database was put back: nothing is signed, numbered or written until a person says so."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.roles import Role
from complaints.database.keys import skip_ids
from complaints.ledger.checkpoints import heads_file, make_checkpoint
from complaints.ledger.gap_notes import GapNote, find_gaps, text_of
from complaints.ledger.outside import STEP, kept_in, marked_in, numbers_file
from complaints.ledger.proofs import as_file, proof_for
from complaints.ledger.restoring import NothingToAcknowledge, acknowledge, find_loss
from complaints.ledger.standing import OlderCopy, refusal
from complaints.ledger.verify import verify_ledger
from complaints.models import Complaint, Head, LedgerEntry
from config.start import look_at_the_ledger
from config.worker import JOBS, Job, Worker
from escalation.ladder.models import Hold
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.filing.form import PATH, minimal, opened
from tests.ledger.backups import Backup
from tests.ledger.forger import put_back, sql
from tests.ledger.strangers import FITS, verify

pytestmark = pytest.mark.long

WHY = "The disk failed; the copy of the night was put back."
LATER = FRIDAY + DAY


def serial(case: Complaint) -> int:
    return int(case.number.split("-")[2])


def say(*options: str) -> Any:
    """`acknowledge_restore` a day later; its JSON."""
    admin = factories.make_user(Role.ADMINISTRATOR)
    with time_machine.travel(LATER, tick=False):
        call_command("acknowledge_restore", "--json", "--by", admin.email, "--why", WHY, *options)


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[list[Complaint]]:
    """A real backup, work and heads after it, and the backup put back. The cases that were lost."""
    factories.make_user(Role.ADMINISTRATOR)
    factories.file_complaint(now=FRIDAY)
    make_checkpoint(FRIDAY)
    factories.file_complaint(now=FRIDAY + HOUR)
    backup = Backup(tmp_path)
    lost = [factories.file_complaint(now=FRIDAY + 2 * HOUR) for _ in range(3)]
    make_checkpoint(FRIDAY + 2 * HOUR)
    lost.append(factories.file_complaint(now=FRIDAY + 3 * HOUR))  # under no head
    make_checkpoint(FRIDAY + 3 * HOUR)
    lost.append(factories.file_complaint(now=FRIDAY + 3 * HOUR))
    backup.restore()
    yield lost
    backup.discard()


@pytest.mark.django_db(transaction=True)
def test_nothing_goes_on_until_the_gap_is_acknowledged(
    restored: list[Complaint], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    heads = list(Head.objects.values_list("size", flat=True))
    with pytest.raises(OlderCopy):
        make_checkpoint(LATER)
    with pytest.raises(CommandError, match="acknowledge_restore"):
        call_command("checkpoint_ledger")
    with pytest.raises(OlderCopy):
        factories.file_complaint(now=LATER)
    look_at_the_ledger()
    assert "read only" in caplog.text and "acknowledge_restore" in caplog.text
    assert client.get("/health/").json() == {"ok": False, "reason": "older_copy"}
    with pytest.raises(SystemExit):
        call_command("acknowledge_restore")
    assert list(Head.objects.values_list("size", flat=True)) == heads
    assert Complaint.objects.count() == 2
    assert not verify_ledger().ok


@pytest.mark.django_db(transaction=True)
def test_afterwards_no_number_is_given_twice_and_the_gap_is_open_to_everybody(
    restored: list[Complaint], client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    say()
    told = json.loads(capsys.readouterr().out)
    new = factories.file_complaint(now=LATER + HOUR)
    assert serial(new) > max(serial(case) for case in restored)
    assert serial(new) == told["numbers"] + 1
    make_checkpoint(LATER + HOUR)
    assert client.get("/health/").json() == {"ok": True}
    result = verify_ledger()
    assert result.ok and result.lost == 2
    ((gap,), (agrees, known)) = result.gaps, (told["agrees"], told["known"])
    assert (gap.agrees, gap.known.size, gap.why) == (agrees, known, WHY)
    client.cookies["django_language"] = "en"
    page = client.get("/ledger/").content.decode()
    assert WHY in page and f"above {gap.numbers}" in page
    assert f"why {WHY}" in client.get("/ledger/gaps.txt").content.decode()
    call_command("verify_ledger")
    assert WHY in capsys.readouterr().out
    with pytest.raises(NothingToAcknowledge):
        acknowledge(actor=factories.make_user(Role.ADMINISTRATOR), now=LATER + 2 * HOUR, why=WHY)


@pytest.mark.django_db(transaction=True)
def test_the_right_database_brought_back_goes_on_by_itself(tmp_path: Path, client: Client) -> None:
    factories.file_complaint()
    make_checkpoint(FRIDAY)
    older = Backup(tmp_path)
    factories.file_complaint()
    make_checkpoint(FRIDAY + HOUR)
    newest = Backup(tmp_path, "newest")
    older.restore()
    assert client.get("/health/").json()["reason"] == "older_copy"
    newest.restore()
    assert refusal() is None
    assert client.get("/health/").json() == {"ok": True}
    older.discard()
    newest.discard()


@pytest.fixture
def older(request: pytest.FixtureRequest, db: None) -> list[Head]:
    """Three heads, and the database as it was at the first."""
    factories.make_user(Role.ADMINISTRATOR)
    heads = []
    for hour in range(3):
        factories.closed(FRIDAY + hour * HOUR)
        heads.append(make_checkpoint(FRIDAY + hour * HOUR))
    put_back(heads[0].size)
    return heads


@pytest.mark.parametrize("language", ["id", "en"])
def test_citizens_read_and_nothing_is_accepted(older: list[Head], client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    form = opened(client)
    answer = client.post(PATH, form | minimal())
    assert answer.status_code == 503
    assert (
        "Only reading" if language == "en" else "Untuk sementara hanya dapat dibaca"
    ) in answer.content.decode()
    assert answer["Retry-After"]
    for path in ("/", "/ledger/", "/complaints/track/"):
        assert client.get(path).status_code == 200
    assert client.post("/complaints/track/", {"receipt": "0000-0000"}).status_code != 503
    assert Complaint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_waits_with_everything_and_tells_the_administrators(older: list[Head]) -> None:
    ran: list[str] = []

    def told(name: str) -> Callable[[datetime], int]:
        def run(_now: datetime) -> int:
            ran.append(name)
            return 0

        return run

    jobs = [Job(job.name, job.every, told(job.name)) for job in JOBS]
    worker = Worker(jobs, clock=lambda: LATER)
    assert all(worker.run_job(job) for job in jobs)
    assert not ran
    assert list(Hold.objects.values_list("code", flat=True)) == ["older_copy"]
    say()
    assert all(worker.run_job(job) for job in jobs)
    assert len(ran) == len(jobs) and not Hold.objects.exists()


def test_a_host_without_a_file_of_its_own_waits_with_the_others(
    older: list[Head], client: Client, settings: Settings, tmp_path: Path
) -> None:
    Hold.objects.create(code="older_copy", place="another-host", since=LATER)
    settings.LEDGER_DIR = tmp_path / "web-only"
    assert client.post(PATH, opened(client) | minimal()).status_code == 503
    assert client.get("/health/").json()["reason"] == "older_copy"


def test_a_fork_is_refused_too(db: None) -> None:
    """As many events as were signed, but others."""
    factories.closed()
    size = make_checkpoint(FRIDAY).size
    factories.closed()
    last = make_checkpoint(FRIDAY + HOUR)
    copy = heads_file().read_bytes()
    put_back(size)
    heads_file().unlink()
    while make_checkpoint(FRIDAY + 2 * HOUR).size < last.size:
        factories.closed(FRIDAY + 2 * HOUR)
    heads_file().write_bytes(copy)
    found = refusal()
    assert found is not None and found.held >= found.known.size
    with pytest.raises(OlderCopy):
        make_checkpoint(LATER)


def test_an_older_file_beside_a_newer_database_is_fine(db: None) -> None:
    factories.closed()
    make_checkpoint(FRIDAY)
    old = heads_file().read_bytes()
    factories.closed()
    last = make_checkpoint(FRIDAY + HOUR)
    heads_file().write_bytes(old)
    assert refusal() is None
    factories.file_complaint(now=LATER)
    make_checkpoint(LATER)
    assert last.note in heads_file().read_text()


def test_without_a_folder_it_starts_and_says_so(db: None, caplog: pytest.LogCaptureFixture) -> None:
    look_at_the_ledger()
    assert not caplog.text  # a fresh installation
    factories.closed()
    heads = [make_checkpoint(FRIDAY)]
    for path in (heads_file(), numbers_file(heads_file())):
        path.unlink()
    look_at_the_ledger()
    assert "holds no heads of this history" in caplog.text
    factories.file_complaint(now=LATER)
    heads.append(make_checkpoint(LATER))
    assert [note in heads_file().read_text() for note in (head.note for head in heads)] == [True, True]


def test_another_host_takes_the_note_over_unless_it_knows_more(
    older: list[Head], settings: Settings, tmp_path: Path
) -> None:
    name = heads_file().name
    for other in ("same", "more"):
        (tmp_path / other).mkdir()
        (tmp_path / other / name).write_bytes(heads_file().read_bytes())
    numbers_file(tmp_path / "more" / name).write_text("900000 2026-11-20T06:00:00+00:00\n")
    say()
    settings.LEDGER_DIR = tmp_path / "same"
    assert refusal() is None
    assert len(list(find_gaps(heads_file().read_text()))) == 1
    make_checkpoint(LATER + HOUR)
    kept = kept_in(heads_file())
    assert (
        kept is not None and kept.newest is not None and kept.newest.size == Head.objects.latest("size").size
    )
    settings.LEDGER_DIR = tmp_path / "more"
    assert refusal() is not None
    settings.LEDGER_DIR = tmp_path / "same"


def test_numbers_go_on_above_those_of_every_file_that_is_named(
    older: list[Head], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "heads-of-web2.txt"
    other.write_bytes(heads_file().read_bytes())
    numbers_file(other).write_text("900000 2026-11-20T06:00:00+00:00\n")
    say("--heads-file", str(other))
    assert json.loads(capsys.readouterr().out)["numbers"] == 900_000 + STEP
    assert serial(factories.file_complaint(now=LATER + HOUR)) == 900_000 + STEP + 1


def test_where_no_numbers_were_written_down_each_lost_event_counts_as_one(older: list[Head]) -> None:
    numbers_file(heads_file()).unlink()
    last = Complaint.objects.latest("pk").pk
    say()
    assert serial(factories.file_complaint(now=LATER)) > last + older[-1].size - older[0].size


def test_numbers_are_written_down_before_they_are_given(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.file_complaint()
    path = numbers_file(heads_file())
    for _ in range(3):
        case = factories.file_complaint()
        assert marked_in(path) >= serial(case)
    assert len(path.read_text().splitlines()) == 1  # once for a thousand
    sql_up_to = marked_in(path)
    skip_ids(sql_up_to)
    case = factories.file_complaint()
    assert serial(case) > sql_up_to and marked_in(path) >= serial(case)


@pytest.mark.parametrize("times", [2, 3])
def test_a_restore_after_a_restore(db: None, times: int) -> None:
    factories.make_user(Role.ADMINISTRATOR)
    factories.closed()
    size = make_checkpoint(FRIDAY).size
    given: set[str] = set()
    for day in range(1, times + 1):
        for hour in range(3):
            case = factories.closed(FRIDAY + day * DAY + hour * HOUR)
            assert case.number not in given
            given.add(case.number)
            make_checkpoint(FRIDAY + day * DAY + hour * HOUR)
        put_back(size)
        acknowledge(
            actor=factories.make_user(Role.ADMINISTRATOR),
            now=FRIDAY + day * DAY + 5 * HOUR,
            why=f"Time {day}",
        )
        assert verify_ledger().ok
    assert refusal() is None
    assert [gap.why for gap in verify_ledger().gaps] == [f"Time {times}"]


def test_a_gap_excuses_nothing_but_what_was_lost(older: list[Head], tmp_path: Path) -> None:
    say()
    case = factories.closed(LATER + HOUR)
    make_checkpoint(LATER + HOUR)
    assert verify_ledger().ok
    mailed = tmp_path / "mail.txt"
    mailed.write_text(older[1].note)
    assert verify_ledger(given=[mailed]).lost == 2  # the file outside has it too
    sql("UPDATE complaints_event SET kind = 'resolved' WHERE complaint_id = %s AND seq = 1", case.pk)
    assert not verify_ledger().ok


@pytest.mark.parametrize(
    ("old", "new"), [("agrees ", "agrees 0"), ("why ", "why nothing "), ("numbers ", "numbers 9")]
)
def test_a_note_that_the_key_did_not_sign_excuses_nothing(older: list[Head], old: str, new: str) -> None:
    say()
    entry = LedgerEntry.objects.get()
    note = entry.data["note"].replace(f"\n{old}", f"\n{new}", 1)
    sql("UPDATE complaints_ledgerentry SET data = %s WHERE seq = 1", json.dumps({"note": note}))
    entry.refresh_from_db()
    sql("UPDATE complaints_ledgerentry SET hash = %s WHERE seq = 1", entry.compute_hash())
    sql("UPDATE complaints_leaf SET hash = %s WHERE event_id IS NULL", entry.compute_hash())
    assert not verify_ledger().ok


def test_what_was_held_at_the_restore_cannot_be_cut_afterwards(older: list[Head]) -> None:
    say()
    put_back(older[0].size)
    assert refusal() is not None and not verify_ledger().ok


@pytest.mark.parametrize(("why", "now"), [("", LATER), ("x" * 301, LATER), ("Disk failed", FRIDAY)])
def test_it_wants_a_reason_and_a_clock_that_goes_on(older: list[Head], why: str, now: Any) -> None:
    with pytest.raises(NothingToAcknowledge):
        acknowledge(actor=factories.make_user(Role.ADMINISTRATOR), now=now, why=why)
    assert not LedgerEntry.objects.exists() and refusal() is not None


def test_only_an_administrator_can_say_so(older: list[Head]) -> None:
    officer = factories.make_user(Role.OFFICER)
    for by in (officer.email, "nobody@tuntas.test"):
        with pytest.raises(CommandError, match="administrator"):
            call_command("acknowledge_restore", "--by", by, "--why", WHY)


def test_a_lost_database_begun_anew_goes_on_above_the_old_numbers(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = factories.closed()
    make_checkpoint(FRIDAY)
    old = tmp_path / heads_file().name
    old.write_bytes(heads_file().read_bytes())
    numbers_file(old).write_text(f"{serial(case) + 5 * STEP} 2026-11-20T06:00:00+00:00\n")
    heads_file().unlink()
    put_back(0)
    say("--heads-file", str(old))
    assert json.loads(capsys.readouterr().out)["agrees"] == 0
    assert serial(factories.file_complaint(now=LATER)) > serial(case) + 5 * STEP
    make_checkpoint(LATER + HOUR)
    assert verify_ledger().ok and verify_ledger(heads_file=old).ok


def test_a_note_is_read_as_it_was_written(older: list[Head]) -> None:
    say()
    ((_end, note),) = find_gaps(heads_file().read_text())
    gap = GapNote.parse(text_of(note))
    assert gap.text() == text_of(note) and gap.why == WHY
    assert not find_loss()


def test_a_proof_tells_of_the_gap_and_a_stranger_reads_it(older: list[Head], tmp_path: Path) -> None:
    case = Complaint.objects.get()
    assert "gaps" not in proof_for(case, None)
    say()
    proof = proof_for(case, None)
    path = tmp_path / "proof.json"
    path.write_bytes(as_file(proof))
    code, said = verify("proof", path)
    assert code == FITS and f"GAP after a restore, known {older[2].size}" in said and WHY in said
    for forged in (proof["gaps"][0].replace("agrees", "Agrees"), proof["head"], ""):
        path.write_bytes(as_file(proof | {"gaps": [forged]}))
        assert verify("proof", path)[0] != FITS
