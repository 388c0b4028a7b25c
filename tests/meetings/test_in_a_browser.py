"""The pages of a meeting in a real browser: notes without network, the code behind the # of a link, and the look."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.forums.meetings import codes
from surveys.forums.meetings.models.minutes import Minutes
from surveys.forums.meetings.services import announcing, attending, minutes, signing
from surveys.forums.models import Forum, InputWords
from tests import factories
from tests.browser import WINDOWS, check_page, open_folds
from tests.meetings.people import guest, head, officer, plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


def under_way(title: str = "Jam buka loket") -> Forum:
    """A meeting that began a moment ago, by the clock of the machine."""
    factories.make_city()
    now = timezone.now()
    begins = now + timedelta(seconds=30)
    values = plan(title=title).values | {"starts_at": begins, "ends_at": begins + timedelta(minutes=20)}
    made = announcing.Plan(**values)
    forum = announcing._store(made, officer(), now)
    return announcing.announce(forum.pk, actor=officer(), now=now)


def signed_in(window: Page, client: Client, base: str, user: Any) -> Page:
    client.force_login(user)
    cookies: list[Any] = [
        {"name": name, "value": morsel.value, "url": base} for name, morsel in client.cookies.items()
    ]
    window.context.add_cookies(cookies)
    return window


def test_lines_typed_without_network_survive_a_reload_and_are_stored_once(
    new_window: Callable[..., Page], live_server: Any, client: Client, browser_problems: list[str]
) -> None:
    forum = under_way()
    page = signed_in(new_window(), client, live_server.url, officer())
    url = f"/staff/forums/{forum.code}/notes/"
    page.goto(url)
    page.evaluate("navigator.serviceWorker.ready")
    field = page.get_by_label("What is said")
    field.fill("Baris pertama")
    field.press("Enter")
    first = page.locator("[data-lines] li").first
    expect(first).to_contain_text("MSK-")
    check_page(page, widths=WINDOWS)
    page.context.set_offline(True)
    for words in ("Baris kedua", "Baris ketiga"):
        field.fill(words)
        field.press("Enter")
    expect(page.locator("[data-waiting]")).to_contain_text("2")
    page.reload()  # which Chromium lets onto the network for a moment
    expect(page.locator("[data-lines] li").first).to_contain_text("Baris")
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-lines] li")).to_have_count(3)
    assert sorted(InputWords.objects.values_list("text", flat=True)) == [
        "Baris kedua",
        "Baris ketiga",
        "Baris pertama",
    ]
    browser_problems[:] = [each for each in browser_problems if "ERR_INTERNET_DISCONNECTED" not in each]


def test_the_code_of_a_mailed_link_reaches_no_server_before_its_owner_sends_it(browser_page: Page) -> None:
    forum = under_way()
    row = attending.be_there(forum, forum.attendance_code, guest(), now=timezone.now(), secret="b" * 32)
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    code = codes.shown(row.nonce)
    browser_page.goto(f"/forums/yours/#{code}")
    expect(browser_page.get_by_label("Your code")).to_have_value(code)
    assert code not in browser_page.url
    browser_page.get_by_role("button", name="Go on").click()
    expect(browser_page.get_by_role("heading", name="Jam buka loket")).to_be_visible()
    assert not [url for url in asked if code in url.partition("#")[0]]


def test_every_page_is_within_reach_and_no_wider_than_its_window(
    new_window: Callable[..., Page], live_server: Any, client: Client
) -> None:
    forum = under_way()
    now = timezone.now()
    attending.invite(forum.pk, [guest("Ani", "ani@contoh.test")], actor=officer(), now=now)
    attending.type_list(forum.pk, [guest("Beni")], actor=officer(), now=now, secret="c" * 32)
    over = forum.ends_at + timedelta(minutes=1)
    announcing.close(forum.pk, actor=officer(), now=over)
    draft = minutes.Draft("Loket.", [minutes.Agreed("Loket buka sampai sore", forum.agency)])
    minutes.write(forum.pk, draft, actor=officer(), now=over)
    minutes.circulate(forum.pk, actor=officer(), now=over)
    who = forum.attendances.get()
    minutes.object_to(who, "Bukan begitu.", now=over, secret="d" * 32)
    signing.name_representative(forum.pk, actor=officer(), now=over, name="Cici", capacity="warga")
    coming = under_way("Forum berikutnya")
    public = new_window()
    paths = [
        "/forums/",
        "/take-part/",
        "/forums/yours/",
        f"/forums/{forum.code}/",
        f"/forums/{forum.code}/minutes/",
    ]
    paths += [f"/forums/{coming.code}/{part}" for part in ("", "register/", "here/", "questions/")]
    for path in paths:
        public.goto(path)
        open_folds(public)
        check_page(public, widths=WINDOWS)
    desk = signed_in(new_window(1280, 900), client, live_server.url, head())
    for part in ("", "people/", "minutes/", "minutes/write/", "wall/"):
        desk.goto(f"/staff/forums/{forum.code}/{part}")
        open_folds(desk)
        check_page(desk, widths=WINDOWS)
    for path in ("/staff/forums/", "/staff/forums/new/"):
        desk.goto(path)
        check_page(desk, widths=WINDOWS)
    assert Minutes.objects.filter(forum=forum).exists()
