"""What tests/conftest.py promises to the other tests."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from playwright.sync_api import Page

from complaints.models import Event
from tests.browser import axe_check
from tests.factories import file_complaint, make_city
from tests.shared import shared_data


def test_a_page_without_a_title_or_language_fails_the_accessibility_check(browser_page: Page) -> None:
    browser_page.set_content("<h1>Tuntas</h1><input>")
    with pytest.raises(AssertionError, match="label"):
        axe_check(browser_page)


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
