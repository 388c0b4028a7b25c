"""Who has no shell takes a file over under /admin/: the same work and summary, and nobody reads over their shoulder."""

import csv
import io
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.roles import Role
from complaints.files.folders import known
from complaints.importing import runs
from complaints.importing.running import import_file
from complaints.importing.runs import clear_imports, name_of, work_imports
from complaints.models import Complaint, EventKind, ImportRun, ImportState
from tests import factories
from tests.factories import FRIDAY
from tests.importing.files import GOOD, HEADINGS, OPEN, mapping
from tests.shared import on_disk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BAD = "3,someday,,,Bin,Full,Works,,,web,open"
FILE = "\n".join([HEADINGS.replace("no,", "nomor,"), GOOD, OPEN, BAD])
COLUMNS = {
    "id": "nomor",
    "received_at": "opened",
    "target_at": "due",
    "ended_at": "closed",
    "subject": "title",
    "description": "text",
    "agency": "office",
    "state": "status",
    "empty": "-",
}
WORDS = {"state-0": "closed", "state-1": "in_progress"}  # done, open


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def administrator(client):
    factories.make_city()
    user = factories.make_user(Role.ADMINISTRATOR, language="en")
    client.force_login(user)
    return user


def upload(client, content=FILE, **rest):
    data = {"file": SimpleUploadedFile("keluhan-ibu-ani.csv", content.encode()), "source": "old_desk"} | rest
    return client.post(reverse("admin:complaints_importrun_add"), data, follow=True)


def page(run, name="change"):
    return reverse(f"admin:complaints_importrun_{name}", args=[run.pk])


def prepared(client, content=FILE):
    upload(client, content)
    run = ImportRun.objects.first()
    client.post(page(run), COLUMNS)
    client.post(page(run) + "?step=words", WORDS)
    run.refresh_from_db()
    return run


def started(client, content=FILE):
    run = prepared(client, content)
    client.post(page(run, "start"))
    return run


def test_a_file_is_taken_over_step_by_step(client, administrator):
    answer = upload(client).content.decode()
    assert "CSV, utf-8, separated by: comma. Headings found in row 1" in answer
    run = ImportRun.objects.get()
    answer = client.post(page(run), COLUMNS, follow=True).content.decode()
    assert "status: done" in answer
    answer = client.post(page(run) + "?step=words", WORDS, follow=True).content.decode()
    assert "Deep hole" in answer and "“someday” is not a date" in answer
    assert not Complaint.objects.exists()
    client.post(page(run, "start"))
    assert "It waits for the worker" in client.get(page(run)).content.decode()
    while work_imports(FRIDAY):
        pass
    answer = client.get(page(run)).content.decode()
    assert "3 rows read: 2 cases created, 0 there already" in answer and "1 rejected" in answer
    assert set(Complaint.objects.values_list("source_id", "state")) == {("1", "closed"), ("2", "in_progress")}
    lines = client.get(page(run, "lines")).content.decode()
    assert list(csv.reader(io.StringIO(lines)))[1] == [
        "4",
        "rejected",
        "“someday” is not a date (received_at)",
    ]
    assert not on_disk(name_of(run)).exists()


