"""Runs docs/verify/tuntas_recount in a process of its own: the very program that strangers run, so that nobody has to
believe ours. It gets the file and nothing else, with limits of memory and time."""

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER: Path = settings.BASE_DIR / "docs" / "verify"
PACKAGE = FOLDER / "tuntas_recount"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a ZIP: the same bytes whenever it is packed
Result = dict[str, Any]


def recount(path: Path, *, digest: str = "", seconds: int = 600, megabytes: int = 4096) -> Result:
    """What the program says of the file (docs/recount.md); {"error": …} where it cannot be counted."""
    limits = [str(seconds), str(megabytes), str(FOLDER)]
    command = [sys.executable, "-m", "reports.recount.child", *limits, str(path.resolve()), "--json"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and no shell
            [*command, "--digest", digest] if digest else command,
            cwd=settings.BASE_DIR,
            env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
            capture_output=True,
            timeout=seconds + 5,
            check=False,
        )
        result: Result = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"figures": 0, "ok": False, "differs": [], "error": "it took too long or too much memory"}
    return result


def recount_bytes(content: bytes, *, seconds: int, megabytes: int) -> Result:
    with tempfile.NamedTemporaryFile(prefix="recount-", suffix=".pdf") as file:
        file.write(content)
        file.flush()
        return recount(Path(file.name), seconds=seconds, megabytes=megabytes)


def program() -> bytes:
    """The program as one file for download, readable as a ZIP: `python3 tuntas_recount.pyz FILE.pdf`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for source in sorted(PACKAGE.glob("*.py")):
            _add(packed, f"tuntas_recount/{source.name}", source.read_text(encoding="utf-8"))
        _add(packed, "__main__.py", (PACKAGE / "__main__.py").read_text(encoding="utf-8"))
    return b"#!/usr/bin/env python3\n" + out.getvalue()


def _add(packed: zipfile.ZipFile, name: str, text: str) -> None:
    packed.writestr(zipfile.ZipInfo(name, FIRST_DAY), text, zipfile.ZIP_DEFLATED)
