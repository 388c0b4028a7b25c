"""One style sheet and one script for each side: its parts behind one another, under an address that changes with them.

So browsers keep them for good. Small pictures of the parts come along inside them.
"""

import gzip
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

STATIC = Path(settings.BASE_DIR) / "static"
COMMON = ("tokens", "base", "components", "case")
SHEETS = {
    "public.css": COMMON,
    "desk.css": (*COMMON, "desk"),
    "form.js": ("keep", "form", "photos"),
    "desk.js": ("form", "case", "desk", "draft", "sign-out"),
}
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
PICTURE = re.compile(r'url\("\.\./(img/[\w.-]+\.svg)"\)')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True)
class Sheet:
    """What is served under `name`, `form.js`; `digest` is part of its address."""

    text: bytes
    packed: bytes  # by gzip
    type: str
    digest: str


def sheet(name: str) -> Sheet:
    """KeyError: there is none of this name. Made once a process; while somebody works on the parts, each time."""
    return _made(name) if not settings.DEBUG else _made.__wrapped__(name)


def address(name: str) -> str:
    return reverse("sheet", args=[sheet(name).digest, name])


def picture(path: str) -> str:
    """A small picture of `static/` as a `data:` address. Made once a process; while somebody works on it, each time."""
    return _read(path) if not settings.DEBUG else _read.__wrapped__(path)


@lru_cache(maxsize=50)
def _read(path: str) -> str:
    return _picture((STATIC / path).read_text())


@lru_cache(maxsize=len(SHEETS))
def _made(name: str) -> Sheet:
    kind = name.rpartition(".")[2]
    parts = [(STATIC / kind / f"{part}.{kind}").read_text() for part in SHEETS[name]]
    if kind == "css":
        parts = [colours(), *(PICTURE.sub(_inside, COMMENT.sub("", part)) for part in parts)]
    text = "\n".join(parts).encode()
    return Sheet(text, gzip.compress(text, mtime=0), TYPES[kind], sha256(text).hexdigest()[:12])


def colours() -> str:
    """The city's, as custom properties; in a style sheet because styles are never inline."""
    city = settings.CITY
    return f":root{{--city-primary:{city.primary};--city-accent:{city.accent};--city-ochre:{city.ochre}}}"


def _inside(found: re.Match[str]) -> str:
    return f'url("{picture(found[1])}")'


def _picture(svg: str) -> str:
    return "data:image/svg+xml," + quote(svg.strip(), safe="/:= ,;()-.")
