"""The pages of results in a real browser: within everybody's reach, on a phone and at a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.roles import Role
from surveys.index.services import enter_published
from tests import factories
from tests.browser import check_page, open_folds
from tests.desk.test_pages_in_a_browser import sign_in
from tests.surveys.index.test_pages import NOW, make_rows
from tests.surveys.index.typing import some_typed

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]


def test_pages_are_accessible_and_fit(new_window: Window) -> None:
    make_rows()
    boss = factories.make_user(Role.SUPERVISOR)
    for typed in some_typed():
        enter_published(typed, actor=boss, now=NOW)
    public = [
        "/surveys/results/",
        "/surveys/rounds/CCCC1111/",
        "/surveys/rounds/BBBB1111/",
        "/surveys/published/",
    ]
    desk = [
        "/staff/surveys/results/",
        "/staff/surveys/rounds/CCCC1111/results/",
        "/staff/surveys/results/published/",
    ]
    for user, paths in ((None, public), (boss, desk)):
        page = new_window()
        if user is not None:
            sign_in(page, user)
        for path in paths:
            page.goto(path)
            open_folds(page)
            check_page(page, (360,), ("light",))
            check_page(page, (1280,), ("dark",))
