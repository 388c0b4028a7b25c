"""The poster of a counter: asked for on the page of its service, and the address on it opens the form filled in. In a
real browser, on a phone and on a wide screen."""

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from reports.documents.models import Document
from tests.browser import WINDOWS, check_page
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import make_agency, make_city, make_user
from tests.reports.test_the_poster import counter

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_asked_for_and_leads_to_the_form_with_service_and_place(new_window):
    make_city()
    counter()
    head = make_user(Role.AGENCY_HEAD, make_agency("DUKCAPIL"))
    for width in WINDOWS:
        page = new_window(width, 900)
        sign_in(page, head, "/staff/standards/ktp-el/")
        page.locator("form[action$='/poster/loket-ktp/'] button").click()
        page.wait_for_url("**/staff/documents/**")
        check_page(page, (width,))
        visitor = new_window(width, 900)
        visitor.goto("/c/loket-ktp/ktp-el/")
        expect(visitor.locator("[name=service]")).to_have_value("ktp-el")
        expect(visitor.locator("[name=location]")).to_have_value("Loket KTP, Lantai 1, kiri")
    assert Document.objects.count() == 1  # one paper while it waits
