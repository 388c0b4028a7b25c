"""The supervisors' desk in a real browser: within reach of everybody, on a phone and on a wide screen."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from complaints.identity import Identity
from complaints.models import EventKind
from complaints.services.system import open_identity
from tests.browser import LIGHT_AND_DARK, WINDOWS, check_page
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import DAY, file_complaint, in_progress, make_agency, make_category, make_user, resolved
from tests.oversight.test_home import raise_to

pytestmark = pytest.mark.django_db(transaction=True)
ANI = Identity(name="Ani", email="ani@warga.test")


@pytest.fixture
def city():
    """Something on every page, as of today."""
    now = timezone.now()
    sari, lena = (make_user(Role.SUPERVISOR, name=name) for name in ("Sari", "Lena"))
    case = in_progress(
        now - 30 * DAY,
        identity=ANI,
        is_confidential=True,
        category=make_category(),
        subject="Antrean KTP terlalu lama " * 4,
    )
    raise_to(case, 2, due=now - DAY, raised_at=now - 3 * DAY)
    raise_to(case, 3, due=now + DAY, raised_at=now - 2 * DAY)
    open_identity(case.pk, actor=lena, now=now - DAY, motive="Permintaan kejaksaan negeri nomor 12")
    for number in range(6):
        resolved(now - (20 + number) * DAY, make_agency("DLHK", name="Dinas Lingkungan Hidup dan Kebersihan"))
    file_complaint(now)
    return sari, case


PAGES = ("", "escalations/", "soon/", "oldest/", "agencies/?period=year", "search/?q=antrean", "identity/")


def test_every_page_is_accessible_and_fits(new_window, city):
    sari, case = city
    page = new_window()
    sign_in(page, sari, "/oversight/")
    for path in (*PAGES, f"cases/{case.number}/"):
        page.goto(f"/oversight/{path}")
        expect(page.locator("h1")).to_be_visible()
        check_page(page, WINDOWS, LIGHT_AND_DARK)


def test_the_desk_works_without_javascript(new_window, city):
    sari, case = city
    page = new_window(1280, 900, java_script_enabled=False)
    sign_in(page, sari, "/oversight/search/")
    page.locator("details.filters > summary").click()
    page.select_option("[name=protected]", "confidential")
    page.locator("details.filters button[type=submit]").click()
    page.get_by_role("link", name="Antrean KTP").click()
    page.locator("#do-audit-note > summary").click()
    page.locator("#do-audit-note a").click()
    page.fill("#audit-note-note", "Jawaban tidak menyebut tanggal")
    page.locator("#do-audit-note button[type=submit]").click()
    expect(page).to_have_url(f"{page.url.split('/oversight')[0]}/oversight/cases/{case.number}/")
    expect(page.get_by_text("Jawaban tidak menyebut tanggal")).to_be_visible()
    assert case.events.filter(kind=EventKind.NOTE_ADDED, data__audit=True).count() == 1
