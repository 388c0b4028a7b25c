"""What a visit costs: queries to the database, bytes on the wire, cookies."""

import gzip
import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from complaints.models import Category
from complaints.public.figures import keep_figures
from complaints.public.forms.filing import FilingForm
from tests.filing.form import PATH, filled, minimal, open_city, opened

pytestmark = pytest.mark.django_db

WIRE_BYTES, MOST_REQUESTS = 20_000, 4


@pytest.fixture(autouse=True)
def city() -> None:
    open_city()


def on_the_wire(client: Client, path: str) -> list[int]:
    """Bytes of the page and of each style sheet, script and picture that it asks for, as a browser is sent them."""
    page = client.get(path, headers={"accept-encoding": "gzip, br"})
    text = gzip.decompress(page.content).decode()
    files = re.findall(r'(?:src|href)="(/[^"]+\.(?:css|js|svg))"', text)
    answers = [page, *(client.get(file, headers={"accept-encoding": "gzip, br"}) for file in files)]
    assert all(answer.status_code == 200 for answer in answers)
    return [len(answer.content) for answer in answers]


def test_the_form_page_is_light_with_fifty_wards_and_a_hundred_choices(client: Client) -> None:
    for number in range(60):
        Category.objects.create(code=f"kategori-{number}", name_id=f"Kategori yang panjang namanya {number}")
    sizes = on_the_wire(client, PATH)
    assert (sum(sizes) < WIRE_BYTES, len(sizes) <= MOST_REQUESTS) == (True, True), sizes


def test_the_form_asks_the_database_nothing_once_it_is_known(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(PATH)
    with django_assert_num_queries(0):
        client.get(PATH)


def test_each_visitor_gets_tokens_of_their_own() -> None:
    first, second = opened(Client()), opened(Client())
    assert first["form_token"] != second["form_token"]
    assert first["csrfmiddlewaretoken"] != second["csrfmiddlewaretoken"]


def test_the_kept_form_speaks_the_readers_language(client: Client) -> None:
    assert "Jalan rusak" in client.get(PATH).content.decode()
    client.cookies["django_language"] = "en"
    assert "Damaged road" in client.get(PATH).content.decode()


def test_a_submission_costs_the_same_however_full_the_form_is(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):  # from then on a connection knows the statements
        assert client.post(PATH, opened(client) | filled()).status_code == 201
    data = opened(client) | filled()
    # Two savepoints of the test's own transaction among them. PostgreSQL is asked for keys, calendars and one of the
    # mails of the day in one message, and takes case, clocks, event, words, who it was and the mail in another.
    with django_assert_max_num_queries(4 if connection.vendor == "postgresql" else 15):
        assert client.post(PATH, data).status_code == 201


def test_the_front_page_asks_nothing_twice_and_sets_no_cookie(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.post(PATH, minimal())
    client.cookies.clear()
    client.get("/")
    with django_assert_num_queries(1):  # the row of figures
        answer = client.get("/")
    assert not answer.cookies


def test_the_front_page_shows_services_with_agency_and_promise(client: Client) -> None:
    keep_figures(timezone.now())
    client.cookies["django_language"] = "en"
    page = client.get("/").content.decode()
    assert "Identity card" in page
    assert "3 working days" in page
    assert "Open reports that nobody watches" in page


def test_the_form_of_one_visitor_leaves_nothing_in_that_of_the_next(client: Client) -> None:
    """Forms that only judge share their fields."""
    wrong = client.post(PATH, filled() | {"category": "", "service": "", "step": ""})
    assert wrong.status_code == 422
    assert "Jalan rusak" in wrong.content.decode()  # the lists are offered again
    blank = FilingForm.base_fields["category"].widget
    assert list(getattr(blank, "choices", ())) == []
