"""A copy of the running installation is whole, is told from a damaged one, and goes back into an empty place."""

import io
import json
import resource
import shutil
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.roles import Role
from complaints.files import keeping, storage
from complaints.files.keeping import Disk
from complaints.identity import unseal
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.outside import note_erased
from complaints.models import Attachment, Complainant, Complaint
from complaints.services import handling
from config.backup import database, making, restoring
from config.backup.database import FILES
from config.backup.drill import drill
from config.backup.keys import NAMES, WrongPassphrase, fingerprints, open_keys, seal_keys
from config.backup.making import MEDIA, CannotCopy, make_copy
from config.backup.manifest import FILE, BadCopy, Manifest, check_parts, fingerprint, part_of, read_manifest
from config.backup.naming import HEADS, KEYS, UNFINISHED, copies_in, made_at, name_of, outlived
from config.backup.packing import Packed, pack, unpack
from config.backup.restoring import CannotRestore, restore
from tests import factories
from tests.factories import FRIDAY, HOUR
from tests.files.samples import upload
from tests.shared import path_of

DATABASE = FILES[connection.vendor]
PASSPHRASE = "empat kata yang tidak ada orang tahu"


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in _settings(tmp_path).items():
        setattr(settings, name, value)
    monkeypatch.delenv("BACKUP_PASSPHRASE", raising=False)
    return tmp_path


def _settings(root: Path) -> dict[str, Any]:
    folders = {"BACKUP_DIR": "backups", "BACKUP_APART_DIR": "apart", "DATA_DIR": "data"}
    here = {name: root / folder for name, folder in folders.items()}
    return here | {"BACKUP_COPY_DIR": None, "BACKUP_PASSPHRASE": PASSPHRASE}


def make_case() -> Complaint:
    """A case with a file, in a city where every level has somebody, and a signed head."""
    agency = factories.make_agency("PUPR")
    for role in (Role.VERIFIER, Role.SUPERVISOR):
        factories.make_user(role)
    for role in (Role.OFFICER, Role.AGENCY_HEAD):
        factories.make_user(role, agency)
    clerk = factories.make_user(Role.CLERK, name="Clara")
    case = factories.file_complaint(actor=clerk)
    draft = storage.receive(upload("jpg"), digest="d", now=FRIDAY, added_by=clerk)
    handling.add_files(case.pk, actor=clerk, now=FRIDAY, files=[draft])
    make_checkpoint(FRIDAY)
    return case


@pytest.fixture
def case(place: Path, transactional_db: None) -> Complaint:
    return make_case()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of a copy with made-up rows."""
    root = tmp_path_factory.mktemp("kept")
    folder, apart = root / "backups" / name_of("kupang", FRIDAY), root / "apart"
    for each in (folder, apart, root / "media" / "ab"):
        each.mkdir(parents=True)
    (root / "media/ab/abcd").write_bytes(b"a picture" * 50)
    (folder / DATABASE).write_bytes(b"rows" * 50)
    pack(Disk(root / "media"), folder / MEDIA)
    parts = {name: part_of(folder / name) for name in (DATABASE, MEDIA)}
    keys = {name: in_use for name, (in_use, *_former) in fingerprints().items()}
    Manifest("kupang", FRIDAY.isoformat(), connection.vendor, {}, 1, "", keys, parts).write(folder)
    sealed = seal_keys({name: getattr(settings_of_django, name) for name in NAMES}, PASSPHRASE)
    (apart / KEYS.format(name=folder.name)).write_text(sealed)
    return root


@pytest.fixture
def copy(kept: Path, place: Path) -> Path:
    """That copy, to be damaged."""
    for name in ("backups", "apart"):
        shutil.copytree(kept / name, place / name)
    return copies_in(place / "backups", "kupang")[0]


@pytest.mark.long
def test_a_copy_is_restored_beside_and_an_older_one_is_told(case: Complaint, place: Path) -> None:
    made = make_copy(FRIDAY + HOUR)
    assert (made.packed.files, made.packed.missing, made.packed.changed) == (1, [], [])
    said = drill(made.folder)
    assert said["ok"] and not said["older_copy"] and said["wrong_rows"] == {}, said
    assert (said["last_number"], said["files"], said["verify_ledger"]["heads"]) == (case.number, 1, 1)
    assert not list((place / "data").glob("drill-*"))

    factories.file_complaint(now=FRIDAY + 2 * HOUR)
    make_checkpoint(FRIDAY + 2 * HOUR)
    note_erased([case.number], FRIDAY + 2 * HOUR)
    newer = make_copy(FRIDAY + 3 * HOUR)
    said = drill(made.folder)  # its heads are the newest that lie apart
    assert said["ok"] and said["older_copy"] and said["last_number"] == case.number, said
    assert said["check_integrity"]["broken"]["erased_person_is_back"] == [case.number]
    assert making.newest_copy() == (newer.folder, FRIDAY + 3 * HOUR)


def test_who_is_erased_while_files_are_read_misses_nothing_and_is_in_no_copy(
    case: Complaint, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erasing(*args: Any) -> Packed:
        for file in Attachment.objects.all():
            file.delete()
            storage.remove_bytes(file.key)
        return pack(*args)

    monkeypatch.setattr(making, "pack", erasing)
    keeping.put_bytes(
        b"a picture", storage.safe_name("c" * 32)
    )  # of somebody who was, while the store was away
    packed = make_copy(FRIDAY + HOUR).packed
    assert (packed.files, packed.missing) == (0, [])


def test_a_heavy_file_made_safe_while_a_copy_is_made_waits_in_the_copy(
    case: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database of the copy tells of what was received; the worker has gone on meanwhile."""
    Attachment.objects.update(is_waiting=True)
    file = Attachment.objects.get()
    keeping.put_bytes(keeping.read(storage.safe_name(file.key)), storage.received_name(file.key))
    dumped = database.dump

    def then_made_safe(folder: Path) -> database.Held:
        held = dumped(folder)
        Attachment.objects.update(is_waiting=False, key="b" * 32)
        return held

    monkeypatch.setattr(database, "dump", then_made_safe)
    made = make_copy(FRIDAY + HOUR)
    with tarfile.open(made.folder / MEDIA) as tar:
        assert storage.received_name(file.key) in tar.getnames()


