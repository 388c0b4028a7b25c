"""Where the tests find the real data that is not part of the project."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """Path of a file or folder of the shared data; skips the test, saying so, where it is missing."""
    path = SHARED_DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data not on this machine: {Path('../shared/data', *parts)}")
    return path
