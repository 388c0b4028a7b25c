"""What a clerk, a verifier, two officers and a supervisor do in a day, in a real browser, on a phone and on a wide
screen: by keys where there are keys."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.models import Complaint, Draft
from complaints.services import handling
from complaints.states import State
from escalation.ladder.models import EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests.browser import WINDOWS
from tests.desk.test_pages_in_a_browser import PHOTO, sign_in
from tests.factories import (
    DAY,
    FRIDAY,
    PASSWORD,
    file_complaint,
    in_progress,
    make_agency,
    make_category,
    make_city,
    make_user,
    officer_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def done(page):
    expect(page.locator("main .notice.tone-success").first).to_be_visible()
    page.wait_for_load_state()


def send(page, slug):
    """Sends the form of the fold that is open; the page that comes says that it was done."""
    page.locator(f"#do-{slug} .button-row .button").first.click()
    done(page)


def merge_with(page, known):
    """After a look at who may be responsible, and why."""
    page.keyboard.press("a")
    expect(page.locator("#do-assign")).to_contain_text("karena: lampu")
    page.locator("#do-assign > summary").click()  # a letter is no key while the agency is chosen
    page.keyboard.press("g")
    expect(page.locator("#do-merge")).to_contain_text(known.number)
    page.locator("#do-merge form:has([name=into][value]) button").first.click()
    done(page)


@pytest.mark.parametrize("width", WINDOWS)
def test_clerk_and_verifier(new_window, width):
    make_city()
    make_agency("LLAJ", keywords=["lampu*"])
    known = file_complaint(
        category=make_category(), subject="Lampu jalan padam", description="Lampu depan pasar padam."
    )
    page = new_window(width, 900)
    sign_in(page, make_user(Role.CLERK), "/staff/intake/")
    page.fill("[name=subject]", "Lampu pasar padam")
    page.fill("[name=description]", "Lampu depan pasar padam sejak Senin.")
    page.set_input_files("[name=attachments]", PHOTO)
    expect(page.locator("[data-kept-files]")).to_contain_text("bukti.png")
    page.reload()
    expect(page.locator("[name=subject]")).to_have_value("Lampu pasar padam")
    page.locator("[name=category]").fill("jalan rusak")
    page.locator("[name=category]").press("Control+Enter")
    expect(page.locator(".receipt-code")).to_be_visible()
    case = Complaint.objects.exclude(pk=known.pk).get()
    assert [file.name for file in case.attachments.all()] == ["bukti.png"]
    assert not Draft.objects.exists()

    page = new_window(width, 900)
    sign_in(page, make_user(Role.VERIFIER))
    page.fill("#desk-search", "pasar sejak")
    page.keyboard.press("Enter")
    page.locator(f"a[href*='{case.number}']").first.click()
    page.wait_for_url(f"**/staff/cases/{case.number}/**")
    page.keyboard.press("v")
    expect(page.locator("dialog[data-picture-large]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    page.fill("#do-correct [name=subject]", "Lampu pasar mati")
    page.fill("#do-correct [name=reason]", "Judulnya kurang jelas.")
    send(page, "correct")
    merge_with(page, known)
    case.refresh_from_db()
    assert (case.subject, case.state, case.merged_into) == ("Lampu pasar mati", State.MERGED, known)


def tell_how_far_it_is(page):
    """By when it will be done, and the histories from now on with the newest first."""
    page.keyboard.type("Aspal datang hari Senin.")
    page.fill("#do-progress [name=expected_on]", f"{day_of(timezone.now()) + timedelta(days=60):%Y-%m-%d}")
    send(page, "progress")
    page.locator("form:has([name=newest_first]) button").click()
    expect(page.locator(".timeline > li").first).to_contain_text("Aspal datang hari Senin.")


@pytest.mark.parametrize("width", WINDOWS)
def test_officers_and_a_supervisor(new_window, width):
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=2, valid_from=date(2018, 1, 1))
    case = in_progress()
    colleague = make_user(Role.OFFICER, agency=case.agency)
    run_sweep(FRIDAY + 31 * DAY)
    page = new_window(width, 900)
    sign_in(page, officer_of(case), f"/staff/cases/{case.number}/")
    page.keyboard.press("i")
    page.wait_for_selector("#do-progress textarea:focus")
    tell_how_far_it_is(page)
    handling.add_note(case.pk, actor=colleague, now=timezone.now(), text="Alat berat dipesan.")
    page.goto(f"/staff/cases/{case.number}/")
    news = page.locator(".timeline > li", has=page.locator(".badge.tone-info"))
    expect(news).to_contain_text("Alat berat dipesan.")
    page.keyboard.press("h")
    page.locator("#do-hand-on select").select_option(str(colleague.pk))
    send(page, "hand-on")
    page.keyboard.press("n")
    page.wait_for_url("**/staff/cases/**")
    page.goto("/staff/workload/")
    expect(page.get_by_text(colleague.name).first).to_be_visible()
    case.refresh_from_db()
    assert case.handler == colleague
    assert case.events.filter(kind="progress_told", data__has_key="expected_on").exists()

    decide_after_a_sign_out(new_window(width, 900), case)


def decide_after_a_sign_out(page, case):
    sign_in(page, make_user(Role.SUPERVISOR), f"/staff/cases/{case.number}/")
    page.keyboard.press("z")
    page.wait_for_url("**/staff/escalations/*/")
    page.fill("[name=days]", "3")
    page.fill("[name=words]", "Selesaikan minggu ini.")
    expect(page.locator("[data-draft]")).to_be_visible()
    page.context.clear_cookies(name=re.compile("sessionid"))  # as after half an hour
    page.locator("form[action$='/decide/'] .button-row button").click()
    page.wait_for_url("**/accounts/login/**")
    supervisor = User.objects.get(role=Role.SUPERVISOR)
    page.fill("[name=login]", supervisor.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[name=words]")).to_have_value("Selesaikan minggu ini.")
    page.locator("form[action$='/decide/'] .button-row button").click()
    page.wait_for_url("**/staff/escalations/")
    assert not Draft.objects.exists()
