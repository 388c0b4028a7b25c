"""Signing in as people do: in a real browser, by keyboard, with an app and with a passkey."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from playwright.sync_api import expect

from accounts.roles import Role
from tests import factories
from tests.browser import check_page
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


def enter(page, email):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def confirm_password(page):
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_pages_of_signing_in_are_accessible(new_window):
    page = new_window()
    for path in ("login/", "password/reset/", "password/reset/done/", "password/reset/key/1-2-3/"):
        page.goto(f"/accounts/{path}")
        check_page(page)
    enter(page, "nobody@kota.example")
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)


def test_with_an_authenticator_app_also_while_others_guess(new_window):
    """On a phone and at a desk, both known by then."""
    user = factories.make_user(Role.VERIFIER)
    page = new_window()
    enter(page, user.email)
    page.goto("/accounts/2fa/")
    check_page(page)
    page.goto("/accounts/2fa/totp/activate/")
    confirm_password(page)
    check_page(page)
    secret = re.findall(r"[A-Z2-7]{32}", page.content())[0]
    page.locator("[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    check_page(page)
    recovery = re.findall(r"\b[0-9a-f]{8}\b", page.locator("main").inner_text())
    other = new_window(1280, 900)
    enter(other, user.email)
    other.wait_for_url("**/accounts/2fa/authenticate/*")
    check_page(other)
    other.locator("[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1)))
    other.keyboard.press("Enter")
    other.wait_for_url("**/staff/**")

    guesses = [Client().post("/accounts/login/", {"login": user.email, "password": "x"}) for _ in range(8)]
    assert guesses[-1].status_code == 429
    for device, code in zip((page, other), recovery, strict=False):
        device.context.clear_cookies(name=re.compile("sessionid"))
        enter(device, user.email)
        device.wait_for_url("**/accounts/2fa/authenticate/*")
        device.locator("[name=code]").fill(code)
        device.keyboard.press("Enter")
        device.wait_for_url("**/staff/**")


def test_with_a_passkey(new_window):
    user = factories.make_user(Role.VERIFIER)
    page = new_window()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    enter(page, user.email)
    page.wait_for_url("**/staff/**")
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/accounts/2fa/**recovery-codes/**")
    page.goto("/accounts/2fa/webauthn/")
    check_page(page)
    page.goto("/accounts/logout/")
    page.locator("main form button[type=submit]").click()
    page.goto("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/staff/**")


def test_the_administrators_pages_keep_to_the_content_policy(new_window):
    """Whatever breaks the policy lands among the window's problems and fails the test."""
    factories.make_city()
    administrator = factories.make_user(Role.ADMINISTRATOR)
    page = new_window(1280, 900)
    enter(page, administrator.email)
    for path in (
        "",
        "accounts/user/",
        "accounts/user/add/",
        "accounts/agency/add/",
        "complaints/officecalendar/",
    ):
        page.goto(f"/admin/{path}")
    page.get_by_role("link", name="Kota", exact=True).click()
    expect(page.locator("#id_holidays-0-on")).to_be_visible()  # the new day stands above the others
    page.locator("#holidays-group .add-row a").click()
    expect(page.locator("#id_holidays-1-on")).to_be_visible()
