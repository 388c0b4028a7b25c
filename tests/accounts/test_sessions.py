"""How long somebody stays signed in, and what ends it at once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from time_machine import travel

from accounts.models import User
from accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/accounts/2fa/"  # a page for whoever is signed in
MINUTE = timedelta(minutes=1)


def is_in(client):
    return client.get(PAGE).status_code == 200


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    assert is_in(client)
    return user


def test_half_an_hour_without_a_request_signs_out(client, officer):
    start = timezone.now()
    with travel(start + 29 * MINUTE, tick=False):
        assert is_in(client)
    with travel(start + 58 * MINUTE, tick=False):
        assert is_in(client)
    with travel(start + 89 * MINUTE, tick=False):
        answer = client.get(PAGE)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
        page = client.get(answer["Location"])
        assert [str(message) for message in page.context["messages"]]


def test_twelve_hours_sign_out_however_busy_somebody_was(client, officer):
    start = timezone.now()
    for minute in range(20, 12 * 60, 20):
        with travel(start + minute * MINUTE, tick=False):
            assert is_in(client)
    with travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert not is_in(client)


def test_a_session_that_has_run_out_is_none_and_its_key_is_not_used_again(client, officer):
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(client)
    client.force_login(officer)
    assert is_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != old


def test_who_is_renamed_is_so_at_their_next_request(client, officer):
    for name in ("Oka", "Oka Nalle"):
        User.objects.filter(pk=officer.pk).update(name=name)
        assert client.get(PAGE).context["user"].name == name


def test_the_time_is_a_setting(client, officer, settings):
    settings.STAFF_IDLE_MINUTES = 5
    with travel(timezone.now() + 6 * MINUTE, tick=False):
        assert not is_in(client)


def test_a_session_is_not_written_at_every_request(client, officer, django_assert_max_num_queries):
    client.get(PAGE)
    with django_assert_max_num_queries(50) as counted:
        client.get(PAGE)
    assert not [query for query in counted if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_a_closed_account_is_out_at_the_next_request_and_its_session_is_gone(client, officer):
    officer.close()
    assert not is_in(client)
    assert not Session.objects.exists()


def test_however_it_was_closed(client, officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert not is_in(client)


def test_a_session_from_before_does_not_come_back_with_the_account(client, officer):
    officer.close()
    officer.is_active = True
    officer.save()
    assert not is_in(client)


@pytest.mark.parametrize(
    "changed", [{"role": Role.AGENCY_HEAD}, {"role": Role.VERIFIER, "agency": None}, {"agency": "other"}]
)
def test_another_role_or_agency_ends_the_session(client, officer, changed):
    if changed.get("agency") == "other":
        changed = {"agency": factories.make_agency("DLH")}
    User.objects.filter(pk=officer.pk).update(**changed)
    assert not is_in(client)


def test_another_password_ends_every_other_session(client, officer):
    other = Client()
    other.force_login(officer)
    officer.set_password("a-completely-new-one")
    officer.save()
    assert not is_in(client)
    assert not is_in(other)


def test_the_session_gets_a_new_key_at_sign_in(client, sign_in):
    client.get("/accounts/login/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client, factories.make_user(Role.VERIFIER).email)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_signing_out_kills_the_session_on_the_server_and_empties_the_browser(client, officer):
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post("/accounts/logout/")
    assert answer.status_code == 302
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = old
    assert not is_in(stolen)


def test_signing_out_needs_a_click_on_the_button(client, officer):
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")


@pytest.mark.parametrize("path", [PAGE, "/accounts/login/", "/accounts/password/change/"])
def test_personal_pages_are_kept_nowhere(client, officer, path):
    assert "no-store" in client.get(path)["Cache-Control"]


def test_a_stranger_gets_no_session(client):
    client.get("/accounts/login/")
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_what_has_ended_stays_ended_when_the_clock_goes_back(client, officer):
    start = timezone.now()
    with travel(start + 31 * MINUTE, tick=False):
        assert not is_in(client)
    with travel(start + MINUTE, tick=False):
        assert not is_in(client)
        assert not Session.objects.filter(session_data__contains="_auth").exists()
