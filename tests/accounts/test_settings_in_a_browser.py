"""A service level says what it would promise before it is saved: in a real browser, on a phone and on a wide screen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.models import ServiceLevel
from complaints.models.policy import Stage
from tests.browser import WINDOWS, check_page
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import make_city, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", WINDOWS)
def test_what_it_would_promise_is_shown_and_nothing_is_saved(new_window, width):
    make_city()
    known = ServiceLevel.objects.count()
    page = new_window(width, 900)
    sign_in(page, make_user(Role.ADMINISTRATOR), "/admin/complaints/servicelevel/add/")
    page.select_option("[name=kind]", "complaint")
    page.fill("[name=valid_from]", f"{day_of(timezone.now()) + timedelta(days=3):%Y-%m-%d}")
    for stage in Stage.values:
        page.fill(f"[name={stage}_amount]", "2")
    page.locator("[name=_preview]").click()
    expect(page.locator(".successnote")).to_contain_text("Belum disimpan")
    expect(page.locator(".results tbody tr")).to_have_count(3)
    expect(page.locator("[name=resolution_amount]")).to_have_value("2")
    check_page(page, (width,))
    assert ServiceLevel.objects.count() == known
