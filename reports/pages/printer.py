"""What the bytes of a paper hang on besides what it says: kept beside it, so that who prints it again and gets others
can be told why."""

import platform
import shutil
import subprocess
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

PAGES = (
    "reports/pages",
    "reports/archive",
    "templates/reports",
    "static/css/report-pdf.css",
    "static/img/tenun.svg",
)
WORDS = "locale"
SHORT = 16  # of a SHA-256: it tells two apart, nobody relies on it
FONTS_SECONDS = 10


def printer() -> dict[str, str]:
    """`address` of the site, as the paper names it and as it is printed again, `weasyprint` and `pikepdf` as versions,
    `system`, and digests of the installed `fonts`, of the `pages` as Tuntas lays them out and of their `words` in both
    languages."""
    return {"address": str(settings.BASE_URL), **_installed()}


@cache
def _installed() -> dict[str, str]:
    return {
        "weasyprint": version("weasyprint"),
        "pikepdf": version("pikepdf"),
        "system": _system(),
        "fonts": _fonts(),
        "pages": _digest(sorted(_files())),
        "words": _digest(sorted((Path(settings.BASE_DIR) / WORDS).rglob("*.po"))),
    }


def _files() -> set[Path]:
    found = set()
    for name in PAGES:
        path = Path(settings.BASE_DIR) / name
        found |= {each for each in path.rglob("*.*") if each.suffix in (".py", ".html")} or {path}
    return found


def _digest(paths: list[Path]) -> str:
    digest = sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:SHORT]


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return platform.system()


def _fonts() -> str:
    """Empty where this system does not say which it has."""
    program = shutil.which("fc-list")
    if program is None:
        return ""
    try:
        listed = subprocess.run(  # noqa: S603 - no word of anybody's in it
            [program, ":", "family", "style", "fontversion"],
            capture_output=True,
            timeout=FONTS_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return sha256(b"\n".join(sorted(listed.stdout.splitlines()))).hexdigest()[:SHORT]
