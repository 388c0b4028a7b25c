"""An installation on SQLite becomes one on PostgreSQL by one command."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.actors import Citizen
from complaints.files import storage
from complaints.ledger.verify import verify_ledger
from complaints.models import Attachment, Complaint
from complaints.search import search
from complaints.services import handling
from complaints.services.checking import check_waiting_file
from tests.deploy.test_backups import make_case
from tests.factories import FRIDAY
from tests.files.samples import sample, upload
from tests.object_store import bucket, names_in, object_store
from tests.reports.one_report import lead_lives, print_digests

NAME, BUCKET = "tuntas move", "files"


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The address of an empty database beside the one of the tests."""
    if connection.vendor != "postgresql":
        pytest.skip("moves into PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE \"{NAME}\" TEMPLATE template0 ENCODING 'UTF8'")
    yield os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{NAME.replace(' ', '%20')}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')


def manage(folder: Path, *arguments: str, **more: str) -> str:
    environment = more | {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "CITY": "kupang",
        "DJANGO_SETTINGS_MODULE": "tests.quick_settings",
    }
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"{arguments[0]}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    return done.stdout


def make_city() -> None:
    """In a process of its own: each command by itself would take four seconds to begin."""
    call_command("migrate", verbosity=0)
    call_command("load_city")
    wait_for_the_worker(make_case())
    lead_lives()
    call_command("record_settings")


def wait_for_the_worker(case: Complaint) -> None:
    """A file that is too heavy for a request."""
    digest, size = storage._keep_as_received(upload("jpg", data=sample("jpg")), "a" * 32)
    about: dict[str, Any] = {"name": "x.jpg", "content_type": "image/jpeg", "added_at": FRIDAY}
    row = Attachment.objects.create(
        key="a" * 32, draft_digest="d", is_waiting=True, sha256=digest, size=size, **about
    )
    handling.add_files(case.pk, actor=Citizen(case.pk), now=FRIDAY, files=[row])


def tell() -> None:
    """What is the same on either side; what is found, and what waited, among it."""
    assert search(Complaint.objects.visible_to(None), "lubang").count() == Complaint.objects.count()
    assert check_waiting_file(FRIDAY) == 1
    files = Attachment.objects.all()
    assert all(storage.read(file) for file in files) and verify_ledger().ok and len(files) >= 2
    print_digests()


def run(folder: Path, name: str, **more: str) -> str:
    words = f"from tests.deploy import test_moving; test_moving.{name}()"
    return manage(folder, "shell", "--no-imports", "-c", words, **more)


@pytest.fixture
def store() -> Iterator[dict[str, str]]:
    """Settings of an installation that keeps its files in an object store."""
    with object_store() as address, bucket(address, BUCKET) as client:
        keys = {"KEY": "k", "SECRET": "s", "REGION": "us-east-1"}
        names = {"BUCKET": BUCKET, "ENDPOINT": address} | keys
        yield {f"FILES_S3_{name}": value for name, value in names.items()}
        assert len(names_in(client, BUCKET)) >= 3


@pytest.mark.slow
def test_a_city_moves_with_every_row_its_history_and_its_files(
    empty_database: str, tmp_path: Path, store: dict[str, str]
) -> None:
    run(tmp_path, "make_city", **store)
    said: dict[str, Any] = json.loads(manage(tmp_path, "move_database", empty_database, "--json", **store))
    assert said["ok"], said
    assert said["rows"] == sum(said["tables"].values()) > 1000
    assert said["verify_ledger"]["heads"] >= 1
    ours, theirs = (
        json.loads(run(tmp_path, "tell", **store, **more)) for more in ({}, {"DATABASE_URL": empty_database})
    )
    assert ours["cases"] > 6  # of which nothing that is counted or printed tells on which database it lay
    assert theirs == ours
    with pytest.raises(CommandError, match="holds tables"):
        manage(tmp_path, "move_database", empty_database)


def test_only_postgresql_is_moved_to(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has to be a PostgreSQL one"):
        call_command("move_database", f"sqlite:///{tmp_path}/other.sqlite3")
