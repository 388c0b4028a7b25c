"""No page of the desk asks more with twenty-five rows than with one, and none more than nineteen queries."""

import pytest

from complaints.identity import Identity
from complaints.services import handling
from complaints.services.system import open_identity
from tests.factories import DAY, FRIDAY, HOUR, in_progress, make_agency, make_category, officer_of
from tests.oversight.test_home import raise_to

pytestmark = pytest.mark.django_db
MOST = 19  # the first page without sums asks all of its parts, and where cases and inputs lie that nobody watches
ANI = Identity(name="Ani", email="ani@warga.test")


def fill(sari, start, stop):
    for number in range(start, stop):
        case = in_progress(
            FRIDAY - (number % 8) * DAY,
            make_agency(f"A{number % 13}"),
            identity=ANI,
            is_confidential=True,
            category=make_category(f"c{number % 3}"),
        )
        raise_to(case, 1 + number % 3, due=FRIDAY + number * HOUR)
        open_identity(case.pk, actor=sari, now=FRIDAY, motive="Panggilan polisi")


def queries(open_page, captured_queries, path, **query):
    open_page(path, **query)  # lists of choices are kept for a minute
    with captured_queries(MOST) as captured:
        open_page(path, **query)
    return len(captured)


PAGES = [
    ("", {}),
    ("escalations/", {}),
    ("escalations/", {"state": "all", "agency": "A1"}),
    ("soon/", {}),
    ("oldest/", {}),
    ("agencies/", {}),
    ("search/", {}),
    ("search/", {"q": "jalan", "escalated": "ever", "promise": "ahead"}),
    ("identity/", {}),
]


def test_twenty_five_rows_cost_no_more_queries_than_one(open_page, sari, django_assert_max_num_queries):
    def cost_of_each():
        return {
            f"{path} {query}": queries(open_page, django_assert_max_num_queries, path, **query)
            for path, query in PAGES
        }

    fill(sari, 1, 2)
    one = cost_of_each()
    fill(sari, 2, 26)
    assert cost_of_each() == one


def test_a_long_file_costs_no_more_queries_than_a_short_one(open_page, sari, django_assert_max_num_queries):
    case = in_progress(identity=ANI, is_confidential=True)
    raise_to(case, 2)
    open_identity(case.pk, actor=sari, now=FRIDAY, motive="Panggilan polisi")
    path = f"cases/{case.number}/"
    short = queries(open_page, django_assert_max_num_queries, path)
    for number in range(60):
        handling.add_note(case.pk, actor=officer_of(case), now=FRIDAY, text="Catatan")
        raise_to(case, 3, cause=f"c{number}")
    assert queries(open_page, django_assert_max_num_queries, path) == short
