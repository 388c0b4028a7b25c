"""Signing in by the city's identity provider: a real one runs beside the test and is asked over HTTP."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client, RequestFactory
from oidc_provider_mock import run_server_in_thread
from pytest_django.fixtures import Settings

from accounts import oidc
from accounts.models import User
from accounts.roles import Role
from config.deploy_checks import refused
from tests import factories

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),  # the provider's own
]
LOGIN = "/accounts/oidc/city/login/"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with run_server_in_thread(access_token_max_age=timedelta(minutes=5)) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def provider(server: str, settings: Settings) -> str:
    app = {
        "provider_id": "city",
        "name": "Kota Kupang",
        "client_id": "tuntas",
        "secret": "s" * 20,
        "settings": {"server_url": server},
    }
    settings.OIDC_SERVER_URL = server
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return server


Enter = Callable[..., Any]


@pytest.fixture
def enter(provider: str, client: Client) -> Enter:
    """Signs in there as `sub` with these claims, and comes back; the answer to that."""

    def sign_in(sub: str, path: str = LOGIN, **claims: Any) -> Any:
        requests.put(f"{provider}/users/{sub}", json=claims, timeout=5).raise_for_status()
        there = client.get(path)
        assert there.status_code == 302
        back = requests.post(there["Location"], data={"sub": sub}, allow_redirects=False, timeout=5)
        came = urlsplit(back.headers["Location"])
        return client.get(f"{came.path}?{came.query}")

    return sign_in


def officer(email: str = "oka@kupang.example") -> User:
    return factories.make_user(Role.OFFICER, factories.make_agency("PUPR"), email=email)


def is_in(client: Client) -> bool:
    return client.get("/staff/cases/").status_code == 200


def test_who_has_an_account_comes_in_and_keeps_their_role(enter: Enter, client: Client) -> None:
    user = officer()
    page = client.get("/accounts/login/?next=/staff/cases/").content.decode()
    assert f'href="{LOGIN}?next=%2Fstaff%2Fcases%2F"' in page
    answer = enter(
        "u-1", f"{LOGIN}?next=/staff/cases/", email="Oka@Kupang.example", email_verified=True, role="admin"
    )
    assert (answer.status_code, answer["Location"]) == (302, "/staff/cases/")
    assert is_in(client)
    user.refresh_from_db()
    assert user.role == Role.OFFICER
    known = SocialAccount.objects.get(user=user)
    assert (known.uid, known.extra_data) == ("u-1", {})


@pytest.mark.parametrize("verified", [False, None, "false", 0])
def test_an_address_that_nobody_verified_opens_no_account(
    verified: Any, enter: Enter, client: Client
) -> None:
    officer()
    claims = {} if verified is None else {"email_verified": verified}
    assert enter("u-1", email="oka@kupang.example", **claims).status_code == 403
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_nobody_signs_up(enter: Enter, client: Client) -> None:
    answer = enter("u-2", email="stranger@kupang.example", email_verified=True)
    assert answer.status_code == 403
    assert not User.objects.exists()
    assert not is_in(client)


def test_a_closed_account_stays_closed(enter: Enter, client: Client) -> None:
    user = officer()
    claims = {"email": user.email, "email_verified": True}
    user.close()
    assert enter("u-1", **claims).status_code == 403
    user.is_active = True
    user.save()
    enter("u-1", **claims)
    assert is_in(client)
    client.post("/accounts/logout/")
    user.close()
    assert enter("u-1", **claims)["Location"] == "/accounts/inactive/"
    assert not is_in(client)


def test_an_address_that_was_given_to_another_opens_nothing(enter: Enter, client: Client) -> None:
    user = officer()
    enter("u-1", email=user.email, email_verified=True)
    client.post("/accounts/logout/")
    assert enter("u-9", email=user.email, email_verified=True).status_code == 403
    assert enter("u-1", email="other@kupang.example", email_verified=True).status_code == 403
    assert not is_in(client)


def test_nobody_links_an_account_by_hand(enter: Enter, client: Client) -> None:
    """Who is signed in would bring along a name of the provider that is somebody else's."""
    user = officer()
    client.force_login(user)
    answer = enter("u-7", f"{LOGIN}?process=connect", email="else@kupang.example", email_verified=True)
    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_the_second_step_is_asked_for_all_the_same(enter: Enter, client: Client, settings: Settings) -> None:
    user = officer()
    claims = {"email": user.email, "email_verified": True}
    settings.STAFF_TWO_STEP_REQUIRED = True
    enter("u-1", **claims)
    assert client.get("/staff/cases/")["Location"] == "/accounts/2fa/"
    client.post("/accounts/logout/")
    TOTP.activate(user, generate_totp_secret())
    assert enter("u-1", **claims)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)


def test_who_was_invited_counts_as_somebody_who_can_sign_in(enter: Enter) -> None:
    user = officer()
    user.set_unusable_password()
    user.save()
    enter("u-1", email=user.email, email_verified=True)
    user.refresh_from_db()
    assert user.has_usable_password()


def test_who_is_moved_or_closed_while_they_come_in_stays_so() -> None:
    user = officer()
    link, request = SimpleNamespace(connect=lambda request, user: user.save()), RequestFactory().get("/")
    User.objects.filter(pk=user.pk).update(name="Moved", role=Role.VERIFIER, agency=None)
    assert oidc.link(request, link, user)  # as they were read before
    user = User.objects.get(pk=user.pk)
    assert (user.name, user.role, user.agency) == ("Moved", Role.VERIFIER, None)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not oidc.link(request, link, user)


def test_without_a_provider_there_is_none(client: Client, settings: Settings) -> None:
    assert client.get(LOGIN).status_code == 404
    assert LOGIN not in client.get("/accounts/login/").content.decode()
    settings.OIDC_SERVER_URL = "http://sso.kupang.example"
    assert "E010" in {number for number, *_ in refused()}


def test_a_broken_answer_is_said_and_opens_nothing(provider: str, client: Client) -> None:
    answer = client.get("/accounts/oidc/city/login/callback/?code=x&state=y")
    assert "/accounts/login/" in answer.content.decode()
    assert not is_in(client)
