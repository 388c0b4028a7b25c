"""Secrets that a local installation makes for itself on first use, outside the database."""

import os
import secrets
from pathlib import Path


def read_or_make(path: Path) -> str:
    """The secret kept in `path` (mode 0600), made at first use.

    Two processes starting at once must agree, so the file is written under another name and
    linked into place; the loser reads the winner's.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
