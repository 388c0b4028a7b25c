"""A city with files in an object store, whose keys were changed and of which somebody was erased since the copy, is put
back into an empty database and an empty folder of the store."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.actors import Citizen
from complaints.files import storage
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.outside import note_erased
from complaints.models import Attachment
from complaints.services import handling
from config.backup.making import make_copy
from tests import factories
from tests.deploy.test_backups import PASSPHRASE, _settings, make_case
from tests.factories import FRIDAY, HOUR
from tests.files.samples import sample, upload
from tests.object_store import bucket, names_in, object_store

BUCKET = "files"


def use_store(settings: Settings, address: str) -> dict[str, str]:
    """The store for this process; the same for another, in another folder."""
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": address,
        "region_name": "us-east-1",
        "location": "kupang",
    }
    settings.FILES_S3 = options | {"access_key": "k", "secret_key": "s"}
    settings.FILES_S3_BUCKET = BUCKET
    store = {"BACKEND": "config.object_store.S3", "OPTIONS": settings.FILES_S3}
    settings.STORAGES = settings.STORAGES | {"files": store}
    said = {"BUCKET": BUCKET, "ENDPOINT": address, "KEY": "k", "SECRET": "s", "REGION": "us-east-1"}
    return {f"FILES_S3_{name}": value for name, value in (said | {"FOLDER": "back"}).items()}


def restored(copy: Path, place: Path, **env: str) -> dict[str, Any]:
    program = [sys.executable, str(settings_of_django.BASE_DIR / "manage.py"), "restore", str(copy), "--json"]
    here = {"PATH": os.environ["PATH"], "CITY": "kupang", "DATA_DIR": str(place), "EMAIL_URL": "dummymail://"}
    here |= {"BACKUP_PASSPHRASE": PASSPHRASE, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(program, env=here | env, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.mark.long
def test_a_city_with_a_store_comes_back_with_the_keys_of_its_copy(
    transactional_db: None, settings: Settings, tmp_path: Path
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the empty place is a file")
    for name, value in _settings(tmp_path).items():
        setattr(settings, name, value)
    with object_store() as address, bucket(address, BUCKET) as client:
        store = use_store(settings, address)
        case = make_case()
        digest, size = storage._keep_as_received(upload("jpg", data=sample("jpg")), "a" * 32)
        about: dict[str, Any] = {"name": "x.jpg", "content_type": "image/jpeg", "added_at": FRIDAY}
        heavy = Attachment.objects.create(
            key="a" * 32, draft_digest="d", is_waiting=True, sha256=digest, size=size, **about
        )
        handling.add_files(case.pk, actor=Citizen(case.pk), now=FRIDAY, files=[heavy])
        settings.RECEIPT_FORMER_PEPPERS = ["of before"]
        copy = make_copy(FRIDAY + HOUR)
        assert (copy.packed.files, copy.packed.missing, copy.packed.changed) == (2, [], [])
        factories.file_complaint(now=FRIDAY + 2 * HOUR)
        make_checkpoint(FRIDAY + 2 * HOUR)
        note_erased([case.number], FRIDAY + 2 * HOUR)
        settings.IDENTITY_KEY, settings.RECEIPT_PEPPER = "changed" * 9, "changed too" * 9
        make_copy(FRIDAY + 3 * HOUR)  # whose heads lie apart

        said = restored(copy.folder, tmp_path / "new", BACKUP_APART_DIR=str(tmp_path / "apart"), **store)
        broken = said["check_integrity"]["broken"]
        assert said["ok"] and said["older_copy"] and said["files"] == 2, said
        assert {name for name, found in broken.items() if found} == {"ledger", "erased_person_is_back"}
        kept = {path.name: path.read_text() for path in (tmp_path / "new/keys").iterdir()}
        assert kept["receipt_former_peppers"] == "of before" and kept["identity_key"] != settings.IDENTITY_KEY
        names = names_in(client, BUCKET)
        there = {name.removeprefix("back/") for name in names if name.startswith("back/")}
        assert there == {name.removeprefix("kupang/") for name in names if name.startswith("kupang/")}
        assert not [path for path in (tmp_path / "new").rglob("media/*/*") if path.is_file()]
