"""Reads a PDF as Tuntas writes it: its objects, the files that it carries. Nothing of it is executed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

MOST = 1 << 28  # bytes of one unpacked stream
SPACE = b" \t\r\n\f\0"
TOKEN = re.compile(
    rb"(?:[ \t\r\n\f\0]|%[^\r\n]*)*"
    rb"(<<|>>|[\[\]{}]|/[^ \t\r\n\f\0()<>\[\]{}/%]*|\(|<[0-9A-Fa-f \t\r\n\f\0]*>|[^ \t\r\n\f\0()<>\[\]{}/%]+)"
)
REFERENCE = re.compile(rb"[ \t\r\n\f\0]+(\d+)[ \t\r\n\f\0]+R(?![A-Za-z0-9])")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|[\s\S])")


class Unreadable(Exception):
    """This is no PDF as Tuntas writes it."""


class Ref(NamedTuple):
    number: int


class Word(str):
    """An operator, or true, false, null."""

    __slots__ = ()


class Stream(NamedTuple):
    about: dict[str, Any]
    raw: bytes


class Parser:
    """Values one after the other, from `at` on."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def value(self) -> Any:
        """The next value; EOFError at the end."""
        found = TOKEN.match(self.data, self.at)
        if found is None:
            raise EOFError
        token, self.at = found[1], found.end()
        if token == b"<<":
            return self._dictionary()
        if token == b"[":
            return self._list()
        if token == b"(":
            return self._text()
        if token[:1] == b"<":
            return bytes.fromhex(_even(token[1:-1].translate(None, SPACE)).decode())
        if token[:1] == b"/":
            return re.sub(r"#([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), token.decode("latin-1"))
        return self._number_or_word(token)

    def _number_or_word(self, token: bytes) -> Any:
        try:
            if token.isdigit() and (reference := REFERENCE.match(self.data, self.at)):
                self.at = reference.end()
                return Ref(int(token))
            return float(token) if b"." in token else int(token)
        except ValueError:
            word = token.decode("latin-1")
            return {"true": True, "false": False, "null": None}.get(word, Word(word))

    def _dictionary(self) -> dict[str, Any]:
        items = self._until(">>")
        if len(items) % 2:
            raise Unreadable("a dictionary without its last value")
        return dict(zip(items[::2], items[1::2], strict=True))

    def _list(self) -> list[Any]:
        return self._until("]")

    def _until(self, end: str) -> list[Any]:
        items: list[Any] = []
        while True:
            value = self.value()
            if isinstance(value, Word) and value == end:
                return items
            items.append(value)

    def _text(self) -> bytes:
        depth, start = 1, self.at
        while depth:
            char = self.data[self.at : self.at + 1]
            if not char:
                raise Unreadable("a text without its end")
            depth += (char == b"(") - (char == b")")
            self.at += 2 if char == b"\\" else 1
        return ESCAPE.sub(_unescape, self.data[start : self.at - 1])


def _even(digits: bytes) -> bytes:
    return digits + b"0" * (len(digits) % 2)


def _unescape(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said.isdigit():
        return bytes([int(said, 8) & 255])
    return b"" if said in (b"\n", b"\r", b"\r\n") else ESCAPES.get(said, said)


def unpack(stream: Stream) -> bytes:
    """What the stream holds; Unreadable where it is packed in another way than Tuntas does."""
    how = stream.about.get("/Filter")
    how = how[0] if isinstance(how, list) and len(how) == 1 else how
    if how is None or how == []:
        return stream.raw
    if how != "/FlateDecode":
        raise Unreadable(f"packed as {how}")
    unpacker = zlib.decompressobj()
    found = unpacker.decompress(stream.raw, MOST)
    if unpacker.unconsumed_tail:
        raise Unreadable("too large")
    about = stream.about.get("/DecodeParms") or {}
    about = about[0] if isinstance(about, list) else about
    if about.get("/Predictor", 1) < 10:
        return found
    return _unpredicted(found, about.get("/Columns", 1))


def _unpredicted(data: bytes, width: int) -> bytes:
    """Rows of bytes of which each says how it follows the one above (PNG's filters 0 and 2)."""
    above, rows = bytes(width), []
    for start in range(0, len(data), width + 1):
        how, row = data[start], data[start + 1 : start + 1 + width]
        if how not in (0, 2):
            raise Unreadable("an unknown predictor")
        above = bytes((a + b) & 255 for a, b in zip(above, row, strict=False)) if how == 2 else row
        rows.append(above)
    return b"".join(rows)


class Pdf:
    """A file written at one go: what was appended to one later is refused."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(b"%PDF-1.") or data.count(b"startxref") != 1:
            raise Unreadable("no PDF that was written at one go; it may have been changed afterwards")
        end = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", data)
        if end is None:
            raise Unreadable("the end is missing")
        self.data = data
        self._places: dict[int, tuple[int, int, int]] = {}
        self._packed: dict[int, tuple[list[int], Parser, int]] = {}
        self.trailer = self._read_places(int(end[1]))

    def _read_places(self, at: int) -> dict[str, Any]:
        value = self._indirect(at)
        if not isinstance(value, Stream) or "/Prev" in value.about:
            raise Unreadable("its table of contents is not Tuntas's")
        about, table = value.about, unpack(value)
        widths = about["/W"]
        first, count = (about.get("/Index") or [0, about["/Size"]])[:2]
        step = sum(widths)
        for n in range(count):
            row, fields = table[n * step : (n + 1) * step], []
            for width in widths:
                fields.append(int.from_bytes(row[:width], "big") if width else 1)
                row = row[width:]
            self._places[first + n] = (fields[0], fields[1], fields[2])
        return about

    def _indirect(self, at: int) -> Any:
        parser = Parser(self.data, at)
        for _word in ("number", "generation", "obj"):
            parser.value()
        value = parser.value()
        start = re.compile(rb"\s*stream\r?\n").match(self.data, parser.at)
        if start is None:
            return value
        length = self.get(value["/Length"])
        return Stream(value, self.data[start.end() : start.end() + length])

    def get(self, value: Any) -> Any:
        """What a reference stands for; anything else is itself."""
        if not isinstance(value, Ref):
            return value
        kind, first, second = self._places.get(value.number, (0, 0, 0))
        if kind == 1:
            return self._indirect(first)
        return self._of_packed(first, second) if kind == 2 else None

    def _of_packed(self, number: int, index: int) -> Any:
        if number not in self._packed:
            stream = self.get(Ref(number))
            content = unpack(stream)
            parser, count = Parser(content), stream.about["/N"]
            numbers = [parser.value() for _n in range(2 * count)]
            self._packed[number] = numbers[1::2], Parser(content), stream.about["/First"]
        starts, parser, first = self._packed[number]
        parser.at = first + starts[index]
        return parser.value()

    def files(self) -> dict[str, bytes]:
        """Every file that is enclosed, by its name."""
        names = self.get(self.get(self.get(self.trailer["/Root"]).get("/Names", {})).get("/EmbeddedFiles"))
        return dict(self._named(names or {}))

    def _named(self, node: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, bytes]]:
        if depth > 8:
            raise Unreadable("names within names")
        for kid in self.get(node.get("/Kids", [])):
            yield from self._named(self.get(kid), depth + 1)
        for reference in (self.get(node.get("/Names")) or [])[1::2]:
            about = self.get(reference)
            yield text(self.get(about["/UF"])), unpack(self.get(self.get(about["/EF"])["/F"]))

    def pages(self) -> Iterator[dict[str, Any]]:
        waiting = [self.get(self.get(self.trailer["/Root"])["/Pages"])]
        while waiting:
            node = waiting.pop()
            if "/Kids" in node:
                waiting += [self.get(kid) for kid in reversed(self.get(node["/Kids"]))]
            else:
                yield node


def text(raw: bytes) -> str:
    return raw[2:].decode("utf-16-be") if raw[:2] == b"\xfe\xff" else raw.decode("latin-1")
