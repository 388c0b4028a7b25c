"""script/check_city_time.py finds each way in which the day in the city was once spelled, and nothing in the tree."""

import runpy
from pathlib import Path

import pytest
from django.conf import settings

CHECK = runpy.run_path(str(Path(settings.BASE_DIR) / "script" / "check_city_time.py"))


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("on = case.received_at.date()", ".date()"),
        ("on = (moment - 3 * DAY).date()", ".date()"),
        ("number = make_number(prefix, case.received_at.year, pk)", ".year"),
        ("same = (first.month, first.day)", ".month"),
        ("if moment.weekday() == 0: pass", ".weekday()"),
        ("on = date.today()", "date.today"),
        ("on = datetime.date.today()", "date.today"),
        ("now = datetime.now(UTC)", "datetime.now"),
        ("now = datetime.datetime.now()", "datetime.now"),
        ("at = timezone.localtime(now)", "localtime"),
        ("from django.utils.timezone import localdate", "localdate"),
        ("at = now.astimezone(settings.CITY.tz)", "CITY.tz"),
    ],
)
def test_a_day_taken_from_a_moment_is_found(source, word):
    assert (1, word) in list(CHECK["spellings"](source))


@pytest.mark.parametrize(
    "source",
    [
        "now = timezone.now()",
        "on = day_of(now)",
        "text = words.day(first)",
        "on = date(2027, 1, 1)",
        "on = date.fromisoformat(text)",
        "zone = self.tz",
        "hour = part.weekday",
    ],
)
def test_what_takes_no_day_from_a_moment_passes(source):
    assert list(CHECK["spellings"](source)) == []


def test_nowhere_else_is_a_day_taken_from_a_moment():
    assert list(CHECK["wrong"]()) == []
