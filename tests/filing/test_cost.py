"""What a visit costs: queries to the database, bytes on the wire, cookies."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from complaints.models import Category
from complaints.public.figures import keep_figures
from tests.filing.form import PATH, filled, minimal, open_city, opened

pytestmark = pytest.mark.django_db

WIRE_BYTES = 60_000


@pytest.fixture(autouse=True)
def city() -> None:
    open_city()


def bytes_of_page(client: Client, path: str) -> int:
    """The page with the style sheets, scripts and pictures that it asks for, uncompressed."""
    page = client.get(path).content
    total = len(page)
    for address in re.findall(r'(?:src|href)="(/[^"]+\.(?:css|js|svg))"', page.decode()):
        plain = urlsplit(address).path
        if plain.startswith("/static/"):
            found = finders.find(plain.removeprefix("/static/"))
            assert isinstance(found, str)
            total += Path(found).stat().st_size
        else:
            total += len(client.get(plain).content)
    return total


def test_the_form_page_is_light_with_fifty_wards_and_a_hundred_choices(client: Client) -> None:
    for number in range(60):
        Category.objects.create(code=f"kategori-{number}", name_id=f"Kategori yang panjang namanya {number}")
    assert bytes_of_page(client, PATH) < WIRE_BYTES


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
    data = opened(client) | filled()
    # Two savepoints of the test's own transaction among them; three ask whether this is the database that was signed.
    with django_assert_max_num_queries(17):
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
