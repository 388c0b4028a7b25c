"""Copies go to an object store and come back: against a server that speaks S3, over HTTP."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from config.backup import making
from config.backup.bucket import Bucket, NoBucket
from config.backup.making import NotElsewhere
from config.backup.manifest import FILE, BadCopy, Manifest, check_parts, part_of, read_manifest
from config.backup.naming import copies_in, name_of
from tests.factories import FRIDAY
from tests.object_store import REGION, bucket, names_in, object_store

pytestmark = pytest.mark.long

BUCKET = "copies"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with object_store() as address:
        yield address


@pytest.fixture
def client(server: str, settings: Settings, tmp_path: Path) -> Any:
    settings.BACKUP_S3_BUCKET = BUCKET
    options = {"bucket_name": BUCKET, "endpoint_url": server, "location": "kupang"} | REGION
    options |= {"access_key": "k", "secret_key": "s"}
    copies = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"copies": copies}
    settings.BACKUP_DIR = tmp_path / "backups"
    with bucket(server, BUCKET) as client:
        yield client


def keys(client: Any) -> list[str]:
    return names_in(client, BUCKET)


def copy_of(at: datetime) -> Path:
    """What `make_copy` leaves, without a database."""
    folder: Path = settings_of_django.BACKUP_DIR / name_of("kupang", at)
    folder.mkdir(parents=True)
    (folder / "media.tar").write_bytes(at.isoformat().encode() * 1000)
    parts = {"media.tar": part_of(folder / "media.tar")}
    manifest = Manifest("kupang", at.isoformat(), "sqlite", {}, 0, "", {}, parts)
    manifest.write(folder)
    making._send_away(folder, manifest)
    return folder


def test_a_copy_goes_there_and_comes_back(
    client: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copy_of(FRIDAY)
    assert keys(client) == [f"kupang/{made.name}/{name}" for name in (FILE, "media.tar")]
    call_command("fetch_copy", "--to", str(tmp_path / "back"))
    back = Path(capsys.readouterr().out.strip())
    assert back.name == made.name
    check_parts(back, read_manifest(back).parts)
    assert (back.stat().st_mode & 0o777, (back / FILE).stat().st_mode & 0o777) == (0o700, 0o600)


def test_old_ones_go_and_half_ones_count_for_nothing(client: Any) -> None:
    days = (400, 45, 44, 0)
    first, second, third, last = (copy_of(FRIDAY - timedelta(days=each)).name for each in days)
    assert Bucket().names() == [first, second, third, last]
    assert making._clear_bucket(FRIDAY) == 1
    assert Bucket().names() == [first, second, last]  # of each month the first
    client.delete_object(Bucket=BUCKET, Key=f"kupang/{last}/{FILE}")
    assert Bucket().names() == [first, second]


def test_what_was_changed_there_is_not_fetched(client: Any, tmp_path: Path) -> None:
    name = copy_of(FRIDAY).name
    client.put_object(Bucket=BUCKET, Key=f"kupang/{name}/media.tar", Body=b"another")
    with pytest.raises(BadCopy, match=r"media\.tar"):
        Bucket().fetch(name, tmp_path / "back")
    assert not (tmp_path / "back" / name).exists()
    with pytest.raises(CommandError, match="nothing was fetched"):
        call_command("fetch_copy", "--to", str(tmp_path / "again"))


def test_a_store_that_is_away_is_said_and_the_copy_stays(client: Any) -> None:
    client.delete_bucket(Bucket=BUCKET)
    with pytest.raises(NotElsewhere, match=r"is there, and not in BACKUP_S3_BUCKET: the object store: \w+$"):
        copy_of(FRIDAY)
    assert copies_in(settings_of_django.BACKUP_DIR, "kupang")
    with pytest.raises(NoBucket):
        Bucket().names()
    assert making._clear_bucket(FRIDAY) == 0
    client.create_bucket(Bucket=BUCKET)
