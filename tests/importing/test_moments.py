"""Dates as other systems write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaints.importing.moments import as_read, parse_moment

WITA = ZoneInfo("Asia/Makassar")
FORMATS = ("iso", "%d %b %Y %H:%M:%S", "%d/%m/%Y")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-05 08:00:30", datetime(2026, 1, 5, 0, 0, 30, tzinfo=UTC)),
        ("2026-01-05T08:00:30+07:00", datetime(2026, 1, 5, 1, 0, 30, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 4, 16, tzinfo=UTC)),
        ("23 Sep 2024 00:41:43", datetime(2024, 9, 22, 16, 41, 43, tzinfo=UTC)),
        ("8 Mei 2024 12:00:00", datetime(2024, 5, 8, 4, tzinfo=UTC)),
        ("8 May 2024 12:00:00", datetime(2024, 5, 8, 4, tzinfo=UTC)),
        ("17 Agustus 2024 10:00:00", datetime(2024, 8, 17, 2, tzinfo=UTC)),
        ("17 Agt 2024 10:00:00", datetime(2024, 8, 17, 2, tzinfo=UTC)),
        ("1 Desember 2024 10:00:00", datetime(2024, 12, 1, 2, tzinfo=UTC)),
        (" 31/12/2024 ", datetime(2024, 12, 30, 16, tzinfo=UTC)),
    ],
)
def test_a_date_is_the_wall_clock_of_its_zone(text, moment):
    assert parse_moment(text, FORMATS, WITA).at == moment


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "31 Feb 2024 10:00:00", "2024-13-01", "0001-01-01", "9999-12-31", "5 Foo 2024 1:00:00"],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any of the ways in which no date is found
        parse_moment(text, FORMATS, WITA)


@pytest.mark.parametrize("pattern", ["%A, %d %B %Y", "%a %d %b %Y", "%d %B %Y"])
def test_whole_names_of_months_and_weekdays_may_stand_in_a_format(pattern):
    assert parse_moment("Senin, 5 Januari 2026", (as_read(pattern),), WITA).at == datetime(
        2026, 1, 4, 16, tzinfo=UTC
    )
