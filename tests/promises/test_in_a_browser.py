"""The pages of promises in a real browser: a whole round between agency and supervisor, within everybody's reach."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.clock.city_time import day_of
from escalation.promises.models.recommendation import Recommendation, RecommendationState
from escalation.promises.services import commitments
from tests import factories
from tests.browser import check_page, open_folds
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import FRIDAY
from tests.promises.people import head, kept, promised, recommended, supervisor

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]


def test_a_recommendation_goes_round_without_javascript(new_window: Window) -> None:
    case = factories.assigned(subject="Loket tutup")
    head()
    boss = new_window(1280, 900, java_script_enabled=False)
    sign_in(boss, supervisor(), f"/staff/cases/{case.number}/")
    boss.locator("a[href*='/recommendations/new/']").click()
    boss.fill("[name=subject]", "Loket")
    boss.fill("[name=findings]", "Loket tutup pukul 14.")
    boss.select_option("[name=maladministration]", "no_service")
    boss.fill("[name=recommended]", "Buka sampai pukul 16.")
    boss.locator("main form button[type=submit]").click()
    expect(boss.locator("h1")).to_have_text("Loket")
    here = boss.url

    agency = new_window(java_script_enabled=False)
    sign_in(agency, head(), "/staff/owed/")
    agency.get_by_role("link", name="Loket").click()
    agency.check("[name=accepts][value=yes]")
    agency.fill("[name=words]", "Sudah dibuka.")
    agency.locator("form[action$='/answer/'] button").click()
    expect(agency.get_by_text("Sudah dibuka.")).to_be_visible()

    boss.goto(here)
    boss.check("[name=verdict][value=complied]")
    boss.fill("#judge-words", "Dilihat di tempat.")
    boss.locator("form[action$='/judge/'] button").click()
    expect(boss.get_by_text("Dilihat di tempat.")).to_be_visible()
    assert Recommendation.objects.get().state == RecommendationState.COMPLIED


def everything() -> dict[str, Any]:
    case = factories.assigned(subject="Loket tutup sebelum waktunya " * 3)
    source, open_row, done = recommended(cases=(case,)), promised(cases=(case,)), promised()
    kept(done)
    now = timezone.now()
    late = promised(days=(day_of(now) - day_of(FRIDAY)).days + 20)
    type(late).objects.filter(pk=late.pk).update(due_on=day_of(now) - timedelta(days=20))
    reported = promised()
    commitments.report(reported.pk, actor=head(), now=FRIDAY, words="Sudah.")
    return {"case": case, "source": source, "open": open_row, "done": done, "reported": reported}


def test_pages_are_accessible_and_fit(new_window: Window) -> None:
    rows = everything()
    people = {
        None: ["/commitments/", f"/commitments/{rows['done'].number}/"],
        head(): [
            "/staff/owed/",
            "/staff/owed/pattern/?days=365",
            f"/staff/commitments/new/?case={rows['case'].number}",
            f"/staff/recommendations/{rows['source'].number}/",
            f"/staff/commitments/{rows['open'].number}/",
        ],
        supervisor(): [
            "/oversight/",
            "/oversight/recommendations/?show=agency",
            "/oversight/commitments/",
            f"/oversight/recommendations/new/?case={rows['case'].number}",
            f"/staff/recommendations/{rows['source'].number}/",
            f"/staff/commitments/{rows['reported'].number}/",
        ],
    }
    for user, paths in people.items():
        page = new_window()
        if user is not None:
            sign_in(page, user)
        for path in paths:
            page.goto(path)
            open_folds(page)
            check_page(page, (360,), ("light",))
            check_page(page, (1280,), ("dark",))
