"""Rows are read and spelled some at a time, and lie as they would if all had been there at once. No database."""

import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby

import brotli
import numpy as np
import pandas as pd
import pytest
from django.conf import settings

from reports.figures import arrays, frames, tables, unpacking
from reports.figures.compute import counted
from reports.figures.counting.places import with_handlers
from reports.figures.counting.sums import Alike
from reports.figures.frames import Columns, Stream
from reports.figures.sheet import Sheet
from reports.figures.snapshot import Snapshot
from reports.figures.stored import StoredTables
from reports.figures.tables import CLOCK_COLUMNS, OF_CASES, Tables, iso
from reports.figures.unpacking import read
from tests.reports.packing import pack
from tests.reports.test_figures import BUILT, PERIOD, made_up, made_up_clocks, tables_of

BY = ("case", "stage", "cycle")
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
    tables = Tables.of({"clocks": Stream(iter(rows), BY)})
    assert list(tables.as_json()["clocks"]["rows"]) == in_order(rows)


def test_rows_that_come_some_cases_at_a_time_lie_as_if_all_had_come_at_once():
    rows, stored = clocks(300), StoredTables()
    cases = sorted(
        {row[0] for row in rows}, key=lambda case: case[::-1]
    )  # as they came: in no order of their names
    for first in range(0, len(cases), 40):
        some = set(cases[first : first + 40])
        frame = Tables.of({"clocks": Stream((row for row in rows if row[0] in some), BY)})["clocks"]
        stored.add(Tables({"clocks": frame}))
    found = stored.as_json()["clocks"]["rows"]
    plain = list(found)
    assert plain == in_order(rows)
    assert len(found) == 300 and found[3] == plain[3] and found[5:9] == plain[5:9]
    whole = {"tables": {"clocks": {"columns": list(CLOCK_COLUMNS), "rows": plain}}, "figures": {}}
    streamed = {"tables": {"clocks": {"columns": list(CLOCK_COLUMNS), "rows": found}}, "figures": {}}
    told = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert Snapshot(streamed).content.decode() == Snapshot(whole).content.decode() == f"{told}\n"
    assert pack(Snapshot(streamed)) == pack(Snapshot(whole))


def test_figures_are_the_same_however_many_cases_come_at_once():
    cases = made_up(5, 120)
    raised = [
        {"case": case["case"], "level": 1, "trigger": "breach", "state": "raised", "decision": ""}
        for case in cases[::7]
    ]
    whole = tables_of(cases, made_up_clocks(5, cases), raised=raised)
    sheet, pieces = (
        Sheet(whole, PERIOD, BUILT, settings.CITY.tz),
        Sheet(whole, PERIOD, BUILT, settings.CITY.tz),
    )
    sheet.add(whole)
    names = whole.cases["case"].tolist()
    for first in reversed(range(0, len(names), 50)):
        some = names[first : first + 50]
        own = {name: whole[name][whole[name]["case"].isin(some)].reset_index(drop=True) for name in OF_CASES}
        pieces.add(Tables(whole.frames | own))
    (in_turn, moved), (at_once, unmoved) = (
        (each._known["hours"].all(), each._order.tolist()) for each in (pieces.cases, sheet.cases)
    )
    assert moved != unmoved and in_turn[moved].tolist() == at_once[unmoved].tolist()
    before = Sheet(Tables.of({}), PERIOD.before(), BUILT, settings.CITY.tz)
    assert counted(pieces, before) == counted(sheet, before)


def test_who_has_which_case_is_the_same_of_rows_and_of_whole_columns():
    """Of whole columns words are kept as numbers."""
    cases, handlers = ["c", "a", "b"], ["x", "z", "y"]
    by_row = Tables.of({"handlers": Stream(zip(cases, handlers, strict=True), ("case",))})
    by_column = Tables.of({"handlers": Columns((arrays.names(cases), handlers), ("case",))})
    assert by_row.as_json() == by_column.as_json()
    frame = pd.DataFrame({"case": arrays.names(cases), "agency": arrays.words(["P", "Q", "P"])})
    for handled, last in ((by_column["handlers"], ("P", "y")), (by_column["handlers"][::2], None)):
        assert with_handlers(frame, handled).tolist() == [("P", "x"), ("Q", "z"), last]


