"""Rounds in a real browser: answered without JavaScript, wiped on the way back, typed by the keyboard, within reach of
everybody."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from surveys.rounds import handing_out, services
from surveys.rounds.models import Response, Round
from tests.browser import check_page, open_folds
from tests.desk.test_pages_in_a_browser import sign_in
from tests.surveys.questions import COLOURS, STEPS, make_version, national
from tests.surveys.rounds.live import asks_now, everything_open, head_of
from tests.surveys.rounds.people import ELEMENTS

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]


@pytest.fixture
def row(live_server: Any) -> Round:
    return asks_now(national())


def test_somebody_answers_on_a_phone_without_javascript(new_window: Window, row: Round) -> None:
    page = new_window(java_script_enabled=False)
    page.goto("/surveys/")
    page.get_by_role("link", name="Jawab").click()
    for element in ELEMENTS:
        page.locator(f"input[name={element}][value='3']").check()
    page.get_by_role("button", name="Kirim jawaban saya").click()
    expect(page.locator("h1")).to_contain_text("Terima kasih")
    assert not page.context.cookies()
    page.reload()
    assert Response.objects.get().answers == dict.fromkeys(ELEMENTS, 3)


def test_on_a_shared_phone_the_way_back_shows_nobodys_answers(browser_page: Page, row: Round) -> None:
    page = browser_page
    page.goto(f"/s/{row.code}/")
    check_page(page)
    page.locator("input[name=time][value='1']").check()
    page.get_by_role("button", name="Kirim jawaban saya").click()
    expect(page.locator("h1")).to_contain_text("Terima kasih")
    check_page(page)
    page.go_back()
    assert page.locator("input:checked").count() == 0
    assert Response.objects.count() == 1


def test_the_pages_are_within_everybodys_reach(new_window: Window, row: Round) -> None:
    gone = asks_now(row.version)
    services.annul_round(gone.pk, actor=head_of(gone), now=everything_open(), reason="Salah pertanyaan.")
    coded = asks_now(row.version, needs_token=True)
    page = new_window(1280, 900)
    sign_in(page, head_of(row), "/staff/surveys/rounds/")
    check_page(page, (360, 1280))
    for path in ("new/", f"{row.code}/", f"{row.code}/paper/", f"{row.code}/import/", f"{coded.code}/"):
        page.goto(f"/staff/surveys/rounds/{path}")
        open_folds(page)
        check_page(page, (360, 1280), ("light", "dark"))
    page.locator("form[action$='/codes/'] button").click()
    expect(page.locator(".code-slip")).to_have_count(50)
    check_page(page, (360, 1280))
    for path in ("/surveys/", "/take-part/", f"/s/{gone.code}/"):
        page.goto(path)
        check_page(page, (360, 1280), ("light", "dark"))


@pytest.mark.viewport(1280, 900)
def test_slips_are_typed_without_touching_the_mouse(browser_page: Page, live_server: Any) -> None:
    version = make_version(
        {"key": "time", "type": "scale", "options": STEPS},
        {"key": "cost", "type": "scale", "options": STEPS},
        {"key": "colour", "type": "choice", "options": COLOURS},
        {"key": "why", "type": "text"},
        published_at=everything_open(),
    )
    row, page = asks_now(version), browser_page
    sign_in(page, head_of(row), f"/staff/surveys/rounds/{row.code}/paper/")
    page.keyboard.type("041")
    page.keyboard.press("Tab")
    page.keyboard.type("30")  # nought: left open on the paper
    page.keyboard.type("2")
    page.keyboard.type("Cepat")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lembar 041")).to_be_visible()
    expect(page.locator("[name=slip_number]")).to_have_value("042")
    page.keyboard.type("44")  # the first question waits already
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lembar 042")).to_be_visible()
    found = {each.slip: each.answers for each in Response.objects.all()}
    # Kept under one spelling: 041 and 41 are the same sheet.
    assert found == {"41": {"time": 3, "colour": "green"}, "42": {"time": 4, "cost": 4}}


def test_a_personal_code_is_typed_as_it_stands_on_the_paper(browser_page: Page, row: Round) -> None:
    coded = asks_now(row.version, needs_token=True)
    (code,) = handing_out.issue_codes(coded.pk, actor=head_of(coded), now=everything_open(), count=1)
    page = browser_page
    page.goto(f"/s/{coded.code}/")
    page.locator("input[name=time][value='4']").check()
    page.get_by_role("button", name="Kirim jawaban saya").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("input[name=time][value='4']")).to_be_checked()
    page.get_by_label("Kode pribadi Anda").fill(code.lower())
    page.get_by_role("button", name="Kirim jawaban saya").click()
    expect(page.locator("h1")).to_contain_text("Terima kasih")
