"""The escalations in a real browser: within reach of everybody, on a phone and on a wide screen."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation, EscalationRule, EscalationState, Trigger
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


@pytest.mark.parametrize("width", [360, 1280])
def test_a_head_gives_what_time_they_may_and_reads_why_not_more(
    new_window: Callable[..., Page], width: int
) -> None:
    EscalationRule.objects.create(trigger=Trigger.SHARE, level=1, amount=50, valid_from=date(2018, 1, 1))
    head = factories.make_user(Role.AGENCY_HEAD)
    factories.in_progress()
    run_sweep(FRIDAY + 17 * DAY)
    waiting = Escalation.objects.get()
    path = reverse("escalation:escalation-detail", args=[waiting.pk])
    page = new_window(width, 900)
    sign_in(page, head, path)
    page.check("[name=decision][value=extend]")
    expect(page.locator("[name=more_days]")).to_have_attribute("max", "10")
    check_page(page)
    ruling = Ruling(Decision.EXTEND, "Menunggu aspal", days=10)
    decide(waiting.pk, actor=head, now=FRIDAY + 17 * DAY, ruling=ruling)
    Escalation.objects.update(state=EscalationState.RAISED, decided_at=None, decision="")
    page.goto(path)
    expect(page.locator("[name=decision][value=extend]")).to_have_count(0)
    expect(page.get_by_text("Dalam putaran ini waktu sudah pernah ditambah")).to_be_visible()
    check_page(page)
