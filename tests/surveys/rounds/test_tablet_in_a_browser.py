"""The tablet at the counter: wiped after each person, works without network, sends each answer once."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from surveys.rounds import handing_out
from surveys.rounds.models import Channel, Response, Round, Token
from surveys.rounds.tokens import show_code
from tests.browser import check_page, until
from tests.surveys.questions import COLOURS, STEPS, make_version
from tests.surveys.rounds.live import asks_now, everything_open, head_of

pytestmark = [pytest.mark.django_db(transaction=True)]
TABLET = pytest.mark.viewport(800, 1180)


@pytest.fixture
def row(live_server: object) -> Round:
    version = make_version(
        {"key": "time", "type": "scale", "options": STEPS, "element": "time", "text_id": "Seberapa cepat?"},
        {"key": "why", "type": "text", "text_id": "Mengapa?", "show_if_key": "time", "show_if_values": ["1"]},
        {"key": "colour", "type": "choice", "options": COLOURS, "text_id": "Warna apa?"},
        published_at=everything_open(),
    )
    return asks_now(version)


def let_in(page: Page, row: Round) -> None:
    """An officer reads the code to whoever holds the tablet."""
    _device, code = handing_out.add_device(row.pk, actor=head_of(row), now=everything_open(), name="Loket 1")
    page.goto(f"/surveys/counter/{row.code}/")
    page.get_by_label("Kode").fill(show_code(code))
    page.get_by_role("button").last.click()
    expect(page.get_by_role("button", name="Mulai")).to_be_visible()


def ready_for_no_network(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "navigator.serviceWorker.controller !== null")


def answer(page: Page, step: str = "Baik", colour: str = "Biru") -> None:
    page.get_by_role("button", name="Mulai").click()
    page.get_by_text(step, exact=True).click()
    page.locator("form:not([hidden]) [data-next]").click()
    page.get_by_text(colour, exact=True).click()
    page.locator("form:not([hidden]) [data-finish]").click()
    expect(page.locator("[data-thanks]:not([hidden])")).to_be_visible()


def stored(page: Page, count: int) -> None:
    """Once nothing waits any more."""
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert Response.objects.filter(channel=Channel.TABLET).count() == count


@TABLET
def test_a_person_answers_and_the_next_finds_an_empty_form(browser_page: Page, row: Round) -> None:
    page = browser_page
    page.clock.install()
    let_in(page, row)
    check_page(page)
    page.get_by_role("button", name="Mulai").click()
    check_page(page)
    page.get_by_text("Buruk", exact=True).click()
    page.locator("form:not([hidden]) [data-next]").click()
    page.get_by_label("Mengapa?").fill("Nama saya Ani")  # asked only after the worst step
    page.locator("form:not([hidden]) [data-next]").click()
    page.get_by_text("Merah", exact=True).click()
    page.locator("form:not([hidden]) [data-finish]").click()
    expect(page.locator("[data-thanks]:not([hidden])")).to_be_visible()
    stored(page, 1)
    assert Response.objects.get().answers == {"time": 1, "colour": "red"}
    page.clock.fast_forward("00:09")
    expect(page.get_by_role("button", name="Mulai")).to_be_visible()
    page.get_by_role("button", name="Mulai").click()
    assert page.locator("form input:checked").count() == 0
    assert "Ani" not in page.content() and page.locator("textarea").first.input_value() == ""


@TABLET
def test_after_a_minute_without_a_touch_all_is_wiped_and_a_touch_in_time_keeps_it(
    browser_page: Page, row: Round
) -> None:
    page = browser_page
    page.clock.install()
    let_in(page, row)
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))  # a slow machine is no idle visitor
    page.get_by_role("button", name="Mulai").click()
    page.get_by_text("Buruk", exact=True).click()
    page.clock.fast_forward("00:45")
    expect(page.get_by_text(re.compile("Apakah Anda masih di sana"))).to_be_visible()
    page.get_by_text("Seberapa cepat?").first.click()
    page.clock.fast_forward("00:45")
    assert page.locator("form input:checked").count() == 1
    page.clock.fast_forward("00:20")
    expect(page.get_by_role("button", name="Mulai")).to_be_visible()
    assert page.locator("form input:checked").count() == 0
    assert not Response.objects.exists()


@TABLET
def test_nobody_walks_back_to_what_another_has_answered(browser_page: Page, row: Round) -> None:
    page = browser_page
    let_in(page, row)
    page.get_by_role("button", name="Mulai").click()
    page.get_by_text("Buruk", exact=True).click()
    page.go_back()
    expect(page.get_by_role("button", name="Mulai")).to_be_visible()
    assert page.locator("form input:checked").count() == 0
    answer(page)
    page.goto(f"/surveys/counter/{row.code}/")
    page.reload()
    assert page.locator("form input:checked").count() == 0
    expect(page.get_by_role("button", name="Mulai")).to_be_visible()
    stored(page, 1)


@TABLET
def test_without_network_answers_wait_also_over_a_reload_and_are_sent_once(
    browser_page: Page, row: Round
) -> None:
    page = browser_page
    let_in(page, row)
    page.reload()
    ready_for_no_network(page)
    page.context.set_offline(True)
    until(page, "!navigator.onLine")
    answer(page, "Baik")
    page.locator("[data-thanks]:not([hidden]) button").click()
    answer(page, "Cukup", "Hijau")
    expect(page.locator("[data-waiting]")).to_contain_text("2")
    assert not Response.objects.exists()
    kept = page.evaluate(f"localStorage.getItem('later:{row.code}')")
    page.reload()  # which Chromium lets onto the network for a moment
    expect(page.get_by_role("button", name="Mulai")).to_be_visible()  # opens without network
    page.context.set_offline(False)
    stored(page, 2)
    # The tablet went off before it heard that both had arrived, and sends them again.
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"later:{row.code}", kept])
    page.reload()
    stored(page, 2)
    assert Token.objects.count() == 2
    assert {each.answers["colour"] for each in Response.objects.all()} == {"blue", "green"}


@TABLET
def test_a_tablet_that_was_withdrawn_keeps_what_waits_until_it_is_let_in_anew(
    browser_page: Page, browser_problems: list[str], row: Round
) -> None:
    page = browser_page
    let_in(page, row)
    device = row.devices.get()
    handing_out.withdraw_device(row.pk, device.pk, actor=head_of(row), now=everything_open())
    answer(page)
    expect(page.locator("[data-waiting]")).to_contain_text("panggil petugas")
    assert not Response.objects.exists()
    browser_problems.clear()  # that it was refused
    let_in(page, row)
    stored(page, 1)


def test_when_the_network_is_back_the_first_tries_come_soon(browser_page: Page, live_server: object) -> None:
    """Also where the browser says so too early, and where a try was under way that hangs."""
    page = browser_page
    page.clock.install(time=0)
    page.goto("/surveys/")
    page.clock.pause_at(60_000)
    page.evaluate("""() => {
      window.tries = [];
      window.fetch = () => new Promise((well, badly) => { tries.push({ well, badly }); });
    }""")
    page.evaluate((Path(settings.BASE_DIR) / "static/js/send-later.js").read_text())
    page.evaluate("window.later = sendLater('test', '/nowhere/'); later.add({ a: 1 })")

    def tries() -> int:
        return int(
            page.evaluate("new Promise((done) => { Promise.resolve().then(() => done(tries.length)) })")
        )

    fail = "tries.at(-1).badly(new TypeError())"
    assert tries() == 1
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):  # an hour without network
        page.evaluate(fail)
        page.clock.run_for(1000 * seconds - 100)
        before = tries()
        page.clock.run_for(200)
        assert tries() == before + 1
    page.evaluate("dispatchEvent(new Event('online'))")  # while the last try hangs
    page.evaluate(fail)
    assert tries() == 10
    page.evaluate(fail)  # it was too early
    page.clock.run_for(1100)
    assert tries() == 11
    page.evaluate("tries.at(-1).well({ ok: true })")
    until(page, "later.count() === 0")
