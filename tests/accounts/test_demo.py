"""The demo city's people: one for each role, two agencies, and a page that says what they are."""

from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.management import call_command

from accounts.demo import DEMO_PASSWORD, make_demo_users
from accounts.models import User
from accounts.roles import STAFF_ROLES
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WARNING = "Anyone can know the password"


def make():
    agencies = [factories.make_agency("PUPR"), factories.make_agency("DLH")]
    return make_demo_users([*agencies, factories.make_agency("INSP", is_oversight=True)])


def test_there_is_somebody_in_each_role_and_in_two_agencies():
    users = make()
    assert {user.role for user in users} == {role.value for role in STAFF_ROLES}
    assert {user.agency.code for user in users if user.agency} == {"PUPR", "DLH", "INSP"}
    assert make() == users
    assert User.objects.count() == len(users)


def test_they_can_sign_in_with_the_password_that_is_printed(client, sign_in):
    users = make()
    said = StringIO()
    call_command("demo_signins", stdout=said)
    for user in users:
        assert user.email in said.getvalue()
    assert DEMO_PASSWORD in said.getvalue()
    validate_password(DEMO_PASSWORD, users[0])
    assert sign_in(client, users[0].email, DEMO_PASSWORD).status_code == 302


def test_the_sign_in_page_says_that_it_is_a_demo_only_when_it_is(client):
    page = "/accounts/login/"
    assert WARNING not in client.get(page, headers={"Accept-Language": "en"}).content.decode()
    make()
    assert WARNING in client.get(page, headers={"Accept-Language": "en"}).content.decode()


def test_a_real_installation_prints_nothing():
    cache.clear()
    said = StringIO()
    call_command("demo_signins", stdout=said)
    assert said.getvalue() == ""
