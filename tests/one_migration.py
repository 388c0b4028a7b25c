"""The database of the tests: migrated once, by whichever process comes first, and copied for each of them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.quick_states import quick_states


@contextmanager
def copied_database(shared: Path, name: str) -> Iterator[None]:
    """Work in a copy of this name. `shared`: a folder of this run that all its processes know."""
    creation: Any = connection.creation
    original = _test_name(shared)
    with _one_at_a_time(shared):
        if any(shared.glob("in-use-*")):
            _open(original)
        else:
            settings.DATABASES["default"]["TEST"]["NAME"] = original
            with quick_states():
                creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
        (shared / f"in-use-{name}").touch()
        creation.clone_test_db(suffix=name, verbosity=0, autoclobber=True)
        copy = creation.get_test_db_clone_settings(name)["NAME"]
    _open(copy)
    yield
    connection.close()
    if "SERVER_IS_THROWN_AWAY" in os.environ:  # and its databases with it
        return
    with _one_at_a_time(shared):
        (shared / f"in-use-{name}").unlink()
        creation._destroy_test_db(copy, verbosity=0)
        if not any(shared.glob("in-use-*")):
            creation._destroy_test_db(original, verbosity=0)


def _test_name(shared: Path) -> str:
    """SQLite in a file, as in real life: in memory, a live server's threads would share one connection."""
    if connection.vendor == "sqlite":
        return str(shared / "tuntas.sqlite3")
    return f"test_{settings.DATABASES['default']['NAME']}"


def _open(database: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database


@contextmanager
def _one_at_a_time(shared: Path) -> Iterator[None]:
    with (shared / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
