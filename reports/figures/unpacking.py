"""A snapshot that is read some bytes at a time: rows of tables go to disk as they are spelled, all else into memory.

What a city's snapshot weighs is rows, and who prints a report needs none of them.
"""

import json
import re
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any

import brotli

from reports.figures.stored import ReadRows

ROWED = ("tables", "before")  # what of a snapshot has rows
AT_ONCE = 1 << 18  # bytes that are unpacked at a time; brotli may give twice as many
IN_MEMORY = 1 << 20  # bytes of rows of a small city
GZIP = b"\x1f\x8b"  # how such a stream begins, and none of ours does
MOST_BYTES = 1 << 33  # of an unpacked snapshot: a packed one must not fill the disk
MOST_CHARACTERS = 1 << 27  # of what is in memory at once
_BLANKS = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def is_packed(begins: bytes) -> bool:
    """Whether what begins so is a packed snapshot rather than its JSON: by gzip, or by brotli with the window of ours,
    whose first byte ends in the hexadecimal 3."""
    return begins.startswith(GZIP) or begins[:1].hex().endswith("3")


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What is packed in these pieces, some at a time. ValueError where they are no whole packed snapshot and nothing
    else, or one that unpacks to more than a snapshot can have."""
    coming, size = iter(pieces), 0
    first = next(coming, b"")
    unpack = _from_gzip if first.startswith(GZIP) else _from_brotli
    for some in unpack(chain((first,), coming)):
        size += len(some)
        if size > MOST_BYTES:
            raise ValueError("more than a packed snapshot")
        yield some


def _from_brotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    opened = brotli.Decompressor()
    for piece in pieces:
        if opened.is_finished():
            raise ValueError("more than a packed snapshot")
        try:
            some = opened.process(piece, output_buffer_limit=AT_ONCE)
            while some:
                yield some
                some = b"" if opened.is_finished() else opened.process(b"", output_buffer_limit=AT_ONCE)
        except brotli.error as error:
            raise ValueError("not a packed snapshot") from error
    if not opened.is_finished():
        raise ValueError("not a whole packed snapshot")


def _from_gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """As all were packed before decision 141."""
    opened = zlib.decompressobj(wbits=31)
    for piece in pieces:
        if opened.eof:
            raise ValueError("more than a packed snapshot")
        left = piece
        while left:
            try:
                some = opened.decompress(left, AT_ONCE)
            except zlib.error as error:
                raise ValueError("not a packed snapshot") from error
            left = opened.unconsumed_tail
            if opened.unused_data:
                raise ValueError("more than a packed snapshot")
            yield some
    if not opened.eof:
        raise ValueError("not a whole packed snapshot")


def read(pieces: Iterable[bytes]) -> tuple[dict[str, Any], str]:
    """The data of a snapshot's JSON, and the SHA-256 of its bytes. ValueError where it is none."""
    reading = _Reading(pieces)
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - gone when nobody has its rows any more
    if reading.next() != "{":
        raise ValueError("not a report's snapshot")
    data = {name: _tables(reading, file) if name in ROWED else reading.value() for name in reading.members()}
    return data, reading.end()


def _tables(reading: "_Reading", file: Any) -> Any:
    if reading.next() != "{":
        return reading.value()
    return {name: _table(reading, file) for name in reading.members()}


def _table(reading: "_Reading", file: Any) -> Any:
    if reading.next() != "{":
        return reading.value()
    return {
        name: _rows(reading, file) if name == "rows" and reading.next() == "[" else reading.value()
        for name in reading.members()
    }


def _rows(reading: "_Reading", file: Any) -> ReadRows:
    rows = ReadRows(file)
    reading.take("[")
    if reading.next() != "]":
        rows.add(*reading.some())
        while reading.next() == ",":
            reading.take(",")
            rows.add(*reading.some())
    reading.take("]")
    return rows


class _Reading:
    """The characters of a JSON as they come, and where in them reading is."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._decoder = iter(pieces), getincrementaldecoder("utf-8")()
        self._digest = sha256()
        self._text, self._at = "", 0

    def next(self) -> str:
        """The next character that is no blank, which is not taken; empty at the end."""
        while True:
            found = _BLANKS.match(self._text, self._at)
            assert found is not None
            self._at = found.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        if self.next() != character:
            raise ValueError(f"not a report's snapshot: no {character} where there has to be one")
        self._at += 1

    def members(self) -> Iterator[str]:
        """The names in an object; before the next is asked for, the value has to be read."""
        self.take("{")
        if self.next() != "}":
            yield self._name()
            while self.next() == ",":
                self.take(",")
                yield self._name()
        self.take("}")

    def _name(self) -> str:
        name = self.value()
        if not isinstance(name, str):
            raise ValueError("not a report's snapshot: a name is no text")  # noqa: TRY004 - of a file
        self.take(":")
        return name

    def value(self) -> Any:
        return self._whole()[0]

    def some(self) -> tuple[str, int]:
        """Of the values in a list as many as are there as a whole, as they are spelled with commas between, and how
        many they are. Where what was cut off is no list, since a value has such marks in it, the next by itself."""
        self.next()
        end = self._text.find("]]", self._at) + 1 or self._text.rfind("],[", self._at) + 1
        if end:
            text = self._text[self._at : end]
            try:
                count = len(json.loads(f"[{text}]"))
            except json.JSONDecodeError:
                pass
            else:
                self._at = end
                return text, count
        return self._whole()[1], 1

    def end(self) -> str:
        """The SHA-256 of all that was read. ValueError where more comes."""
        if self.next():
            raise ValueError("more than a report's snapshot")
        self._decoder.decode(b"", final=True)
        return self._digest.hexdigest()

    def _whole(self) -> tuple[Any, str]:
        """The next value, and how it is spelled."""
        self.next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            if end == len(self._text):
                if self._more():  # a number may go on
                    continue
                end = len(self._text)
            text, self._at = self._text[self._at : end], end
            return value, text

    def _more(self) -> bool:
        """Reads on, as much again as there is; whether anything came."""
        parts = [self._text[self._at :]]
        wanted = max(1, len(parts[0]))
        while wanted > 0 and (piece := next(self._pieces, None)) is not None:
            self._digest.update(piece)
            parts.append(self._decoder.decode(piece))
            wanted -= len(parts[-1])
        self._text, self._at = "".join(parts), 0
        if len(self._text) > MOST_CHARACTERS:
            raise ValueError("not a report's snapshot: one value is too large")
        return len(self._text) > len(parts[0])
