"""The rows of a snapshot, on disk as they are spelled: on their way into it, in the order of their names though they
come some cases at a time, and when it is read. What is in memory at once does not grow with the city."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, overload

from reports.figures.frames import Texts, apart, plain
from reports.figures.tables import COLUMNS, OF_CASES, Spelled, Tables, spelled

if TYPE_CHECKING:
    import pandas as pd

NAME = slice(2, 22)  # of a line that begins with a pseudonym
BEGINS = slice(2, 4)  # by these two the lines lie apart: each part is put in order by itself
Block = tuple[int, int]  # where it begins, and how long it is


class RowsOnDisk(Sequence[list[Any]]):
    """The rows of one table, read from the disk whenever they are asked for."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._count = file, 0

    def texts(self) -> Iterator[bytes]:
        """As they are spelled, some at a time, with commas between."""
        raise NotImplementedError

    def __deepcopy__(self, _memo: object) -> RowsOnDisk:
        """Once all rows are there nothing of it changes."""
        return self

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[list[Any]]:
        for text in self.texts():
            yield from json.loads(b"[%b]" % text)

    @overload
    def __getitem__(self, place: int) -> list[Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[Any]]: ...
    def __getitem__(self, place: int | slice) -> list[Any] | list[list[Any]]:
        if isinstance(place, slice):
            return list(self)[place]
        return next(islice(self, range(self._count)[place], None))

    def _put(self, text: bytes) -> Block:
        begin = self._file.seek(0, 2)
        self._file.write(text)
        return begin, len(text)

    def _text(self, block: Block) -> bytes:
        begin, size = block
        self._file.seek(begin)
        return self._file.read(size)


class ReadRows(RowsOnDisk):
    """Those of a snapshot that is read, as they lie in it."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._blocks: list[Block] = []

    def add(self, text: str, count: int) -> None:
        self._blocks.append(self._put(text.encode()))
        self._count += count

    def texts(self) -> Iterator[bytes]:
        return map(self._text, self._blocks)


class StoredRows(RowsOnDisk):
    """Those of a snapshot that is made."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        # Of each part where its blocks begin and how long they are, in turn.
        self._blocks: dict[bytes, array[int]] = {}

    def add(self, frame: pd.DataFrame, known: Texts, *, by_name: bool) -> None:
        """Rows in their order. `by_name`: others may have to lie between them; all of one name come together."""
        self._count += len(frame)
        for rows in spelled(frame, known):
            parts = list(apart(rows, BEGINS)) if by_name else [(b"", plain(rows))]
            begin = self._put(b"".join(lines for _part, lines in parts))[0]
            for part, lines in parts:
                self._blocks.setdefault(part, array("q")).extend((begin, len(lines) - 1))
                begin += len(lines)

    def texts(self) -> Iterator[bytes]:
        for part in sorted(self._blocks):
            numbers = iter(self._blocks[part])
            blocks = [self._text(block) for block in zip(numbers, numbers, strict=True)]
            found = [line for block in blocks for line in block.split(b"\n")]
            if part and len(blocks) > 1:
                found.sort(key=itemgetter(NAME))
            yield b",".join(found)


class StoredTables:
    """The tables of one period."""

    def __init__(self) -> None:
        file = TemporaryFile()  # noqa: SIM115 - gone when nobody has it any more
        self.rows = {name: StoredRows(file) for name in COLUMNS}

    def add(self, tables: Tables) -> None:
        """Those that are in it."""
        known: Texts = {}
        for name, frame in tables.frames.items():
            self.rows[name].add(frame, known, by_name=name in OF_CASES)

    def as_json(self) -> Spelled:
        return {name: {"columns": list(COLUMNS[name]), "rows": rows} for name, rows in self.rows.items()}
