"""Files for whoever sits at the server."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_private(path: Path, content: bytes) -> Path:
    """Whole or not at all, and readable by its owner only (0600)."""
    return write_together({path: content})[0]


def write_together(files: Mapping[Path, bytes]) -> list[Path]:
    """All of them whole or none, as far as the disk has room; each readable by its owner only (0600)."""
    parts: list[tuple[Path, Path]] = []
    try:
        for path, content in files.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
            parts.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        return [part.replace(path) for part, path in parts]
    except BaseException:
        for part, _path in parts:
            part.unlink(missing_ok=True)
        raise
