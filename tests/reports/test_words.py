"""How a report names stretches of time, and shares of few."""

from datetime import date

import pytest
from django.utils import translation

from complaints.shares import share_of, share_words
from reports.figures.periods import Period
from reports.pages import words
from reports.pages.frozen import Frozen
from surveys.aftercase.models import Ending

DEC, JAN = (date(2025, 12, 28), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 1, 31))
FEB = (date(2026, 2, 1), date(2026, 2, 28))
WEEK = (date(2026, 12, 28), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("spans", "names"),
    [
        ([DEC, JAN, FEB], ["Dec 2025", "Jan 2026", "Feb"]),
        ([WEEK], ["28 Dec"]),
        ([(DEC[0], DEC[0])], ["28 Dec"]),
        ([], []),
    ],
)
def test_an_axis_names_the_year_where_one_begins(spans, names):
    with translation.override("en"):
        assert words.steps(spans) == names


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (*FEB, "1–28 February 2026"),
        (*WEEK, "28 December 2026 – 3 January 2027"),
        (DEC[0], DEC[0], "28 December 2025"),
    ],
)
def test_a_stretch_says_once_what_both_ends_share(first, last, named):
    with translation.override("en"):
        assert words.span(first, last) == named


def test_against_fewer_than_twenty_numbers_are_said_and_no_percentage() -> None:
    with translation.override("en"):
        assert [share_words(*each) for each in ((0, 0), (3, 7), (18, 19))] == ["", "3 of 7", "18 of 19"]
        assert share_of(1125, 1500) == "75\N{NO-BREAK SPACE}% of 1,500"
        assert [share_of(19, 20), share_of(18, 19)] == ["95\N{NO-BREAK SPACE}% of 20", "18 of 19"]


def test_a_period_of_one_day_is_that_day() -> None:
    with translation.override("en"):
        assert words.period(Period(date(2026, 1, 1), date(2026, 1, 1))) == "1 January 2026"


def test_half_a_year_and_a_quarter_are_called_on_paper_as_on_their_pages() -> None:
    with translation.override("id"):
        assert words.period(Period(date(2026, 7, 1), date(2026, 12, 31))) == "semester II 2026"
        assert words.period(Period(date(2026, 6, 1), date(2026, 11, 30))).startswith("1 Juni 2026")
        assert words.quarter(date(2026, 4, 1)) == "Triwulan II 2026"


def test_how_much_longer_it_took_is_said_in_the_unit_of_the_times() -> None:
    with translation.override("en"):
        assert words.longer(297.6, 270.5) == "+1.1 days"
        assert [words.longer(30.0, 47.0), words.longer(47.0, 49.0)] == ["−17.0 hours", "−0.1 days"]


@pytest.mark.parametrize(
    ("by", "code", "said"),
    [("ending", "auto_closed", "ending"), ("unit", "DLHK", "Environment"), ("whole", "", words.NONE)],
)
def test_what_citizens_said_after_a_case_is_told_of_a_unit_by_its_name(by, code, said):
    figures = {"after_case": [{"by": by, "code": code}]}
    columns = [{"code": "code", "name": {"en": "Unit", "id": "Unit"}, "unit": "code", "group": "after_case"}]
    definition = {"name": {"en": "After", "id": "After"}, "columns": columns}
    labels = {"agency": {"DLHK": {"en": "Environment", "id": "Lingkungan"}}}
    data = {"figures": figures, "definitions": {"after_case": definition}, "labels": labels}
    with translation.override("en"):
        told = Frozen(data).table("after_case", ["code"]).rows[0][0]
        assert told == (str(Ending.AUTO_CLOSED.label) if said == "ending" else said)
