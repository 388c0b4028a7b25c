"""Questionnaires in a real browser: within everybody's reach, and shown by their rules with and without scripts."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.roles import Role
from complaints.models import Complaint
from config.fixtures import load_surveys
from surveys.questionnaires import editing
from surveys.questionnaires.models import Question
from tests.browser import check_page, open_folds
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import FRIDAY, make_city, make_user, resolved
from tests.surveys.questions import COLOURS, STEPS, make_version, national
from tests.tracking.mine import citizen_of

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]


def test_pages_of_questionnaires_are_accessible_and_fit(new_window: Window) -> None:
    boss = make_user(Role.ADMINISTRATOR)
    draft = editing.copy_version(national(), actor=boss, now=FRIDAY)
    cost = Question.objects.get(section__version=draft, key="cost")
    editing.set_rule(cost, actor=boss, now=FRIDAY, key="requirements", values=["1", "2"])
    page = new_window()
    sign_in(page, boss)
    here = "/staff/surveys/questionnaires/"
    for path in (
        "/staff/surveys/",
        f"{here}new/",
        f"{here}skm/1/",
        f"{here}skm/2/",
        f"{here}skm/2/preview/",
        f"{here}skm/2/questions/{cost.pk}/",
        f"{here}skm/2/questions/{cost.pk}/rule/",
    ):
        page.goto(path)
        open_folds(page)
        check_page(page, (360,), ("light",))
        check_page(page, (1280,), ("dark",))


def test_what_is_not_asked_is_hidden_by_the_script_and_explained_without_it(new_window: Window) -> None:
    version = make_version(
        {"key": "clean", "type": "scale", "options": STEPS},
        {
            "key": "colour",
            "type": "choice",
            "options": COLOURS,
            "show_if_key": "clean",
            "show_if_values": ["1", "2"],
        },
        code="pasar",
    )
    boss = make_user(Role.ADMINISTRATOR)
    where = f"/staff/surveys/questionnaires/pasar/{version.number}/preview/"
    page = new_window()
    sign_in(page, boss, where)
    colour = page.get_by_text("Apa colour?")
    expect(colour).to_be_hidden()
    page.get_by_label("Cukup").click()
    expect(colour).to_be_visible()
    page.get_by_label("Sangat baik").click()
    expect(colour).to_be_hidden()

    plain = new_window(java_script_enabled=False)
    sign_in(plain, boss, where)
    expect(plain.get_by_text("Hanya jika Anda menjawab")).to_be_visible()
    plain.get_by_text("Merah").click()
    plain.get_by_text("Sangat baik").click()
    plain.get_by_role("button", name="Coba").click()
    kept = plain.locator("section.card")
    expect(kept).to_contain_text("Sangat baik")
    expect(kept).not_to_contain_text("Merah")


def test_a_citizen_answers_after_their_report_and_sends_it_back_without_scripts(
    new_window: Window, live_server: LiveServer
) -> None:
    make_city()
    load_surveys()
    case = resolved(timezone.now())
    page = new_window(java_script_enabled=False)
    let_in(page, case, live_server)
    page.goto("/complaints/mine/")
    page.get_by_role("link", name="Jawab pertanyaan").click()
    axe = new_window()
    let_in(axe, case, live_server)
    axe.goto("/complaints/mine/after/")
    check_page(axe, (360,), ("light",))
    check_page(axe, (1280,), ("dark",))
    page.get_by_label("Kurang puas").check()
    page.get_by_label("Tidak", exact=True).check()
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_label("Apa yang belum selesai?").fill("Masih berlubang")
    page.locator("form[action$='/dispute/'] button").click()
    case.refresh_from_db()
    assert case.cycle == 2
    axe.goto("/surveys/after-a-report/")
    check_page(axe, (360,), ("light",))


def let_in(page: Page, case: Complaint, site: LiveServer) -> None:
    """As if the receipt code had just been entered."""
    cookies = citizen_of(case).cookies.values()
    page.context.add_cookies([{"name": one.key, "value": one.value, "url": site.url} for one in cookies])
