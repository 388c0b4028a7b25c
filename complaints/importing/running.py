"""Takes a whole file over."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from complaints.importing.mapping import Mapping
from complaints.importing.reading import Export, Record, reading
from complaints.importing.rows import BadRow, Row, read_row
from complaints.importing.storing import Result, Store
from complaints.importing.unpacking import MAX_UNPACKED

BATCH = 1000
Progress = Callable[[int, int], None]
T = TypeVar("T")
PREVIEWED = 10


@dataclass(frozen=True)
class Previewed:
    """A row as it would become; or why it would not."""

    line: int
    row: Row | None
    reason: str = ""


class Import:
    """A file that is being taken over, a batch at a time. `result` may be that of an earlier run that came to
    `result.read`: it goes on there."""

    def __init__(self, export: Export, mapping: Mapping, store: Store, *, now: datetime) -> None:
        self._mapping, self._store, self._now = mapping, store, now
        self._batches = batched(self._pass_over(export.records()), BATCH)

    def _pass_over(self, records: Iterator[Record]) -> Iterator[Record]:
        """What an earlier run took: a repetition of it further down in the file is still one."""
        for record in islice(records, self._store.result.read):
            with suppress(BadRow):
                self._store.pass_over(read_row(record, self._mapping, self._now))
        return records

    def step(self) -> bool:
        """Takes the next batch; False where none is left. Raises BrokenFile."""
        records = next(self._batches, None)
        if records is None:
            return False
        result = self._store.result
        self._store.take(_good_rows(records, self._mapping, self._now, result))
        result.read += len(records)
        return True


def import_file(
    path: Path,
    mapping: Mapping,
    *,
    now: datetime,
    dry_run: bool = False,
    escalate: bool = False,
    progress: Progress = lambda read, total: None,
) -> Result:
    """Makes a case of every good new row; calls `progress(read, total)` after each batch.

    Raises BrokenFile, and with `escalate` LookupError where the city has no policy: then nothing is written.
    """
    with reading(path, mapping) as export:
        total = export.count()
        result = Result(told=export.told)
        store = Store(mapping, result, now=now, dry_run=dry_run, escalate=escalate)
        work = Import(export, mapping, store, now=now)
        while work.step():
            progress(result.read, total)
    return result


def preview(
    path: Path, mapping: Mapping, *, now: datetime, largest: int = MAX_UNPACKED
) -> tuple[str, list[Previewed]]:
    """What the file is, and what would become of its first PREVIEWED rows. Raises BrokenFile."""
    with reading(path, mapping, largest) as export:
        rows = []
        for record in islice(export.records(), PREVIEWED):
            try:
                rows.append(Previewed(record.line, read_row(record, mapping, now)))
            except BadRow as problem:
                rows.append(Previewed(record.line, None, str(problem)))
        return export.told, rows


def _good_rows(records: list[Record], mapping: Mapping, now: datetime, result: Result) -> list[Row]:
    rows = []
    for record in records:
        try:
            rows.append(read_row(record, mapping, now))
        except BadRow as problem:
            result.rejected.append((record.line, _where(record) + str(problem)))
    return rows


def batched(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch


def _where(record: Record) -> str:
    return _("sheet “%(name)s”: ") % {"name": record.sheet} if record.sheet else ""
