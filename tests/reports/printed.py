"""Reads a PDF back: its words through the fonts' own maps, its structure and whatever it carries."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def open_pdf(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def words_of(content: bytes) -> str:
    """All text of the pages, in drawing order, without spaces: line breaks fall anywhere."""
    with open_pdf(content) as pdf:
        return re.sub(r"\s+", "", "".join(_page_words(page) for page in pdf.pages))


def _page_words(page: Any) -> str:
    maps = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    said: list[str] = []
    current: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        operator = instruction.operator
        if str(operator) == "Tf":
            current = maps.get(str(operands[0]), {})
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            said += [_decode(bytes(part), current) for part in parts if isinstance(part, pikepdf.String)]
    return "".join(said)


def _decode(raw: bytes, characters: dict[int, str]) -> str:
    return "".join(characters.get(int.from_bytes(raw[i : i + 2], "big"), "?") for i in range(0, len(raw), 2))


def _characters(font: Any) -> dict[int, str]:
    found = {}
    for glyph, text in PAIR.findall(font.ToUnicode.read_bytes()):
        found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    return found


def elements(content: bytes) -> Iterator[tuple[str, Any]]:
    """(tag, element) of the structure tree."""
    with open_pdf(content) as pdf:
        waiting: list[Any] = [pdf.Root.StructTreeRoot]
        while waiting:
            element = waiting.pop()
            if not isinstance(element, pikepdf.Dictionary):
                continue
            yield str(element.get("/S", "")), element
            kids: Any = element.get("/K", [])
            waiting += list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def everything(content: bytes) -> bytes:
    """Every stream unpacked and every string, for looking for what must not be there."""
    parts = [content]
    with open_pdf(content) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                parts.append(item.read_bytes(pikepdf.StreamDecodeLevel.generalized))
            parts.append(item.unparse() if not isinstance(item, pikepdf.Stream) else b"")
    return b"\n".join(parts)


def carries_files(content: bytes) -> bool:
    return b"EmbeddedFile" in everything(content) or b"/Filespec" in everything(content)
