"""Pages of a round cost the same however many have answered."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from surveys.rounds.models import Channel, Round
from surveys.rounds.services import close_round
from surveys.rounds.storing import Given, store_many
from tests.factories import FRIDAY
from tests.module_rows import ModuleRows
from tests.surveys.rounds.people import TODAY, head, opened, steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared")]


def make_rows() -> Round:
    row = opened(enter_until=TODAY + timedelta(days=22))
    for channel in Channel:
        many = [Given(steps(n % 4 + 1), flags=("straight",) if n % 5 == 0 else ()) for n in range(100)]
        store_many(row, many, channel, now=FRIDAY)
    slips = [Given(steps(2), slip=str(n)) for n in range(1, 60)]
    store_many(row, slips, Channel.PAPER, now=FRIDAY)
    close_round(opened(agency=row.agency, version=row.version).pk, actor=head(), now=FRIDAY)
    return row


@pytest.fixture(scope="module")
def shared(module_rows: ModuleRows) -> Round:
    return module_rows.make(make_rows)


@pytest.fixture
def row(shared: Round, db: None) -> Round:
    return deepcopy(shared)


@pytest.mark.parametrize(
    "path", ["/surveys/", "/s/{}/", "/s/{}/thanks/", "/take-part/", "/surveys/rounds/{}/"]
)
def test_a_public_page_asks_little(
    client: Client, row: Round, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        assert client.get(path.format(row.code)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "{}/",
        "{}/paper/",
        "{}/paper/?last=7",
        "{}/paper/?correct=7",
        "{}/import/",
        "{}/words/",
        "{}/results/",
    ],
)
def test_a_page_of_the_desk_asks_little(
    client: Client, row: Round, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(head())
    client.get("/staff/surveys/rounds/")
    with django_assert_max_num_queries(10):  # four of them sign the person in and count the navigation
        assert client.get("/staff/surveys/rounds/" + path.format(row.code)).status_code == 200


def test_the_share_of_flagged_answers_is_counted_by_kind(client: Client, row: Round) -> None:
    client.force_login(head())
    page = client.get(f"/staff/surveys/rounds/{row.code}/")
    assert [count for _label, count in page.context["progress"].flags] == [120]
    assert page.context["progress"].flagged == 120 and page.context["progress"].answers == 659