def test_rows_that_are_alike_are_added_up_as_each_by_itself():
    """More marks than one number has bits, and numbers that are large."""
    dice = np.random.default_rng(3)
    marks = [dice.random(400) < (0.5 if n < 6 else 0) for n in range(70)]
    numbers = [dice.integers(0, 2**40, 400), dice.integers(0, 3, 400)]
    places = dice.integers(0, 5, 400)
    for added in (marks, numbers, [*marks, *numbers]):
        found = Alike.of(added).sums(places, 6).tolist()
        assert found == [[int(each[places == place].sum()) for each in added] for place in range(6)]
    assert len(Alike.of(marks).numbers) <= 2**6


def test_words_that_come_as_bytes_are_the_words():
    said = ["resolved", "", "über", "a", "resolved"]
    found = arrays.words_from_bytes("\0".join(said).encode())
    assert list(found) == said == list(arrays.words(said))
    assert found.categories.tolist() == sorted(set(said))
    assert list(arrays.told(str.upper, found)) == ["RESOLVED", "", "ÜBER", "A", "RESOLVED"]


def test_lines_are_cut_where_their_names_begin_otherwise():
    cases = [f"{n // 3:02x}{n:02d}" for n in range(10)]
    told = [None, "2026-01-01T00:00:00.000005", *["2026-01-01T07:00:09"] * 8]
    at = arrays.in_utc(arrays.moments_from_texts(told))
    frame = pd.DataFrame({"case": arrays.names(cases), "ended_at": at})
    (rows,) = tables.spelled(frame)
    parts = list(frames.apart(rows, slice(2, 4)))
    assert [part for part, _lines in parts] == [b"00", b"01", b"02", b"03"]
    assert b"".join(lines for _part, lines in parts) == frames.plain(rows)
    assert parts[0][1].splitlines() == [
        b'["0000",null]',
        b'["0001","2026-01-01T00:00:00.000005Z"]',
        b'["0002","2026-01-01T07:00:09Z"]',
    ]


ODD = [
    ["a],[b", 1, None],
    ["]]", [[1], [2, [3]]], {"n": [[]]}],
    ['"\\', -2.5e3, "ü 😀 \u2028"],
    [],
    ["", True, 12345678901],
] * 3
PLAIN = [["x", n, None] for n in range(40)]


@pytest.mark.parametrize("size", [1, 7, 50, 100_000])
@pytest.mark.parametrize("blanks", [None, 1])
def test_a_snapshot_is_read_in_whatever_pieces_it_comes(size, blanks):
    tables = {name: {"columns": ["a"], "rows": rows} for name, rows in (("b", ODD), ("a", PLAIN), ("c", []))}
    data = {"before": {}, "city": 12, "figures": {"n": [1.5]}, "format": 3, "tables": tables, "zz": 0}
    told = json.dumps(data, sort_keys=True, separators=None if blanks else (",", ":"), indent=blanks).encode()
    found, digest = read(told[n : n + size] for n in range(0, len(told), size))
    rows = {name: table["rows"] for name, table in found["tables"].items()}
    assert {name: list(each) for name, each in rows.items()} == {"a": PLAIN, "b": ODD, "c": []}
    assert [len(each) for each in rows.values()] == [40, 15, 0]
    assert (found["figures"], found["city"], found["zz"]) == ({"n": [1.5]}, 12, 0)
    assert digest == sha256(told).hexdigest()
    for broken in (told[:-1], told + b"x", told[: len(told) // 2], told + b"\xc3", b"[]", b""):
        with pytest.raises(ValueError):  # noqa: PT011 - each in its own way
            read([broken])


def test_what_unpacks_to_more_than_a_snapshot_can_have_is_refused(monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_BYTES", 3 * unpacking.AT_ONCE)
    blanks = b" " * (8 * unpacking.AT_ONCE)
    for packed in (brotli.compress(blanks), gzip.compress(blanks)):
        coming = unpacking.unpacked([packed])
        assert 0 < len(next(coming)) <= 2 * unpacking.AT_ONCE
        with pytest.raises(ValueError, match="more than"):
            list(coming)
