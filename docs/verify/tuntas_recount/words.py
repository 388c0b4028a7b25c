"""The words that are drawn on the pages of a PDF, read through the maps that its fonts carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tuntas_recount.pdf import Parser, Pdf, Unreadable, Word, unpack

PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>")
LIST = re.compile(rb"begin(bfchar|bfrange)(.*?)end", re.DOTALL)
SPACES = re.compile(r"\s+")


def words_of(pdf: Pdf) -> str:
    """All of them in the order in which they are drawn, without spaces: lines break anywhere."""
    return SPACES.sub("", "".join(part for page in pdf.pages() for part in _drawn(pdf, page)))


def _drawn(pdf: Pdf, page: dict[str, Any]) -> Iterator[str]:
    resources = pdf.get(page.get("/Resources", {}))
    fonts = {name: _map(pdf, pdf.get(font)) for name, font in pdf.get(resources.get("/Font", {})).items()}
    parser = Parser(unpack(pdf.get(page["/Contents"])))
    waiting: list[Any] = []
    current: dict[int, str] = {}
    while True:
        try:
            value = parser.value()
        except EOFError:
            return
        if not isinstance(value, Word):
            waiting.append(value)
            continue
        if value == "Tf":
            current = fonts.get(waiting[-2], {})
        elif value in ("Tj", "TJ"):
            parts = waiting[-1] if isinstance(waiting[-1], list) else [waiting[-1]]
            yield "".join(_read(part, current) for part in parts if isinstance(part, bytes))
        waiting = []


def _read(raw: bytes, characters: dict[int, str]) -> str:
    glyphs = (int.from_bytes(raw[n : n + 2], "big") for n in range(0, len(raw), 2))
    return "".join(characters.get(glyph, "\N{REPLACEMENT CHARACTER}") for glyph in glyphs)


def _map(pdf: Pdf, font: dict[str, Any]) -> dict[int, str]:
    if "/ToUnicode" not in font:
        raise Unreadable("a font does not say which characters it draws")
    found: dict[int, str] = {}
    for kind, pairs in LIST.findall(unpack(pdf.get(font["/ToUnicode"]))):
        if kind == b"bfrange":
            raise Unreadable("a font names its characters in ranges")
        for glyph, character in PAIR.findall(pairs):
            found[int(glyph, 16)] = bytes.fromhex(character.decode()).decode("utf-16-be", "replace")
    return found
