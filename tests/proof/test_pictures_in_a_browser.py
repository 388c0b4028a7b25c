"""From the officer's two pictures to the citizen's page, and how much mail they want: on a phone and on a desk."""

from secrets import token_urlsafe

import pytest
from django.conf import settings
from playwright.sync_api import FilePayload, expect

from complaints.files.likeness import hash_waiting
from complaints.models import Complaint
from complaints.numbers import receipt_from_secret
from complaints.services.system import contact
from tests.browser import WINDOWS, check_page
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import FRIDAY, in_progress, make_category, officer_of
from tests.proof.pictures import again, photo, scene

pytestmark = pytest.mark.django_db(transaction=True)


def picture(name: str, *, bright: bool = False) -> FilePayload:
    found = photo(again(scene(1)) if bright else scene(1))
    return {"name": name, "mimeType": "image/jpeg", "buffer": found.read()}


@pytest.mark.parametrize("width", WINDOWS)
def test_both_pictures_stand_side_by_side_and_what_does_not_fit_beside_them(new_window, width):
    secret = token_urlsafe(24)
    case = in_progress(
        secret=secret, email="ani@tuntas.test", category=make_category("jalan-rusak", needs_evidence=True)
    )
    page = new_window(width, 900)
    sign_in(page, officer_of(case), f"/staff/cases/{case.number}/")
    page.keyboard.press("r")
    page.wait_for_selector("#resolve-answer:focus")
    page.keyboard.type("Lubang ditambal hari Selasa.")
    kept = page.locator("#do-resolve [data-kept-files]")
    page.set_input_files("#resolve-before", picture("semula.jpg"))
    expect(kept).to_contain_text("Sebelum dikerjakan")
    page.set_input_files("#resolve-attachments", picture("selesai.jpg", bright=True))
    expect(kept).to_contain_text("Sesudah dikerjakan")
    page.click("#do-resolve .button-row .button >> nth=0")
    page.wait_for_selector(".notice, .messages")
    hash_waiting(FRIDAY)
    page.reload()
    expect(page.locator(".proof >> nth=1")).to_contain_text("hampir sama dengan foto lainnya")
    check_page(page, (width,))

    page = new_window(width, 900)
    page.goto("/complaints/track/")
    page.fill("[name=receipt]", receipt_from_secret(secret.encode(), settings.RECEIPT_PEPPER))
    page.keyboard.press("Enter")
    page.wait_for_url("**/complaints/mine/")
    for block in page.locator(".sides").all():
        block.scroll_into_view_if_needed()
        before, after = (each.bounding_box() for each in block.locator("img").all())
        assert before["y"] == after["y"] and before["x"] < after["x"]
    expect(page.locator("main")).not_to_contain_text("hampir sama")
    page.locator("summary", has_text="Seberapa banyak email").click()
    page.check("#mail_few_mails")
    check_page(page, (width,))
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_selector(".notice, .messages")
    assert contact(Complaint.objects.get()).few_mails
