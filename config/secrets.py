"""Secrets that a local installation makes for itself on first use, outside the database."""

import os
import secrets
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path


def make_text() -> str:
    return secrets.token_urlsafe(48)


def make_seed() -> str:
    """An Ed25519 private key: 32 bytes in base64."""
    return b64encode(secrets.token_bytes(32)).decode()


def kept_in(path: Path) -> str:
    """What `restore` left there of a setting that the environment does not name; "" where there is nothing."""
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def read_or_make(path: Path, make: Callable[[], str] = make_text) -> str:
    """The secret kept in `path` (mode 0600), made at first use.

    Two processes starting at once must agree, so the file is written under another name and
    linked into place; the loser reads the winner's.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