def test_it_is_the_same_result_as_the_commands(client, administrator, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(FILE.replace("nomor,", "no,"), encoding="utf-8")
    by_command = import_file(path, mapping(source="other_desk"), now=FRIDAY).as_json()
    run = started(client)
    work_imports(FRIDAY)
    run.refresh_from_db()
    assert runs.result_of(run).as_json() == by_command


def test_a_file_of_the_national_system_needs_no_questions(client, administrator):
    columns = "Tracking ID,Tanggal Laporan Masuk,Waktu Laporan Masuk,Judul Laporan,Isi Laporan Awal,Kategori,"
    columns += "Instansi Terdisposisi,Kelurahan,Kecamatan,Kota/Kabupaten,Klasifikasi Laporan,Status Laporan,"
    columns += "Tipe Laporan (Anonim/Rahasia),Alasan Tunda/Arsip"
    row = "77,05 Jan 2026,08:00,Jalan,Lubang,Jalan,Dinas PU,A,B,C,Aspirasi,Proses,,"
    answer = upload(client, f"{columns}\n{row}\n").content.decode()
    assert "Ten rows as they would become" in answer and "Lubang" in answer


def test_two_at_once_are_refused(client, administrator):
    first = started(client)
    second = prepared(client)
    answer = client.post(page(second, "start"), follow=True).content.decode()
    assert "Another import is under way" in answer
    assert [ImportRun.objects.get(pk=each.pk).state for each in (first, second)] == ["running", "prepared"]


def test_the_command_asks_whether_one_by_page_is_under_way(client, administrator, tmp_path):
    run = started(client)
    path, says = tmp_path / "export.csv", tmp_path / "map.toml"
    path.write_text(FILE, encoding="utf-8")
    columns = "\n".join(f'{name} = "{heading}"' for name, heading in COLUMNS.items() if name != "empty")
    says.write_text(
        f'source = "x"\n[columns]\n{columns}\n[values.state]\notherwise = "closed"\n', encoding="utf-8"
    )
    with pytest.raises(CommandError, match="under way") as refused:
        call_command("import_complaints", path, mapping=says)
    assert refused.value.returncode == 2 and not Complaint.objects.exists()
    call_command("import_complaints", path, mapping=says, dry_run=True, stdout=io.StringIO())
    client.post(page(run, "stop"))
    call_command("import_complaints", path, mapping=says, stdout=io.StringIO())
    assert Complaint.objects.exists()


def test_the_commands_preview_lists_the_words_that_the_mapping_does_not_know(tmp_path):
    path, says, out = tmp_path / "export.csv", tmp_path / "map.toml", io.StringIO()
    path.write_text(FILE, encoding="utf-8")
    columns = "\n".join(f'{name} = "{heading}"' for name, heading in COLUMNS.items() if name != "empty")
    says.write_text(
        f'source = "x"\n[columns]\n{columns}\n[values.state]\notherwise = "reject"\nDone = "closed"\n',
        encoding="utf-8",
    )
    call_command("import_complaints", path, mapping=says, preview=True, stdout=out)
    assert "in the column “status” that the mapping does not list: “open”" in out.getvalue()


def test_stopped_it_keeps_what_it_took_and_the_next_goes_on(client, administrator, monkeypatch):
    monkeypatch.setattr("complaints.importing.running.BATCH", 1)
    monkeypatch.setattr(runs, "SLICE", 1)
    run = started(client)
    work_imports(FRIDAY)
    client.post(page(run, "stop"))
    assert work_imports(FRIDAY) == 0
    run.refresh_from_db()
    assert (run.state, run.created, on_disk(name_of(run)).exists()) == ("stopped", 1, False)
    again = started(client)
    while work_imports(FRIDAY):
        pass
    again.refresh_from_db()
    assert (again.state, again.created, again.duplicates) == ("finished", 1, 1)


def test_a_worker_that_was_killed_goes_on_with_the_same_sums(client, administrator, monkeypatch):
    """A number that comes a second time in the file, in another state, is a repetition also after the kill."""
    monkeypatch.setattr("complaints.importing.running.BATCH", 1)
    run = started(client, "\n".join([FILE, GOOD.replace("done", "open")]))
    keep, turns = runs._keep, []

    def killed(*args, **named):
        keep(*args, **named)
        turns.append(1)
        if len(turns) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(runs, "_keep", killed)
    with pytest.raises(KeyboardInterrupt):
        work_imports(FRIDAY)
    assert work_imports(FRIDAY + timedelta(minutes=1)) == 0  # leased
    work_imports(FRIDAY + runs.LEASE)
    run.refresh_from_db()
    assert (run.state, run.read, run.created, run.duplicates, run.updated) == ("finished", 4, 2, 1, 0)
    assert Complaint.objects.filter(events__kind=EventKind.IMPORT_UPDATED).count() == 0


def test_one_that_kills_the_worker_each_time_says_so(client, administrator, monkeypatch):
    run = started(client)
    monkeypatch.setattr(runs, "_slice", lambda run, now: 1 / 0)
    for turn in range(runs.TRIES):
        with pytest.raises(ZeroDivisionError):
            work_imports(FRIDAY + turn * runs.LEASE)
    work_imports(FRIDAY + runs.TRIES * runs.LEASE)
    assert "failed 5 times at the same place" in client.get(page(run)).content.decode()
    assert not on_disk(name_of(run)).exists()


def test_another_administrator_may_stop_it_and_reads_nothing_of_the_file(client, administrator):
    run, done = prepared(client), started(client)
    work_imports(FRIDAY)
    client.force_login(factories.make_user(Role.ADMINISTRATOR))
    for each in (run, done):
        for step in ("", "?step=columns", "?step=words", "?step=preview"):
            answer = client.get(page(each) + step).content.decode()
            assert "Deep hole" not in answer and "someday" not in answer
    assert client.get(page(done, "lines")).status_code == 403
    assert client.post(page(run, "start")).status_code == 403
    client.post(page(run, "stop"))
    assert not on_disk(name_of(run)).exists()


def test_what_is_no_table_is_told_and_not_kept(client, administrator, settings):
    answer = upload(client, "%PDF-1.7").content.decode()
    assert "This is a PDF. Save it as Excel" in answer
    assert not ImportRun.objects.exists() and not list(Path(settings.MEDIA_ROOT).rglob("*.*"))


def test_what_nobody_starts_goes_after_a_day_and_lists_after_a_month(client, administrator):
    waiting, done = prepared(client), started(client)
    work_imports(FRIDAY)
    ImportRun.objects.filter(pk=waiting.pk).update(asked_at=FRIDAY - timedelta(hours=25))
    clear_imports(FRIDAY)
    waiting.refresh_from_db()
    assert (waiting.state, on_disk(name_of(waiting)).exists()) == (ImportState.STOPPED, False)
    assert ImportRun.objects.get(pk=done.pk).rejected
    clear_imports(FRIDAY + timedelta(days=31))
    assert ImportRun.objects.get(pk=done.pk).rejected == []


def test_what_is_stopped_says_whether_anything_was_taken_over(client, administrator, monkeypatch):
    monkeypatch.setattr("complaints.importing.running.BATCH", 1)
    monkeypatch.setattr(runs, "SLICE", 1)
    said = [client.post(page(prepared(client), "stop"), follow=True).content.decode()]
    run = started(client)
    work_imports(FRIDAY)
    said.append(client.post(page(run, "stop"), follow=True).content.decode())
    assert ["Nothing was taken over." in each for each in said] == [True, False]
    assert ["What was taken over stays" in each for each in said] == [False, True]


def test_a_file_that_was_changed_since_it_was_uploaded_is_not_taken_over(client, administrator):
    run = started(client)
    assert known([name_of(run)]) == {name_of(run): sha256(FILE.encode()).hexdigest()}
    on_disk(name_of(run)).write_text(FILE.replace("Deep hole", "Deeper hole"))
    work_imports(FRIDAY)
    run.refresh_from_db()
    assert (run.state, Complaint.objects.count()) == (ImportState.FAILED, 0)
    assert "The file was changed since." in client.get(page(run)).content.decode()
