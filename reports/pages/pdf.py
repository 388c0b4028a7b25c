"""Has a PDF made of a template, by a child process that can reach nothing (reports/pages/render.py)."""

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

TIMEOUT_SECONDS = 120
# Nothing of the server's environment: neither keys nor the database's address.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "HOME": "/nonexistent",
}
MOTIF_COLOURS = {"#1f2a5a": "primary", "#c98a1b": "ochre"}


Picture = tuple[str, bytes]  # type and content


class RenderFailed(Exception):
    """No PDF came out; the message is for the log, not for the reader."""


@dataclass(frozen=True)
class Enclosed:
    """A file that the PDF carries: data as text."""

    name: str
    description: str
    text: str
    at: datetime
    kind: str = "text/csv"


PUBLIC, ARCHIVE = "pdf/ua-1", "pdf/a-3a"  # to be read by everybody, and to be kept


@dataclass(frozen=True)
class Page:
    """What to print: a template with its context, in one language and in a city's three colours."""

    template: str
    context: dict[str, Any]
    language: str
    colours: dict[str, str]
    identifier: str  # hex; the same page with the same identifier gives the same bytes
    files: tuple[Enclosed, ...] = ()
    variant: str = PUBLIC
    pictures: dict[str, Picture] = field(default_factory=dict)  # by name: the template's "asset:NAME"


def make_pdf(page: Page) -> bytes:
    """The tagged PDF: PDF/UA-1, or PDF/A-3 for the archive. Raises RenderFailed."""
    with translation.override(page.language):
        html = render_to_string(page.template, page.context)
        said = _(
            "%(box)s stands for a sign that the server has no font for. The city's pages show it as written."
        )
    assets = _assets(page.colours) | page.pictures
    lacking = said % {"box": "\N{WHITE SQUARE}"}
    return run_child(html, _style(page.colours), assets, page.identifier, page.files, page.variant, lacking)


def run_child(
    html: str,
    css: str,
    assets: dict[str, tuple[str, bytes]],
    identifier: str,
    files: Sequence[Enclosed] = (),
    variant: str = PUBLIC,
    lacking: str = "",
) -> bytes:
    job = child_job(html, css, assets, identifier, files, variant, lacking)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reports.pages.render"],
            input=job,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            cwd=settings.BASE_DIR,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RenderFailed("took too long") from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        why = done.stderr.decode(errors="replace")[-300:]
        raise RenderFailed(why or f"ended with {done.returncode}")
    return done.stdout


def child_job(
    html: str,
    css: str,
    assets: dict[str, tuple[str, bytes]],
    identifier: str,
    files: Sequence[Enclosed],
    variant: str,
    lacking: str = "",
) -> bytes:
    """What the child is told: JSON, as `render` reads it."""
    encoded = {name: (kind, base64.b64encode(content).decode()) for name, (kind, content) in assets.items()}
    enclosed = [asdict(file) | {"at": file.at.isoformat()} for file in files]
    job = {
        "html": html,
        "css": css,
        "assets": encoded,
        "identifier": identifier,
        "variant": variant,
        "files": enclosed,
        "lacking": lacking,
        "shrinks": any(
            kind.startswith("image/") and kind != "image/svg+xml" for kind, _content in assets.values()
        ),
    }
    return json.dumps(job).encode()


def _style(colours: dict[str, str]) -> str:
    """The city's colours as custom properties, then the style sheet."""
    properties = "".join(f"--{name}:{value};" for name, value in sorted(colours.items()))
    return f":root{{{properties}}}\n{_static('css/report-pdf.css').read_text(encoding='utf-8')}"


def _assets(colours: dict[str, str]) -> dict[str, tuple[str, bytes]]:
    motif = _static("img/tenun.svg").read_text(encoding="utf-8")
    for drawn, name in MOTIF_COLOURS.items():
        motif = motif.replace(drawn, colours.get(name, drawn))
    return {"tenun.svg": ("image/svg+xml", motif.encode())}


def _static(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)
