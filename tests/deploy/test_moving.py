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

NAME = "tuntas move"


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
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"{arguments[0]}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    return done.stdout


MAKE_A_CITY = (  # each command by itself would take four seconds to begin
    "from django.core.management import call_command as do; do('migrate', verbosity=0); do('load_city');"
    "from tests.deploy.test_backups import make_case; make_case();"
    "from tests.reports.one_report import lead_lives; lead_lives(); do('record_settings')"
)
PRINT_DIGESTS = "from tests.reports.one_report import print_digests; print_digests()"


def test_a_city_moves_with_every_row_and_its_history(empty_database: str, tmp_path: Path) -> None:
    manage(tmp_path, "shell", "--no-imports", "-c", MAKE_A_CITY)
    said: dict[str, Any] = json.loads(manage(tmp_path, "move_database", empty_database, "--json"))
    assert said["ok"], said
    assert said["rows"] == sum(said["tables"].values()) > 1000
    assert said["verify_ledger"]["heads"] >= 1
    ours, theirs = (
        json.loads(manage(tmp_path, "shell", "--no-imports", "-c", PRINT_DIGESTS, **more))
        for more in ({}, {"DATABASE_URL": empty_database})
    )
    assert ours["cases"] > 6  # of which nothing that is counted or printed tells on which database it lay
    assert theirs == ours
    with pytest.raises(CommandError, match="holds tables"):
        manage(tmp_path, "move_database", empty_database)


def test_only_postgresql_is_moved_to(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has to be a PostgreSQL one"):
        call_command("move_database", f"sqlite:///{tmp_path}/other.sqlite3")
