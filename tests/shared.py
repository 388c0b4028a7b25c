"""What tests of every folder use: how long they wait, and where real data lies that is not part of the project."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

PATIENCE = 120  # seconds until what hangs is given up: on a busy machine everything else is only slow
NOON = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)  # of a Monday in Kupang, after what most tests file
SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """A file or folder of the shared data. Without it the test is skipped, saying so, and fails under CI."""
    path = SHARED_DATA.joinpath(*parts)
    if not path.exists():
        message = f"real data not on this machine: {Path('../shared/data', *parts)}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def on_disk(name: str) -> Path:
    """Where a file lies that is kept under this name, without an object store."""
    return Path(settings.MEDIA_ROOT) / name


def path_of(key: str) -> Path:
    """The same of a file of a case."""
    return on_disk(f"{key[:2]}/{key}")
