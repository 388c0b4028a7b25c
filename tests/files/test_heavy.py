"""A file that is too heavy for its request is taken as it came, made safe by the worker, and shown when it is ready."""

import io
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.files import keeping, sanitise, storage
from complaints.files.child import TooHeavy, make_safe
from complaints.history.timeline import Audience, timeline_as_seen_by
from complaints.integrity import check_integrity
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import Attachment, Complaint, Event, EventKind
from complaints.services import checking, citizen, handling
from complaints.services.change import NotPossible
from complaints.services.checking import check_waiting_file
from complaints.services.erasure import erase_person
from complaints.states import State
from reports.sealed.bundle import _files
from tests import factories
from tests.factories import FRIDAY, HOUR
from tests.files.samples import as_old_as_the_clock_says, bomb_png, sample, upload
from tests.proof.pictures import HERE, photo, scene
from tests.shared import on_disk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HEAVY = sample("jpg")


@pytest.fixture(autouse=True)
def bounds(settings, tmp_path, monkeypatch):
    """Everything is heavy in the request, and nothing is for the worker."""
    settings.MEDIA_ROOT = tmp_path

    def narrow(kind, source, target, *, later=False, reads_capture=False):
        if not later:
            raise TooHeavy("too_heavy")
        return make_safe(kind, source, target, later=True, reads_capture=reads_capture)

    monkeypatch.setattr(storage, "make_safe", narrow)


def filed(data=HEAVY, **changes):
    """A report with one such file."""
    factories.make_city()
    case = factories.file_complaint(email="ani@warga.example", language="en", **changes)
    file = storage.receive(upload("jpg", data=data), digest="d", now=FRIDAY, may_wait=True)
    handling.add_files(case.pk, actor=Citizen(case.pk), now=FRIDAY, files=[file], is_personal=True)
    return case, file


def page_of(client, case, user):
    client.force_login(user)
    return client.get(reverse("complaints:case-detail", args=[case.number])).content.decode()


def is_sound():
    found = check_integrity(FRIDAY)
    return not verify_ledger().first_bad and not found["file_missing_or_changed"] + found["file_without_row"]


@pytest.mark.long
def test_a_heavy_picture_of_work_keeps_when_and_where_it_was_taken_for_staff():
    case = factories.in_progress()
    taken = photo(scene(1), at="2026:11:20 12:00:00", position=HERE)
    file = storage.receive(taken, digest="d", now=FRIDAY, may_wait=True, shows="before")
    handling.add_files(case.pk, actor=case.handler, now=FRIDAY, files=[file])
    assert file.is_waiting and file.taken_at is None
    check_waiting_file(FRIDAY)
    row = Attachment.objects.get()
    assert row.taken_at == FRIDAY + HOUR and row.taken_latitude == pytest.approx(HERE[0])
    assert row.shows == "before" and b"Exif" not in storage.read(row) and is_sound()


@pytest.mark.long
def test_until_it_is_safe_nobody_is_given_it_and_then_it_is_shown(client):
    case, file = filed()
    verifier = factories.make_user(Role.VERIFIER, language="en")
    assert "being checked" in page_of(client, case, verifier) and is_sound()
    assert client.get(reverse("complaints:file", args=[file.key])).status_code == 404
    with pytest.raises(storage.FileDamaged):
        storage.read(file)
    assert check_waiting_file(FRIDAY) == 1 and check_waiting_file(FRIDAY) == 0
    row = Attachment.objects.get()
    assert (row.is_waiting, row.received_sha256, row.is_personal) == (False, file.sha256, True)
    assert Image.open(io.BytesIO(storage.read(row))).getexif() == {}
    shown = page_of(client, case, verifier)
    assert "being checked, shown" not in shown and reverse("complaints:file", args=[row.key]) in shown
    assert client.get(reverse("complaints:file", args=[row.key])).status_code == 200
    assert is_sound()


def test_what_was_received_stays_a_day_for_a_copy_that_is_being_made_and_then_goes(settings):
    _case, file = filed()
    check_waiting_file(FRIDAY)
    assert on_disk(storage.received_name(file.key)).exists()
    as_old_as_the_clock_says(settings.MEDIA_ROOT)
    storage.collect_garbage(timezone.now() + timedelta(hours=25))
    assert not on_disk(storage.received_name(file.key)).exists() and storage.read(Attachment.objects.get())


@pytest.mark.long
def test_one_that_cannot_be_made_safe_is_told_to_its_sender_and_to_staff(client):
    case, _file = filed(b"\xff\xd8\xff\xe0" + b"x" * 5000)
    check_waiting_file(FRIDAY)
    assert not Attachment.objects.exists() and is_sound()
    send_due(FRIDAY + timedelta(minutes=1))
    letter = next(each for each in mail.outbox if "cannot be shown" in each.subject)
    assert "damaged or not what its name says" in letter.body and letter.to == ["ani@warga.example"]
    assert "damaged or not what" in page_of(client, case, factories.make_user(Role.VERIFIER, language="en"))


