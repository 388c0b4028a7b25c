"""From an office's file to its cases under /admin/, in a real browser, on a phone and on a wide screen."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from complaints.importing.runs import work_imports
from complaints.models import Complaint
from tests.browser import WINDOWS, check_page
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import make_city, make_user
from tests.importing.files import GOOD, HEADINGS, OPEN
from tests.importing.workbooks import xlsx

pytestmark = pytest.mark.django_db(transaction=True)
BAD = "3,someday,,,Bin,Full,Works,,,web,open"
ROWS = [["REKAP PENGADUAN 2026"], [], *(row.split(",") for row in (HEADINGS, GOOD, OPEN, BAD))]


def go_on(page):
    page.locator("#content-main .submit-row .default").click()


@pytest.mark.parametrize("width", WINDOWS)
def test_a_spreadsheet_becomes_cases_step_by_step(new_window, width):
    make_city()
    page = new_window(width, 900)
    sign_in(page, make_user(Role.ADMINISTRATOR), "/admin/complaints/importrun/add/")
    sheet = {"name": "rekap.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx({"Januari": ROWS})}
    page.set_input_files("[name=file]", sheet)
    page.fill("[name=source]", "meja_lama")
    check_page(page, (width,))
    go_on(page)
    expect(page.locator("#content-main > p").first).to_contain_text("baris 3")
    for field, heading in (
        ("id", "no"),
        ("received_at", "opened"),
        ("subject", "title"),
        ("state", "status"),
    ):
        page.select_option(f"[name={field}]", heading)
    check_page(page, (width,))
    go_on(page)
    page.select_option("[name=state-0]", "closed")
    page.select_option("[name=state-1]", "in_progress")
    check_page(page, (width,))
    go_on(page)
    expect(page.locator("#content-main")).to_contain_text("Deep hole")
    expect(page.locator("#content-main .errornote")).to_contain_text("someday")
    check_page(page, (width,))
    go_on(page)
    expect(page.locator("#content-main")).to_contain_text("Menunggu")
    assert not Complaint.objects.exists()
    while work_imports(timezone.now()):
        pass
    page.reload()
    expect(page.locator("#content-main table")).to_contain_text("someday")
    check_page(page, (width,))
    with page.expect_download() as lines:
        page.locator("#content-main a[href$='/lines/']").click()
    assert "someday" in lines.value.path().read_text(encoding="utf-8-sig")
    states = dict(Complaint.objects.values_list("source_id", "state"))
    assert states == {"1": "closed", "2": "in_progress"}