def test_whatever_is_changed_cut_off_or_taken_from_a_copy_is_named(copy: Path, place: Path) -> None:
    parts = read_manifest(copy).parts
    check_parts(copy, parts)
    for name in parts:
        path, whole = copy / name, (copy / name).read_bytes()
        for damaged in (whole[:-1], whole[:100] + bytes([whole[100] ^ 1]) + whole[101:], whole + b"\0"):
            path.write_bytes(damaged)
            with pytest.raises(BadCopy, match=name):
                restore(copy, place / "apart")
        path.unlink()
        with pytest.raises(BadCopy, match=f"{name} is missing"):
            restore(copy, place / "apart")
        path.write_bytes(whole)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "parts": 3}'])
def test_a_folder_that_is_no_copy_is_refused(tmp_path: Path, manifest: str) -> None:
    with pytest.raises(BadCopy):
        read_manifest(tmp_path)
    (tmp_path / FILE).write_text(manifest)
    with pytest.raises(BadCopy):
        read_manifest(tmp_path)


@pytest.mark.django_db
def test_a_running_installation_is_not_written_over(copy: Path, place: Path) -> None:
    with pytest.raises(CannotRestore, match="holds tables"):
        restore(copy, place / "apart", PASSPHRASE)
    with pytest.raises(CommandError, match="holds tables"):
        call_command("restore", str(copy))


def test_with_other_keys_nothing_is_restored(
    copy: Path, place: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "is_empty", lambda: True)
    monkeypatch.setattr(database, "load", lambda source: pytest.fail("something was restored"))
    (place / "lost").mkdir()
    (place / "lost" / "file").touch()
    settings.MEDIA_ROOT = place / "lost"
    with pytest.raises(CannotRestore, match="MEDIA_ROOT holds files"):
        restore(copy, place / "apart", PASSPHRASE)
    settings.MEDIA_ROOT = place / "empty"
    its_key = settings.IDENTITY_KEY
    settings.IDENTITY_KEY = "another key than the one that the names were sealed with"
    monkeypatch.setenv("IDENTITY_KEY", settings.IDENTITY_KEY)
    with pytest.raises(CannotRestore, match="IDENTITY_KEY, as the environment sets"):
        restore(copy, place / "apart", PASSPHRASE)
    monkeypatch.delenv("IDENTITY_KEY")
    with pytest.raises(CannotRestore, match="Set them, or BACKUP_PASSPHRASE"):
        restore(copy, place / "apart")
    with pytest.raises(WrongPassphrase):
        restore(copy, place / "apart", "not the one that was used")
    settings.IDENTITY_FORMER_KEYS = [its_key]
    with pytest.raises(pytest.fail.Exception, match="something was restored"):  # a former key will do
        restore(copy, place / "apart")
    said = json.loads((copy / FILE).read_text())
    (copy / FILE).write_text(
        json.dumps(said | {"migrations": ["complaints.9999_later", "auth.0001_initial"]})
    )
    with pytest.raises(CannotRestore, match=r"by a later version, with complaints\.9999_later:"):
        restore(copy, place / "apart", PASSPHRASE)
    settings.CITY = type("City", (), {"slug": "balikpapan"})
    with pytest.raises(CannotRestore, match="copy of kupang"):
        restore(copy, place / "apart", PASSPHRASE)


