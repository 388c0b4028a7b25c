"""What tests/conftest.py promises to the other tests."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone
from playwright.sync_api import Page

from complaints.models import Event
from tests.browser import FONTS, LIGHT_AND_DARK, axe_check, check_page, fits_check
from tests.factories import file_complaint, make_city
from tests.shared import NOON, shared_data


def test_a_page_without_a_title_or_language_fails_the_accessibility_check(browser_page: Page) -> None:
    browser_page.set_content("<h1>Tuntas</h1><input>")
    with pytest.raises(AssertionError, match="label"):
        axe_check(browser_page)


def test_a_page_that_cannot_be_read_in_the_dark_fails(browser_page: Page) -> None:
    dark = "@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }"
    browser_page.set_content(
        f"<html lang=id><title>T</title><style>{dark}</style><main><h1>T</h1><p>Gelap</p></main>"
    )
    check_page(browser_page)
    with pytest.raises(AssertionError, match="contrast"):
        check_page(browser_page, schemes=LIGHT_AND_DARK)


@pytest.mark.parametrize("wide", ["width: 1290px", "width: 330px", "width: max-content; font-size: 53px"])
def test_a_page_that_scrolls_sideways_somewhere_fails(browser_page: Page, wide: str) -> None:
    browser_page.set_content(f"<body style='margin: 0'><p style='{wide}'>Pertanggungjawaban")
    with pytest.raises(AssertionError, match="<p style"):
        fits_check(browser_page)
    assert browser_page.viewport_size == {"width": 360, "height": 740}


def test_a_page_that_gives_way_fits(browser_page: Page) -> None:
    browser_page.set_content("<body style='margin: 0'><p style='max-width: 1280px'>Pertanggungjawaban")
    fits_check(browser_page)


def test_both_fonts_are_there_and_differ(browser_page: Page) -> None:
    """Where one is missing, a browser takes the next in the list instead."""
    measure = """(font) => {
      const canvas = document.createElement("canvas").getContext("2d")
      return ["monospace", "serif"].map((other) => {
        canvas.font = `20px "${font}", ${other}`
        return canvas.measureText("Pertanggungjawaban 1280").width
      })
    }"""
    narrow, wide = (browser_page.evaluate(measure, font) for font in FONTS)
    assert narrow[0] == narrow[1] < wide[0] == wide[1]


def test_a_window_is_a_phones_unless_told_otherwise(browser_page: Page) -> None:
    assert browser_page.evaluate("innerWidth") == 360


@pytest.mark.viewport(1280, 900)
def test_a_window_has_the_size_it_was_asked_for(browser_page: Page) -> None:
    assert browser_page.evaluate("[innerWidth, innerHeight]") == [1280, 900]


def test_a_breach_of_the_content_policy_is_noticed(browser_page: Page, browser_problems: list[str]) -> None:
    browser_page.goto("/health/")
    browser_page.evaluate("fetch('http://elsewhere.example/').catch(() => 0)")
    assert "Content Security Policy" in browser_problems[0]
    browser_problems.clear()


def test_a_request_that_leaves_the_site_is_noticed(browser_page: Page, browser_problems: list[str]) -> None:
    browser_page.evaluate("fetch('http://elsewhere.example/').catch(() => 0)")
    assert "outside its own origin" in browser_problems[0]
    browser_problems.clear()


def test_the_clock_stands_still() -> None:
    assert timezone.now() == timezone.now() == NOON


def test_a_site_has_the_clock_of_its_browser(browser_page: Page) -> None:
    assert abs(browser_page.evaluate("Date.now()") / 1000 - timezone.now().timestamp()) < 3600


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_database_and_cache(turn: int) -> None:
    assert not Event.objects.exists()
    assert cache.get("turn") is None
    make_city()
    file_complaint()  # writes into the history, which nobody may delete
    cache.set("turn", turn)


@pytest.mark.django_db(transaction=True)
def test_the_history_is_still_guarded_after_a_test_that_emptied_it() -> None:
    make_city()
    file_complaint()
    with pytest.raises(DatabaseError, match="append-only"):
        Event.objects.filter(pk__gt=0)._raw_delete("default")


def test_missing_shared_data_skips_a_test_but_fails_it_under_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-file"):
        shared_data("no-such-file.csv")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-file"):
        shared_data("no-such-file.csv")
