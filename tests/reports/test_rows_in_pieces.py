"""Rows are read and spelled some at a time, and lie as they would if all had been there at once. No database."""

import json
import random
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest

from reports.figures import frames
from reports.figures.frames import FrameRows, Stream
from reports.figures.snapshot import Packed, Snapshot
from reports.figures.tables import CLOCK_COLUMNS, SHAPE, Tables, iso

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def clocks(count):
    """Some alike in case, stage and round, which lie by everything else; rounds of two figures."""
    dice = random.Random(7)

    def moment():
        return None if dice.random() < 0.3 else BEGAN + timedelta(seconds=dice.randint(0, 9**8) / 4)

    return [
        (
            f"{dice.randint(0, count // 2):05x}",
            dice.choice(["resolution", "verification"]),
            dice.choice([1, 1, 2, 10]),
            *(moment(), moment(), moment()),
            dice.choice(["", "done"]),
            dice.choice([0, 0, 8]),
        )
        for _n in range(count)
    ]


def in_order(rows):
    """As it was done with all rows in a list."""
    found = []
    for _key, same in groupby(
        sorted(rows, key=lambda row: (row[0], row[1], str(row[2]))), lambda row: row[:3]
    ):
        found += sorted(
            same,
            key=lambda row: [each.isoformat() if isinstance(each, datetime) else str(each) for each in row],
        )
    return [[iso(each) if isinstance(each, datetime) else each for each in row] for row in found]


@pytest.mark.parametrize("size", [3, 50, 5000])
def test_rows_that_come_one_by_one_lie_as_if_all_had_been_there(monkeypatch, size):
    monkeypatch.setattr(frames, "CHUNK", size)
    monkeypatch.setattr(frames.batches, "__defaults__", (size,))
    rows = clocks(300)
    tables = Tables.of({"clocks": Stream(iter(rows), ("case", "stage", "cycle"))})
    assert list(tables.as_json()["clocks"]["rows"]) == in_order(rows)


def test_rows_are_made_when_they_are_asked_for_and_are_what_they_were():
    rows = FrameRows(frames.make_frame(clocks(20), CLOCK_COLUMNS, SHAPE), SHAPE)
    plain = list(rows)
    assert len(rows) == 20 and rows[3] == plain[3] and rows[5:9] == plain[5:9] and rows == plain
    assert json.loads(json.dumps(rows[:])) == plain
    assert rows != plain[:-1]


def test_a_snapshot_of_such_rows_is_the_json_of_all_of_them(monkeypatch):
    monkeypatch.setattr("reports.figures.snapshot.PIECE", 7)
    tables = Tables.of({"clocks": Stream(iter(clocks(30)), ("case", "stage", "cycle"))}).as_json()
    whole = {name: {"columns": part["columns"], "rows": list(part["rows"])} for name, part in tables.items()}
    data = {"tables": tables, "before": {}, "figures": {}}
    assert Packed.of(Snapshot(data)) == Packed.of(Snapshot(data | {"tables": whole}))
    told = json.dumps(data | {"tables": whole}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert Snapshot(data).content.decode() == f"{told}\n"