def test_what_is_put_back_by_half_is_said(
    copy: Path, place: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "is_empty", lambda: True)
    monkeypatch.setattr(database, "load", lambda source: None)
    monkeypatch.setattr(restoring, "unpack", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    settings.MEDIA_ROOT = place / "empty"
    with pytest.raises(CommandError, match=r"database is filled, and the files are not: .*No space left"):
        call_command("restore", str(copy))


def test_a_city_that_changed_its_pepper_comes_back_with_the_codes_of_before(
    case: Complaint, place: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine, which has the two folders and the passphrase; and nothing else, or only the keys in use."""
    settings.RECEIPT_FORMER_PEPPERS, settings.PSEUDONYM_KEY = ["first pepper", "second pepper"], "of reports"
    made = make_copy(FRIDAY + HOUR)
    monkeypatch.setattr(database, "is_empty", lambda: True)
    monkeypatch.setattr(database, "load", lambda source: None)
    monkeypatch.setattr(restoring, "_ask", lambda done: None)
    settings.MEDIA_ROOT = place / "empty"
    settings.RECEIPT_FORMER_PEPPERS, settings.PSEUDONYM_KEY = ["first pepper"], ""
    with pytest.raises(CannotRestore, match=r"RECEIPT_FORMER_PEPPERS\. Set them, or BACKUP_PASSPHRASE"):
        restore(made.folder, place / "apart")
    restore(made.folder, place / "apart", PASSPHRASE)
    assert settings.RECEIPT_FORMER_PEPPERS == ["first pepper", "second pepper"]
    kept = {path.name: path.read_text() for path in (place / "data/keys").iterdir()}
    assert kept == {"receipt_former_peppers": "first pepper,second pepper", "pseudonym_key": "of reports"}


def check_modes(folders: list[Path]) -> None:
    for path in [path for folder in folders for path in folder.rglob("*")]:
        assert not path.stat().st_mode & (0o022 if path.name == FILE else 0o077), path


def test_a_week_of_copies(
    case: Complaint,
    place: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Elsewhere too, read once more there; old ones go; what fails leaves nothing; what does not fit is told."""
    settings.BACKUP_COPY_DIR = place / "elsewhere"
    settings.BACKUP_KEEP_DAYS, settings.BACKUP_KEEP_MONTHS = 2, 0
    first = make_copy(FRIDAY - timedelta(days=9))
    second = make_copy(FRIDAY - timedelta(days=5))
    assert second.removed == 2 and not first.folder.exists()
    for root in ("backups", "elsewhere"):
        assert [path.name for path in copies_in(place / root, "kupang")] == [second.folder.name]
    check_parts(place / "elsewhere" / second.folder.name, second.manifest.parts)
    apart = {path.name for path in (place / "apart").iterdir()}
    assert apart == {pattern.format(name=second.folder.name) for pattern in (HEADS, KEYS)}
    check_modes([place / "backups", place / "apart"])
    whole = b"".join(path.read_bytes() for path in second.folder.iterdir())
    assert not [name for name in NAMES if getattr(settings, name).encode() in whole]

    call_command("backup", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] and said["keys"] and said["files"] == 1 and said["heads"] >= 1 and said["rows"] > 10
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup")

    with monkeypatch.context() as patch:
        patch.setattr(making, "pack", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(OSError, match="No space left"):
            make_copy(FRIDAY - timedelta(days=1))
    assert {path.name for path in (place / "backups").iterdir()} == {said["copy"]}
    file = Attachment.objects.get()
    path = path_of(file.key)
    path.write_bytes(b"another picture")
    assert make_copy(FRIDAY + HOUR).packed.changed == [f"{file.key[:2]}/{file.key}"]
    path.unlink()
    made = make_copy(FRIDAY + 2 * HOUR)
    assert made.packed.missing == [file.key] and made.folder.is_dir()


def test_a_copy_needs_no_former_key(case: Complaint, settings: Settings) -> None:
    factories.file_complaint(email="ani@warga.test")
    settings.IDENTITY_FORMER_KEYS = [settings.IDENTITY_KEY]
    settings.IDENTITY_KEY = "a new key, and the worker has not come round to it yet"
    make_copy(FRIDAY)
    settings.IDENTITY_FORMER_KEYS = []
    assert unseal(bytes(Complainant.objects.latest("pk").sealed)).email == "ani@warga.test"


def test_a_copy_that_does_not_get_elsewhere_is_there_all_the_same(
    case: Complaint, place: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = make_copy(FRIDAY - timedelta(days=90)).folder
    settings.BACKUP_KEEP_MONTHS = 0
    (place / "full").touch()
    settings.BACKUP_COPY_DIR = place / "full"
    sent: list[str] = []
    monkeypatch.setattr(making, "_send_away", lambda folder, manifest: sent.append(folder.name))
    with pytest.raises(CommandError, match="is there, and not in BACKUP_COPY_DIR"):
        call_command("backup")
    (copy,) = copies_in(place / "backups", "kupang")
    check_parts(copy, read_manifest(copy).parts)
    assert sent == [copy.name]  # the other place gets it all the same
    assert not older.exists()  # and what outlived its time goes, else a full place stays full


def test_a_disk_that_is_full_leaves_nothing_and_is_said(case: Complaint, place: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(CommandError, match="no copy was made"):
            call_command("backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list((place / "backups").iterdir()) and not (place / "apart").exists()


def test_a_short_passphrase_is_refused(settings: Settings) -> None:
    settings.BACKUP_PASSPHRASE = "short"
    with pytest.raises(CannotCopy, match="at least 16"):
        make_copy(FRIDAY)


class TestNames:
    """Which copies stay."""

    @given(
        st.lists(st.integers(0, 800 * 24), unique=True, min_size=1, max_size=60),
        st.integers(0, 60),
        st.integers(0, 14),
    )
    def test_the_newest_and_what_is_young_stays_and_one_of_each_kept_month(
        self, hours: list[int], days: int, months: int
    ) -> None:
        now = datetime(2026, 11, 29, 2, tzinfo=UTC)
        names = [name_of("kupang", now - timedelta(hours=hour)) for hour in hours]
        gone = outlived(names, now, days=days, months=months)
        stays = set(names) - set(gone)
        assert max(names, key=made_at) in stays
        assert all(now - made_at(name) > timedelta(days=days) for name in gone)
        by_month = {(made_at(name).year, made_at(name).month) for name in names}
        for month in sorted(by_month)[len(by_month) - min(months, len(by_month)) :]:
            assert any((made_at(name).year, made_at(name).month) == month for name in stays)
        old = [name for name in stays if now - made_at(name) > timedelta(days=days)]
        assert len(old) <= months + 1

    def test_other_folders_are_no_copies(self, tmp_path: Path) -> None:
        name = name_of("kupang", FRIDAY)
        for other in (name, name + UNFINISHED, name_of("balikpapan", FRIDAY), "tuntas-kupang-latestZ"):
            (tmp_path / other).mkdir()
        (tmp_path / name_of("kupang", FRIDAY + HOUR)).touch()
        assert copies_in(tmp_path, "kupang") == [tmp_path / name]


class TestPacking:
    def test_what_is_half_received_stays_out(self, tmp_path: Path) -> None:
        for name in ("ab/abcd", "tmp/half", "deep/er/file"):
            path = tmp_path / "media" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
        assert pack(Disk(tmp_path / "media"), tmp_path / "m.tar").files == 2
        assert unpack(tmp_path / "m.tar", tmp_path / "out") == 2
        assert (tmp_path / "out/deep/er/file").read_bytes() == b"deep/er/file"
        assert not (tmp_path / "out/tmp").exists()

    @pytest.mark.parametrize("name", ["../outside", "link"])
    def test_nothing_is_unpacked_outside(self, tmp_path: Path, name: str) -> None:
        with tarfile.open(tmp_path / "bad.tar", "w") as tar:
            info = tarfile.TarInfo(name)
            if name == "link":
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(info, io.BytesIO(b""))
        folder = tmp_path / "in" / "out"
        with pytest.raises(BadCopy):
            unpack(tmp_path / "bad.tar", folder)
        assert not (tmp_path / "in" / "outside").exists()


def test_a_fingerprint_tells_nothing_of_the_key() -> None:
    assert fingerprint("a key") != fingerprint("another")
    assert "a key" not in fingerprint("a key") and len(fingerprint("a key")) == 16


def test_keys_open_with_their_passphrase_only() -> None:
    keys = {"IDENTITY_KEY": "x"}
    one, two = seal_keys(keys, PASSPHRASE), seal_keys(keys, PASSPHRASE)
    assert one != two and open_keys(one, PASSPHRASE) == open_keys(two, PASSPHRASE) == keys
    for text, passphrase in ((one, PASSPHRASE + " "), (one, ""), (one[:-9], PASSPHRASE), ("", PASSPHRASE)):
        with pytest.raises(WrongPassphrase):
            open_keys(text, passphrase)
