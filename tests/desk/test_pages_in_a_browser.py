"""The desk in a real browser: within reach of everybody, on a phone and on a wide screen."""

import pytest
from playwright.sync_api import FilePayload, expect

from accounts.roles import Role
from complaints.models import Complaint, Draft, StandardReply
from complaints.services import handling, verification
from tests.browser import LIGHT_AND_DARK, WINDOWS, check_page, open_folds
from tests.desk.test_case_page import picture
from tests.factories import (
    FRIDAY,
    PASSWORD,
    assigned,
    awaiting,
    file_complaint,
    in_progress,
    make_agency,
    make_category,
    make_user,
    officer_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO: FilePayload = {"name": "bukti.png", "mimeType": "image/png", "buffer": picture().read()}


def sign_in(page, user, path="/staff/"):
    page.goto(path)
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)


def test_queue_and_case_page_are_accessible(new_window):
    case = file_complaint(category=make_category(), subject="Pertanggungjawabannya" * 4)  # without a gap
    assigned(), awaiting()
    page = new_window(1280, 900)
    sign_in(page, make_user(Role.VERIFIER), "/staff/cases/")
    check_page(page, WINDOWS, LIGHT_AND_DARK)
    page.goto(f"/staff/cases/{case.number}/")
    open_folds(page)
    check_page(page, WINDOWS, LIGHT_AND_DARK)
    page.goto("/staff/cases/?queue=all&state=closed")
    check_page(page, WINDOWS)


def test_an_officers_case_page_and_print_are_accessible(new_window):
    case = in_progress()
    handling.add_note(case.pk, actor=officer_of(case), now=case.received_at, text="Catatan")
    page = new_window()
    sign_in(page, officer_of(case), f"/staff/cases/{case.number}/")
    open_folds(page)
    check_page(page, WINDOWS)
    page.goto(f"/staff/cases/{case.number}/print/")
    check_page(page, WINDOWS)


def test_intake_is_accessible(new_window):
    file_complaint()
    page = new_window(1280, 900)
    sign_in(page, make_user(Role.CLERK), "/staff/intake/")
    check_page(page, WINDOWS)
    page.click("main button[type=submit]")
    page.fill("[name=subject]", "Lampu mati")
    page.fill("[name=description]", "Di depan sekolah.")
    page.click("main button[type=submit]")
    expect(page.locator(".receipt-code")).to_be_visible()
    check_page(page, WINDOWS)


def test_rows_are_ticked_and_assigned_by_keyboard(new_window):
    for _ in range(3):
        file_complaint()
    make_agency("PUPR")
    page = new_window(1280, 900)
    sign_in(page, make_user(Role.VERIFIER), "/staff/cases/")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-checked-count]")).to_have_text("2")
    page.select_option("[name=agency] >> nth=-1", "PUPR")
    page.locator("[formaction$=assign\\/]").press("Enter")
    expect(page.locator("main ul li")).to_have_count(2)
    assert Complaint.objects.filter(state="assigned").count() == 2


def test_a_standard_reply_is_put_in_at_once_with_javascript(new_window):
    case = in_progress()
    StandardReply.objects.create(code="r", use="ask", name_id="Tempat", text_id="Laporan {number}: di mana?")
    page = new_window(1280, 900)
    sign_in(page, officer_of(case), f"/staff/cases/{case.number}/")
    page.click("#do-ask > summary")
    page.fill("#ask-question", "Yth. Ibu, ")
    page.select_option("#reply-ask", "r")
    page.click("#do-ask .reply-picker button")
    expect(page.locator("#ask-question")).to_have_value(f"Yth. Ibu, Laporan {case.number}: di mana?")
    page.click("#do-ask .button-row .button")
    page.wait_for_load_state()
    assert Complaint.objects.get(pk=case.pk).state == "awaiting_citizen"


def test_the_same_without_javascript(new_window):
    case = in_progress()
    StandardReply.objects.create(code="r", use="ask", name_id="Tempat", text_id="Laporan {number}: di mana?")
    page = new_window(1280, 900, java_script_enabled=False)
    sign_in(page, officer_of(case), f"/staff/cases/{case.number}/")
    page.click("#do-ask > summary")
    page.click("#do-ask a")
    page.fill("#ask-question", "Yth. Ibu")
    page.select_option("#reply-ask", "r")
    page.click("#do-ask .reply-picker button")
    expect(page.locator("#ask-question")).to_have_value(f"Yth. Ibu\n\nLaporan {case.number}: di mana?")
    expect(page.locator("#ask-question")).to_be_visible()


@pytest.mark.parametrize("width", WINDOWS)
def test_what_is_typed_and_chosen_outlives_a_reload(new_window, width):
    case = in_progress()
    page = new_window(width, 900)
    sign_in(page, officer_of(case), f"/staff/cases/{case.number}/")
    page.keyboard.press("r")
    page.wait_for_selector("#resolve-answer:focus")
    page.keyboard.type("Lubang ditambal hari Selasa.")
    kept = page.locator("#do-resolve [data-kept-files]")
    page.set_input_files("#resolve-attachments", PHOTO)
    expect(kept).to_contain_text("bukti.png")
    expect(page.locator("#do-resolve [data-draft]")).to_be_visible()
    page.reload()
    expect(page.locator("#do-resolve > summary")).to_contain_text("Konsep")
    page.keyboard.press("r")
    expect(page.locator("#resolve-answer")).to_have_value("Lubang ditambal hari Selasa.")
    expect(kept).to_contain_text("bukti.png")
    check_page(page, (width,))
    page.click("#do-resolve .button-row .button >> nth=0")
    page.wait_for_selector(".notice, .messages")
    assert [file.name for file in Complaint.objects.get(pk=case.pk).attachments.all()] == ["bukti.png"]
    assert not Draft.objects.exists()


def test_a_shared_case_is_accessible_before_and_after_its_parts_are_answered(new_window):
    lead = file_complaint(category=make_category())
    agencies = [make_agency("PUPR"), make_agency("DLHK")]
    verification.assign(
        lead.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, routing=verification.Routing(agencies)
    )
    lead.refresh_from_db()
    part = lead.children.get()
    for case in (lead, part):
        handling.accept(case.pk, actor=officer_of(case), now=FRIDAY, handler=officer_of(case))
    page = new_window()
    sign_in(page, officer_of(lead), f"/staff/cases/{lead.number}/")
    open_folds(page)
    check_page(page, WINDOWS, LIGHT_AND_DARK)
    handling.resolve(part.pk, actor=officer_of(part), now=FRIDAY, answer="Sampah sudah diangkut.")
    page.reload()
    open_folds(page)
    check_page(page, WINDOWS)
