"""What somebody who has only tuntas_verify.py finds."""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from django.conf import settings

from complaints.ledger.signing import verifier
from tests.shared import PATIENCE

SCRIPT = Path(settings.BASE_DIR) / "docs" / "verify" / "tuntas_verify.py"
FITS, DOES_NOT_FIT, CANNOT_BE_CHECKED = 0, 1, 2


def verify(
    command: str, *files: Path, key: str = "", head: Path | None = None, more: Sequence[str] = ()
) -> tuple[int, str]:
    """Exit code and what was printed, by the script in a process of its own, far from the product."""
    words = [sys.executable, "-I", str(SCRIPT), command, *map(str, files), "--key", key or str(verifier())]
    words += [*(["--head", str(head)] if head else []), *more]
    done = subprocess.run(
        words, capture_output=True, check=False, cwd="/", env={"PATH": "/usr/bin:/bin"}, timeout=PATIENCE
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode()


def load_script() -> ModuleType:
    """The script as a module, for tests that would start it ten thousand times."""
    spec = importlib.util.spec_from_file_location("tuntas_verify", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = load_script()
