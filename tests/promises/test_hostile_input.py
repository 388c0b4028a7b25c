"""What no browser sends."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests import factories
from tests.promises import people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["a\0b", "KPG-2026-000001-1", "9" * 5000, "' OR 1=1"])
@pytest.mark.parametrize("page", ["recommendation-new", "commitment-new"])
def test_what_is_no_number_of_a_case_is_passed_over(client: Client, page: str, number: str) -> None:
    factories.make_city()
    role = Role.SUPERVISOR if page == "recommendation-new" else Role.AGENCY_HEAD
    client.force_login(people.supervisor() if role == Role.SUPERVISOR else people.head())
    assert client.post(reverse(f"escalation:{page}"), {"case": number}).status_code == 422
