"""The front page in either language, with the figures that the worker counted."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from complaints.public.figures import keep_figures
from tests import factories

pytestmark = pytest.mark.django_db


def page_in(client: Client, language: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get("/").content.decode()


def test_figures_that_are_kept_for_everybody_are_said_in_the_reader_s_language(client: Client) -> None:
    factories.resolved()
    keep_figures(timezone.now())
    said = [page_in(client, language) for language in ("id", "en", "id")]
    assert ["1 dari 1" in page for page in said] == [True, False, True]
    assert ["1 of 1" in page for page in said] == [False, True, False]


def test_a_visitor_never_has_them_counted_and_is_told_when_nobody_did(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    factories.resolved()
    page_in(client, "en")
    with django_assert_max_num_queries(1):
        page = page_in(client, "en")
    assert "have not been counted yet" in page
    assert "Open reports that nobody watches" not in page
    keep_figures(timezone.now())
    page = page_in(client, "en")
    assert "Open reports that nobody watches" in page
    assert "Counted on" in page


def test_figures_that_nobody_counts_any_more_say_so(client: Client) -> None:
    keep_figures(timezone.now() - timedelta(minutes=59))
    assert "Nothing was counted anew" not in page_in(client, "en")
    keep_figures(timezone.now() - timedelta(minutes=61))
    assert "Nothing was counted anew" in page_in(client, "en")