def test_a_killed_worker_comes_again_and_what_kills_it_each_time_is_told(monkeypatch):
    filed()
    monkeypatch.setattr(checking, "make_received_safe", lambda file: (_ for _ in ()).throw(KeyboardInterrupt))
    for turn in range(checking.TRIES):
        with pytest.raises(KeyboardInterrupt):
            check_waiting_file(FRIDAY + turn * checking.LEASE)
        assert check_waiting_file(FRIDAY + turn * checking.LEASE) == 0  # leased
    check_waiting_file(FRIDAY + checking.TRIES * checking.LEASE)
    assert Event.objects.get(kind=EventKind.FILE_CHECKED).data["why"] == "too_much_memory"


@pytest.mark.long
def test_a_full_disk_lets_it_wait_however_long(monkeypatch):
    filed()
    turns = checking.TRIES + 2

    def full(*args):
        raise OSError(28, "no space")

    with monkeypatch.context() as during:
        during.setattr(keeping, "put", full)
        for turn in range(turns):
            assert check_waiting_file(FRIDAY + turn * checking.LEASE) == 1
    assert Attachment.objects.get().is_waiting
    check_waiting_file(FRIDAY + turns * checking.LEASE)
    assert not Attachment.objects.get().is_waiting


def test_withdrawn_meanwhile_it_is_made_safe_all_the_same_and_erased_with_the_rest(settings):
    case, _file = filed()
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY)
    check_waiting_file(FRIDAY)
    assert not Attachment.objects.get().is_waiting and is_sound()
    erase_person(case.pk, by=None, now=FRIDAY, reason="asked for")
    assert not Attachment.objects.exists() and is_sound()
    assert not [path for path in Path(settings.MEDIA_ROOT).glob("??/*") if path.is_file()]


def test_erased_while_it_is_being_made_safe_it_leaves_nothing(settings, monkeypatch):
    case, _file = filed()
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY)
    make = storage.make_received_safe

    def meanwhile(row):
        safe = make(row)
        erase_person(case.pk, by=None, now=FRIDAY, reason="asked for")
        return safe

    monkeypatch.setattr(checking, "make_received_safe", meanwhile)
    check_waiting_file(FRIDAY)
    assert not Attachment.objects.exists() and is_sound()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_citizen_of_the_other_case_of_a_merger_hears_nothing_of_it():
    case, _file = filed()
    check_waiting_file(FRIDAY)
    seen = {kind: {item.kind for item in timeline_as_seen_by(case, kind)} for kind in Audience}
    assert EventKind.FILE_CHECKED in seen[Audience.CITIZEN] and EventKind.FILE_CHECKED in seen[Audience.STAFF]
    assert EventKind.FILE_CHECKED not in seen[Audience.FOLLOWER]


def test_it_is_no_evidence_before_it_is_safe():
    category = factories.make_category(needs_evidence=True)
    case = factories.in_progress(category=category)
    file = storage.receive(upload("jpg"), digest="e", now=FRIDAY, may_wait=True)
    with pytest.raises(NotPossible):
        handling.resolve(case.pk, actor=case.handler, now=FRIDAY, answer="Sudah.", files=[file])
    assert Complaint.objects.get(pk=case.pk).state == State.IN_PROGRESS


def test_the_sealed_file_says_that_one_is_left_out():
    _case, _file = filed()
    files, listed = _files([Attachment.objects.get()])
    assert files == {} and "still being checked" in listed[0]["missing"]


@pytest.mark.long
def test_what_is_small_and_takes_long_was_made_to_and_is_refused(monkeypatch):
    def long(*args, **named):
        raise TooHeavy("too_long")

    monkeypatch.setattr(storage, "make_safe", long)
    with pytest.raises(storage.FileRefused):
        storage.receive(upload("pdf"), digest="d", now=FRIDAY, may_wait=True)
    big = upload("pdf", data=sample("pdf") + b"\n" * storage.SMALLEST_HEAVY)
    assert storage.receive(big, digest="d", now=FRIDAY, may_wait=True).is_waiting


def test_where_enough_wait_no_more_are_taken(monkeypatch):
    monkeypatch.setattr(storage, "MOST_WAITING", 1)
    filed()
    with pytest.raises(storage.FileRefused):
        storage.receive(upload("png", data=bomb_png(8000, 9000)), digest="d", now=FRIDAY, may_wait=True)


@pytest.mark.long
def test_the_largest_picture_of_a_request_takes_300_mb(tmp_path):
    """A WebP takes most for its size: its decoder holds three pictures."""
    source = tmp_path / "in"
    Image.effect_noise((500, 500), 60).resize((4000, 4000)).save(source, "WEBP", method=0)
    assert sanitise.NOW.pixels["webp"] == 4000 * 4000
    measured = (
        "from complaints.files import sanitise; import sys; sanitise.main(sys.argv[1:]);"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured, "webp", str(source), str(tmp_path / "out")],
        check=True,
        capture_output=True,
        text=True,
    )
    told, most = done.stdout.rsplit("}", 1)
    assert '"ok": true' in told and int(most) < 310 * 1024, done.stdout
