"""A supervisor's pages at a moment that the test chooses."""

import pytest
import time_machine

from accounts.models import User
from accounts.roles import Role
from tests.factories import FRIDAY, HOUR, make_user


@pytest.fixture
def sari():
    return make_user(Role.SUPERVISOR, name="Sari")


@pytest.fixture
def open_page(client, sari):
    """`open_page("soon/", now=…, user=…, **query)` opens a page of the desk, as Sari unless told."""

    signed_in: list[User] = []

    def get(path="", now=FRIDAY + HOUR, user=None, status=200, **query):
        with time_machine.travel(now, tick=False):
            if signed_in != [user or sari]:  # signing in asks the database too
                client.force_login(user or sari)
                signed_in[:] = [user or sari]
            response = client.get(f"/oversight/{path}", query)
        assert response.status_code == status, path
        return response

    return get
