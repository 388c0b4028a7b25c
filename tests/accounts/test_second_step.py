"""The second step of signing in: an authenticator app, recovery codes, and where it is compulsory."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client

from accounts.roles import STAFF_ROLES, Role
from complaints.mail.account_messages import password_link
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def code_of(secret, step=0):
    counter = int(time.time()) // 30 + step
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def vera():
    return factories.make_user(Role.VERIFIER, email="vera@kota.example")


def set_up_app(client):
    """Sets up the authenticator app through the pages, and returns its secret."""
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    if page.request["PATH_INFO"] != "/accounts/2fa/totp/activate/":
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.status_code == 302, done.context["form"].errors
    return secret


def test_with_the_app_a_password_alone_does_not_get_in(client, vera, sign_in):
    sign_in(client, vera.email)
    secret = set_up_app(client)
    fresh = Client()
    answer = sign_in(fresh, vera.email)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert fresh.get("/admin/").status_code == 302
    assert "_auth_user_id" not in fresh.session
    assert fresh.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    entered = fresh.post("/accounts/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert (entered.status_code, entered["Location"]) == (302, "/staff/")


def test_someone_who_came_by_a_password_link_can_set_up_a_second_step(client, vera, sign_in):
    path = password_link(vera).removeprefix(settings.BASE_URL)
    page = client.get(path, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    sign_in(client, vera.email)
    set_up_app(client)
    assert Authenticator.objects.filter(user=vera, type=Authenticator.Type.TOTP).exists()


def test_codes_cannot_be_guessed_one_after_the_other(client, vera, sign_in):
    sign_in(client, vera.email)
    set_up_app(client)
    fresh = Client()
    sign_in(fresh, vera.email)
    pages = [fresh.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"}) for n in range(8)]
    errors = [str(page.context["form"].errors) for page in pages]
    assert errors[-1] != errors[0]  # refused without looking
    assert "_auth_user_id" not in fresh.session


def test_a_recovery_code_gets_in_once(client, vera, sign_in):
    sign_in(client, vera.email)
    set_up_app(client)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    first, second = Client(), Client()
    sign_in(first, vera.email)
    assert first.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    sign_in(second, vera.email)
    assert second.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200


def test_secrets_lie_encrypted(client, vera, sign_in):
    sign_in(client, vera.email)
    secret = set_up_app(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not re.search(r"[A-Z2-7]{32}", stored)


def test_pages_of_the_second_step_ask_for_the_password_again(client, vera):
    client.force_login(vera)
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_where_it_is_compulsory_nothing_else_is_reachable_without_it(client, settings, role):
    settings.STAFF_TWO_STEP_REQUIRED = True
    client.force_login(factories.make_user(role))
    for path in ("/", "/staff/", "/admin/", "/oversight/", "/complaints/track/", "/reports/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/"), path
        assert client.post(path).status_code == 302
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/health/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302


def test_with_it_the_way_is_free(client, vera, settings, sign_in):
    settings.STAFF_TWO_STEP_REQUIRED = True
    sign_in(client, vera.email)
    set_up_app(client)
    assert client.get("/admin/").status_code == 302
    assert (
        client.get("/admin/", follow=True).status_code == 403
    )  # let through, to be told of the missing right


def test_citizens_are_never_asked(client, settings, django_assert_num_queries):
    settings.STAFF_TWO_STEP_REQUIRED = True
    client.get("/health/")  # that the ledger stands is asked once in ten seconds
    with django_assert_num_queries(1):  # the health check's own
        assert client.get("/health/").status_code == 200
    assert client.get("/accounts/login/").status_code == 200
