"""The escalations in a real browser: within reach of everybody, on a phone and on a wide screen."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.browser import check_page
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import DAY, FRIDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_supervisor_takes_a_case_away(new_window: Callable[..., Page], width: int) -> None:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=2, valid_from=date(2018, 1, 1))
    case = factories.in_progress(subject="Antrean KTP terlalu lama " * 4)
    run_sweep(FRIDAY + 31 * DAY)
    factories.make_agency("DLHK")
    page = new_window(width, 900)
    sign_in(page, factories.make_user(Role.SUPERVISOR), reverse("escalation:escalation-list"))
    check_page(page)
    page.goto(reverse("escalation:escalation-detail", args=[Escalation.objects.get().pk]))
    expect(page.locator("[name=days]")).to_be_visible()
    expect(page.locator("[name=agency]")).to_be_hidden()
    page.check("[name=decision][value=reassign]")
    expect(page.locator("[name=agency]")).to_be_visible()
    expect(page.locator("[name=days]")).to_be_hidden()
    check_page(page)
    page.select_option("[name=agency]", "DLHK")
    page.fill("[name=words]", "Terlalu lama.")
    page.click("form[action$='/decide/'] button[type=submit]")
    page.wait_for_url("**/staff/escalations/")
    case.refresh_from_db()
    assert case.agency is not None and case.agency.code == "DLHK"
