"""Files of cases in an object store that all hosts share, against a server that speaks S3, over HTTP."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.files import folders, keeping, storage
from complaints.files.object_store import StoreAway
from complaints.importing import runs
from complaints.integrity import check_integrity
from complaints.ledger.verify import verify_ledger
from complaints.models import Attachment, Complaint, ImportRun, ImportState
from complaints.services import citizen, handling
from complaints.services.checking import check_waiting_file
from complaints.services.erasure import erase_person
from config.backup.drill import _environment
from config.backup.packing import is_empty, pack, unpack_to_store
from config.watch import watched
from reports.documents.models import Document, DocumentState
from reports.documents.services import ask_case_file, build_documents, clear_documents, fetch
from tests import factories
from tests.factories import FRIDAY
from tests.files.samples import as_old_as_the_clock_says, sample, upload
from tests.filing.form import PATH, minimal, open_city, opened
from tests.object_store import REGION, bucket, names_in, object_store
from tests.shared import on_disk, path_of

pytestmark = [pytest.mark.long, pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BUCKET = "files"
OPTIONS = {"bucket_name": BUCKET, "access_key": "k", "secret_key": "verysecret"} | REGION


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with object_store() as address:
        yield address


@pytest.fixture(autouse=True)
def client_of_store(server: str, settings: Settings) -> Iterator[Any]:
    """The store, as its owner sees it; the settings are those of a host that uses it."""
    with bucket(server, BUCKET) as client:
        use(settings, server)
        yield client


def use(settings: Settings, address: str) -> None:
    settings.FILES_S3 = OPTIONS | {"endpoint_url": address, "location": "kupang"}
    settings.FILES_S3_BUCKET = BUCKET
    store = {"BACKEND": "config.object_store.S3", "OPTIONS": settings.FILES_S3}
    settings.STORAGES = settings.STORAGES | {"files": store}


def away(settings: Settings) -> None:
    """Nobody listens there."""
    use(settings, "http://127.0.0.1:9")


def names(client: Any) -> list[str]:
    return names_in(client, BUCKET)


def on_this_host() -> list[Path]:
    return [path for path in on_disk("").rglob("*") if path.is_file()]


def case_with_file(**about: Any) -> tuple[Complaint, Attachment]:
    case = factories.file_complaint(email="ani@warga.example", **about)
    draft = storage.receive(upload("jpg"), digest="d", now=FRIDAY)
    handling.add_files(case.pk, actor=Citizen(case.pk), now=FRIDAY, files=[draft])
    return case, Attachment.objects.get(complaint=case)


def broken() -> dict[str, list[str]]:
    return {
        name: found
        for name, found in check_integrity().items()
        if found and name != "open_case_nobody_watches"
    }


def test_what_one_host_took_another_reads_and_verifies(
    client: Client, client_of_store: Any, settings: Settings, tmp_path: Path
) -> None:
    factories.make_city()
    _case, file = case_with_file()
    assert names(client_of_store) == [f"kupang/{file.key[:2]}/{file.key}"]
    assert not on_this_host()
    settings.MEDIA_ROOT = tmp_path / "another host"
    client.force_login(factories.make_user(Role.VERIFIER))
    answer = client.get(reverse("complaints:file", args=[file.key]))
    assert answer.status_code == 200 and len(answer.content) == file.size
    assert client.get(reverse("complaints:file-small", args=[file.key])).status_code == 200
    assert verify_ledger().ok and not broken()
    assert not on_this_host()


def test_other_bytes_are_served_to_nobody_and_found(client: Client, client_of_store: Any) -> None:
    factories.make_city()
    case, file = case_with_file()
    client.force_login(factories.make_user(Role.VERIFIER))
    (key,) = names(client_of_store)
    client_of_store.put_object(Bucket=BUCKET, Key=key, Body=b"x" * file.size)
    assert client.get(reverse("complaints:file", args=[file.key])).status_code == 500
    assert broken() == {"file_missing_or_changed": [f"{case.number}: file {file.pk} was changed"]}
    assert verify_ledger().first_bad.why == "file_changed"
    client_of_store.delete_object(Bucket=BUCKET, Key=key)
    assert broken() == {"file_missing_or_changed": [f"{case.number}: file {file.pk} is missing"]}
    assert verify_ledger().first_bad.why == "file_missing"


def test_a_store_that_is_away_is_no_file_missing(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.make_city()
    _case, file = case_with_file()
    client.force_login(factories.make_user(Role.VERIFIER))
    away(settings)
    with caplog.at_level(logging.INFO):
        for name in ("complaints:file", "complaints:file-small"):
            answer = client.get(reverse(name, args=[file.key]))
            assert (answer.status_code, answer["Retry-After"]) == (503, "30")
            assert b"Files cannot be fetched just now" in answer.content
    assert "the object store: EndpointConnectionError" in caplog.text
    assert "127.0.0.1:9" not in caplog.text and "verysecret" not in caplog.text
    found = verify_ledger()
    assert not found.ok and found.first_bad is None and found.unread
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", "--json")
    assert ended.value.code == 2 and '"first_bad": null' in capsys.readouterr().out
    assert set(broken()) == {"file_store_does_not_answer"}


def test_nothing_is_acknowledged_that_the_store_did_not_keep(
    client: Client, settings: Settings, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is told beside the field, and their words stay."""
    open_city()
    data = opened(client) | minimal()
    away(settings)
    answer = client.post(PATH, data | {"attachments": upload("jpg")})
    assert answer.status_code == 503
    assert "Files cannot be kept just now." in answer.content.decode()
    assert "Jalan berlubang di depan pasar." in answer.content.decode()
    assert client.post(PATH, data).status_code == 201  # words alone still arrive
    assert not Attachment.objects.exists() and not on_this_host()
    use(settings, server)
    monkeypatch.setattr(
        "complaints.files.object_store.ObjectStore.chunks", lambda self, name: iter([b"other"])
    )
    with pytest.raises(storage.StorageFull):
        storage.receive(upload("jpg"), digest="d", now=FRIDAY)
    assert not Attachment.objects.exists() and not on_this_host()


