"""Columns of printed tables: no word of a header is broken, no number runs into the next."""

import re

import pytest

from reports.pages.widths import HEAD_LETTER, LETTER, PAGE, widths

INDONESIAN = [
    ("Unit", False),
    ("Sampai", False),
    ("Responden", True),
    ("Sampel yang diperlukan", True),
    ("Persentase sampel yang menjawab", True),
    ("Indeks", True),
    ("Batas bawah", True),
    ("Mutu", False),
]
ROW = [
    "Dinas Pekerjaan Umum dan Penataan Ruang",
    "30 Oktober 2026",
    "271",
    "269",
    "100,7%",
    "75,27",
    "74,13",
    "C",
]


@pytest.mark.parametrize("columns", [2, 5, 8])
def test_each_word_of_a_header_and_each_number_has_room(columns):
    heads, row = INDONESIAN[:columns], ROW[:columns]
    found, is_tight = widths(heads, [row])
    assert sum(found) == pytest.approx(100, abs=0.1) and not is_tight
    for width, (words, is_number), cell in zip(found, heads, row, strict=True):
        room = width / 100 * PAGE
        assert room >= max(map(len, words.split())) * HEAD_LETTER
        assert not is_number or room >= len(cell) * LETTER


def test_with_too_many_columns_heads_are_smaller_and_names_give_way_first():
    heads = [*INDONESIAN, *[("Dilaksanakan sebagian", True)] * 3]
    found, is_tight = widths(heads, [[*ROW, "1", "0", "4 dari 15"]])
    assert is_tight and sum(found) == pytest.approx(100, abs=0.1)
    assert min(found) > 2


def test_heads_are_smaller_where_names_would_stand_a_word_to_a_line():
    said = "Terlambat Diingkari Diperiksa Sedang-diperiksa Dilaporkan Persentase Ditepati-terlambat Jumlah"
    heads, cells = [("Instansi", False), *((words, True) for words in said.split())], ["0"] * 8
    assert not widths(heads, [["Dinas Sosial", *cells]])[1]
    name = "Perumda Air Minum Tirta Bening Lontar Kota Kupang"
    found, is_tight = widths(heads, [[name, *cells]])
    assert is_tight and found[0] / 100 * PAGE > len(name) * LETTER / 3


def test_a_table_without_rows_has_columns_too():
    found, _is_tight = widths([("Hal", False), ("Jumlah", True)], [[], ()])
    assert re.fullmatch(r"[\d.]+", str(found[0])) and sum(found) == pytest.approx(100, abs=0.1)
