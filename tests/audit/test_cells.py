"""A cell of a CSV is never taken for a formula, and a number stays the number it was."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.csv_out import csv_text, safe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", "%0A", "|x"]
)
def test_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["＝1+1", "＋1", "－1", "＠A1", "  =1", "\u00a0=1", "\u200b=1", "\ufeff@x", '"=1"']
)
def test_neither_wide_signs_nor_what_is_not_seen_hides_one(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"), [("jalan;=1+1", "jalan;'=1+1"), ("a;\t@x", "a;'\t'@x"), ("a\n=1", "a\n'=1")]
)
def test_none_begins_behind_a_separator_of_another_country(text: str, safe: str) -> None:
    assert safe_cell(text) == safe


@pytest.mark.parametrize("text", ["Rabu, -5 derajat", "a=b", "buka 08.00-15.00; tutup Minggu"])
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(max_size=30))
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_are_unrounded_and_may_be_negative(number: float) -> None:
    assert type(number)(safe_cell(number)) == number


def test_none_is_empty_and_commas_and_quotes_come_back() -> None:
    text = csv_text(["a", "b"], [[None, 'one, "two"\nthree']])
    assert list(csv.reader(StringIO(text, newline="")))[1] == ["", 'one, "two"\nthree']