def test_what_is_erased_goes_from_the_store_at_once_or_later(
    client_of_store: Any, settings: Settings, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.documents.services.case_file_pdf", lambda *args, **about: b"%PDF-1.7")
    factories.make_city()
    later = timezone.now() + timedelta(days=31)
    for is_away in (False, True):
        case = factories.in_progress()
        draft = storage.receive(upload("jpg"), digest="d", now=FRIDAY)
        handling.add_files(case.pk, actor=Citizen(case.pk), now=FRIDAY, files=[draft])
        officer = factories.officer_of(case)
        handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Sudah ditambal.")
        citizen.confirm(case.pk, actor=Citizen(case.pk), now=FRIDAY, rating=4)
        document = ask_case_file(case, actor=officer, now=FRIDAY, language="id")
        build_documents(FRIDAY)
        kept = [f"kupang/{storage.safe_name(draft.key)}", f"kupang/documents/{document.pk}.pdf"]
        assert sorted(names(client_of_store)) == sorted(kept)
        if is_away:
            away(settings)
        assert erase_person(case.pk, by=None, now=FRIDAY, reason="Diminta").files == 1
        assert clear_documents(later) == (0 if is_away else 1)
        use(settings, server)
        assert bool(names(client_of_store)) == Document.objects.exists() == is_away
    assert len(list(folders.strays(keeping.place(), later.timestamp()))) == 1
    assert (storage.collect_garbage(later), clear_documents(later)) == (1, 1)
    assert not names(client_of_store)


def test_heavy_files_and_documents_wait_for_the_store(
    client_of_store: Any, settings: Settings, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often they are tried: it is no fault of theirs."""
    factories.make_city()
    case = factories.file_complaint()
    heavy = storage._keep_as_received(upload("jpg", data=sample("jpg")), "a" * 32)
    row = Attachment.objects.create(
        key="a" * 32,
        draft_digest="d",
        is_waiting=True,
        sha256=heavy[0],
        size=heavy[1],
        name="x.jpg",
        content_type="image/jpeg",
        added_at=FRIDAY,
    )
    handling.add_files(case.pk, actor=Citizen(case.pk), now=FRIDAY, files=[row])
    document = ask_case_file(case, actor=factories.make_user(Role.SUPERVISOR), now=FRIDAY, language="id")
    monkeypatch.setattr("reports.documents.services.case_file_pdf", lambda *args, **about: b"%PDF-1.7")
    away(settings)
    now = FRIDAY
    for _turn in range(5):
        now += timedelta(minutes=11)
        check_waiting_file(now)
        build_documents(now)
    use(settings, server)
    now += timedelta(minutes=11)
    assert (check_waiting_file(now), build_documents(now)) == (1, 1)
    document.refresh_from_db()
    row.refresh_from_db()
    assert document.state == DocumentState.READY and fetch(document) == b"%PDF-1.7"
    assert not row.is_waiting and storage.read(row)
    assert "kupang/received/" + "a" * 32 in names(client_of_store)  # for a day
    storage.collect_garbage(timezone.now() + timedelta(hours=25))
    assert "kupang/received/" + "a" * 32 not in names(client_of_store)
    assert verify_ledger().ok and not path_of(row.key).exists()


def test_a_bucket_that_is_gone_or_refuses_is_away_and_not_empty(
    client_of_store: Any, settings: Settings
) -> None:
    settings.FILES_S3 = settings.FILES_S3 | {"bucket_name": "gone"}
    settings.STORAGES = settings.STORAGES | {
        "files": {"BACKEND": "config.object_store.S3", "OPTIONS": settings.FILES_S3}
    }
    with pytest.raises(StoreAway, match="NoSuchBucket"):
        keeping.read("ab/x")
    with pytest.raises(StoreAway, match="NoSuchBucket"):
        list(keeping.place().listed())


def brought(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """What the command says; it ends with 1 where a file is not what its row says."""
    ended = 0
    try:
        call_command("files_to_store", "--json", *options)
    except SystemExit as end:
        ended = int(str(end.code))
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert ended == (not said.pop("ok"))
    return said


def test_an_installation_is_moved_and_may_be_again(
    client_of_store: Any, settings: Settings, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.FILES_S3_BUCKET = ""
    factories.make_city()
    _case, file = case_with_file()
    damaged = storage.receive(upload("png"), digest="e", now=FRIDAY)
    whole = path_of(damaged.key).read_bytes()
    path_of(damaged.key).write_bytes(b"other")
    keeping.put_bytes(b"%PDF", "documents/77.pdf")  # of no row
    (on_disk("tmp") / "half.in").write_bytes(b"x")
    with pytest.raises(CommandError, match="FILES_S3_BUCKET is not set"):
        call_command("files_to_store")

    use(settings, server)
    assert storage.read(file)  # from where it is
    assert "file_missing_or_changed" in broken()
    none = {
        "sent": 0,
        "there": 0,
        "removed": 0,
        "unknown": 1,
        "changed": [f"{storage.safe_name(damaged.key)[:12]}…"],
    }
    assert brought(capsys) == none | {"sent": 1}
    assert brought(capsys) == none | {"there": 1}
    assert names(client_of_store) == [f"kupang/{storage.safe_name(file.key)}"]
    path_of(damaged.key).write_bytes(whole)
    none["changed"] = []
    (key,) = names(client_of_store)
    client_of_store.put_object(Bucket=BUCKET, Key=key, Body=b"cut of")  # an earlier try
    assert brought(capsys, "--remove") == none | {"sent": 2, "removed": 2}
    assert not path_of(file.key).exists() and storage.read(file) and storage.read(damaged)
    assert brought(capsys, "--remove") == none
    as_old_as_the_clock_says(settings.MEDIA_ROOT)
    storage.collect_garbage(timezone.now() + timedelta(hours=25))
    assert not on_this_host()  # what no row knows goes from the disk too


def test_a_store_that_goes_away_while_files_are_brought_is_said(settings: Settings, server: str) -> None:
    settings.FILES_S3_BUCKET = ""
    factories.make_city()
    case_with_file()
    away(settings)
    with pytest.raises(CommandError, match=r"run it again: the object store: \w+$"):
        call_command("files_to_store")


def test_a_copy_holds_what_the_store_holds_and_fills_an_empty_folder(
    client_of_store: Any, settings: Settings, tmp_path: Path
) -> None:
    factories.make_city()
    _case, file = case_with_file()
    lost, other = "b" * 32, "c" * 32
    keeping.put_bytes(b"other", storage.safe_name(other))
    keeping.put_bytes(b"rows", "imports/x")  # another system's, in no copy
    expected = {file.key: file.sha256, lost: "0" * 64, other: "0" * 64}
    packed = pack(keeping.place(), tmp_path / "media.tar", expected)
    assert (packed.files, packed.missing, packed.changed) == (2, [lost], [storage.safe_name(other)])
    assert not is_empty(keeping.place())
    settings.STORAGES = settings.STORAGES | {
        "files": settings.STORAGES["files"] | {"OPTIONS": settings.FILES_S3 | {"location": "restored"}}
    }
    assert is_empty(keeping.place())
    assert unpack_to_store(tmp_path / "media.tar") == 2
    assert storage.read(file) and f"restored/{storage.safe_name(file.key)}" in names(client_of_store)
    assert not on_this_host()
    assert _environment(tmp_path, "")["FILES_S3_BUCKET"] == ""  # a drill is on this host's disk


def test_a_file_to_import_is_read_by_another_host_than_took_it(
    client_of_store: Any, settings: Settings, tmp_path: Path
) -> None:
    somebody, table = factories.make_user(Role.ADMINISTRATOR), b"Nomor,Uraian\n1,Lubang\n2,Lampu\n"
    run = runs.receive(SimpleUploadedFile("x.csv", table), by=somebody, now=FRIDAY)
    assert names(client_of_store) == [f"kupang/imports/{run.key}"]
    settings.MEDIA_ROOT = tmp_path / "another host"
    assert "CSV" in runs.look_at(run, {}).told
    assert not on_this_host()
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.RUNNING)
    away(settings)
    for turn in range(runs.TRIES + 2):
        with pytest.raises(StoreAway):
            runs.work_imports(FRIDAY + timedelta(hours=turn))
    run.refresh_from_db()
    assert (run.state, run.attempts, run.leased_until) == (ImportState.RUNNING, 0, None)


def test_the_worker_says_when_the_store_does_not_answer(settings: Settings) -> None:
    def is_late() -> bool:
        (found,) = [each for each in watched(FRIDAY) if each.code == "file_store"]
        return found.is_late(FRIDAY)

    cache.clear()
    assert not is_late()
    away(settings)
    assert not is_late()  # asked a moment ago
    cache.clear()
    assert is_late()
    cache.clear()
    settings.FILES_S3_BUCKET = ""
    assert "file_store" not in [each.code for each in watched(FRIDAY)]
