"""The front page in either language."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


def test_figures_that_are_kept_for_everybody_are_said_in_the_reader_s_language(client: Client) -> None:
    cache.clear()
    factories.resolved()
    said = []
    for language in ("id", "en", "id"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        said.append(client.get("/").content.decode())
    assert ["1 dari 1" in page for page in said] == [True, False, True]
    assert ["1 of 1" in page for page in said] == [False, True, False]
