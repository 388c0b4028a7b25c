"""What the tests of signing in share."""

import pytest
from django.test import Client

from tests.factories import PASSWORD


@pytest.fixture
def sign_in():
    """Signs in through the real page; returns the response to the password."""

    def enter(client: Client, email: str, password: str = PASSWORD, **options):
        data = {"login": email, "password": password} | options.pop("data", {})
        return client.post("/accounts/login/", data, **options)

    return enter
