"""Restores a copy beside the running installation, to see that it can be done, and takes it away again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection

from config.backup.keys import all_keys

SUFFIX = "-drill"


def drill(folder: Path) -> dict[str, Any]:
    """What `restore --json` says of it, with the seconds it took. The running installation is only read."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix="drill-", dir=settings.DATA_DIR) as place, _empty_database() as url:
        began = monotonic()
        done = subprocess.run(  # noqa: S603 - our own program, and no shell
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(folder), "--json"],
            env=_environment(Path(place), url),
            capture_output=True,
            text=True,
            check=False,
        )
        took = round(monotonic() - began, 1)
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = {"ok": False, "error": done.stderr.strip()[-400:]}
    return {"copy": folder.name, "seconds": took, **said}


def _environment(place: Path, url: str) -> dict[str, str]:
    """This installation's, but for where it keeps things and for mail, which nobody gets."""
    taken = {
        "DATA_DIR": place,
        "MEDIA_ROOT": place / "media",
        "LEDGER_DIR": place / "ledger",
        "BACKUP_APART_DIR": settings.BACKUP_APART_DIR,
        "CITY": settings.CITY.slug,
        "DATABASE_URL": url or f"sqlite:///{place / 'tuntas.sqlite3'}",
        "EMAIL_URL": "dummymail://",
        "LEDGER_MAIL_TO": "",
        "FILES_S3_BUCKET": "",  # the running installation's
    }
    return os.environ | all_keys() | {name: str(value) for name, value in taken.items()}


@contextmanager
def _empty_database() -> Iterator[str]:
    """The address of a database beside the running one; "" for SQLite, which is made in the folder."""
    if connection.vendor != "postgresql":
        yield ""
        return
    url, query = os.environ["DATABASE_URL"], ""
    if "?" in url:
        url, query = url.split("?", 1)
    name = connection.settings_dict["NAME"] + SUFFIX
    with connection.cursor() as cursor:
        quoted = connection.ops.quote_name(name)
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
        cursor.execute(f"CREATE DATABASE {quoted} ENCODING 'UTF8' TEMPLATE template0")
    try:
        yield f"{url.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
