"""The same form sent again, with another ward and one more photo, which is too heavy for a request: in a real browser,
on a phone and on a wide screen. The receipt stays, the change is told and added, the photo is shown once it is safe."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.files import storage
from complaints.files.child import TooHeavy, make_safe
from complaints.models import Area, Complaint
from complaints.services.checking import check_waiting_file
from tests.browser import WINDOWS, check_page
from tests.files.samples import sample
from tests.filing.form import PATH, open_city
from tests.filing.test_journey import fill_in

pytestmark = pytest.mark.django_db(transaction=True)


def heavy(kind: str, source: Path, target: Path, *, later: bool = False, **rest: Any) -> object:
    """What is no PNG is heavy in the request."""
    if kind != "png" and not later:
        raise TooHeavy("too_heavy")
    return make_safe(kind, source, target, later=later, **rest)


def sent_in_another_tab(page: Page) -> str:
    """Fills the form in and looks it over in the window, and sends it in another tab: the receipt code."""
    page.goto(PATH)
    fill_in(page)
    page.locator("button[value=review]").click()
    page.wait_for_url("**/review/**")
    earlier = page.context.new_page()
    earlier.goto(page.url)
    earlier.locator("button[value=send]").click()
    return earlier.locator("#receipt-code").inner_text()


def change(page: Page, photo: Path) -> None:
    page.locator("button[value=edit]").click()
    expect(page.locator("[name=location]")).to_have_value("Depan pasar")
    page.select_option("[name=area]", "53.71.04.1002")
    page.set_input_files("[name=attachments]", str(photo))
    page.locator("button[value=review]").click()
    page.locator("button[value=send]").click()


@pytest.mark.parametrize("width", WINDOWS)
def test_another_ward_and_a_heavy_photo_are_added_to_the_first_report(
    new_window: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: int
) -> None:
    open_city()
    ward = Area.objects.get(code="53.71.04.1001")
    Area.objects.create(code="53.71.04.1002", name="Lasiana", level=Area.Level.WARD, parent=ward.parent)
    monkeypatch.setattr(storage, "make_safe", heavy)
    photo = tmp_path / "tiang.jpg"
    photo.write_bytes(sample("jpg"))
    page = new_window(width, 900)
    code = sent_in_another_tab(page)
    first = Complaint.objects.get()
    token = page.locator("[name=form_token]").input_value()

    change(page, photo)
    expect(page.locator("main dl").first).to_contain_text("Lasiana")
    expect(page.locator("main dl").first).to_contain_text("tiang.jpg")
    expect(page.locator("main .notice").first).to_contain_text(first.number)
    check_page(page, (width,))
    page.locator("button[value=add]").click()
    page.wait_for_url("**/complaints/mine/")
    expect(page.locator(".timeline")).to_contain_text("Lasiana")
    expect(page.locator("main")).to_contain_text("sedang diperiksa")
    assert check_waiting_file(timezone.now()) == 1
    page.reload()
    expect(page.locator("main")).not_to_contain_text("sedang diperiksa")
    expect(page.locator("main")).to_contain_text("tiang.jpg")
    assert (Complaint.objects.get().attachments.count(), Complaint.objects.count()) == (1, 1)

    stranger = new_window(width, 900)
    stranger.goto(PATH)
    stranger.evaluate(f"document.querySelector('[name=form_token]').value = '{token}'")
    fill_in(stranger)
    stranger.locator("button[value=review]").click()
    stranger.locator("button[value=send]").click()
    assert stranger.locator("#receipt-code").inner_text() != code
    expect(stranger.locator("main")).not_to_contain_text(first.number)
