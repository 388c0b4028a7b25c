"""Opening hours as people type them."""

from datetime import date

import pytest

from surveys.standards import hours

TWO = [["08:00", "12:00"], ["13:00", "15:00"]]


@pytest.mark.parametrize(
    "typed",
    [
        "08.00-12.00, 13.00-15.00",
        "8-12,13-15",
        "08:00–12:00; 13:00–15:00",
        "8.00 s/d 12.00 dan 13.00 sampai 15.00",
    ],
)
def test_a_day_with_a_break_is_read_however_it_is_typed(typed):
    assert hours.read_day(typed) == TWO


def test_an_empty_day_is_closed():
    assert hours.read_day(" ") == []


@pytest.mark.parametrize(
    "typed", ["pagi", "8", "12-8", "8-12, 11-15", "8-25", "8-12-15", "8.60-9", "1-2,3-4,5-6,7-8,9-10"]
)
def test_what_is_no_row_of_hours_is_refused(typed):
    with pytest.raises(hours.BadHours):
        hours.read_day(typed)


def test_what_is_shown_reads_back_as_the_same():
    assert hours.read_day(hours.day_text(TWO)) == TWO


def test_days_with_the_same_hours_stand_together():
    weekly = {"0": TWO, "1": TWO, "4": [["08:00", "11:00"]]}
    assert hours.runs(weekly) == [(0, 1, TWO), (2, 3, []), (4, 4, [["08:00", "11:00"]]), (5, 6, [])]
    assert hours.of_day(weekly, date(2026, 11, 20)) == [["08:00", "11:00"]]


@pytest.mark.parametrize("weekly", [{"7": TWO}, {"0": [["12:00", "08:00"]]}, {"0": [["8", "12"]]}])
def test_a_file_with_other_hours_is_refused(weekly):
    with pytest.raises(hours.BadHours):
        hours.check(weekly)
