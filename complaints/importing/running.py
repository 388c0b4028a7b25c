"""Takes a whole file over."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from complaints.importing.mapping import Mapping
from complaints.importing.reading import Record, count_records, read_records
from complaints.importing.rows import BadRow, Row, read_row
from complaints.importing.storing import Result, Store

BATCH = 1000
Progress = Callable[[int, int], None]
T = TypeVar("T")


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
    total = count_records(path, mapping)
    result = Result()
    store = Store(mapping, result, now=now, dry_run=dry_run, escalate=escalate)
    for records in batched(read_records(path, mapping), BATCH):
        store.take(_good_rows(records, mapping, now, result))
        result.read += len(records)
        progress(result.read, total)
    return result


def _good_rows(records: list[Record], mapping: Mapping, now: datetime, result: Result) -> list[Row]:
    rows = []
    for record in records:
        try:
            rows.append(read_row(record, mapping, now))
        except BadRow as problem:
            result.rejected.append((record.line, str(problem)))
    return rows


def batched(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
