"""The citizen's whole way in a real browser, from filing to closing, on a phone."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from accounts.roles import Role
from complaints.mail.outbox import send_due
from complaints.models import Complaint
from complaints.services import handling, verification
from complaints.services.verification import Routing
from complaints.states import State
from tests.browser import LIGHT_AND_DARK, WINDOWS, check_page, until
from tests.factories import FRIDAY, in_progress, make_agency, make_user, officer_of
from tests.files.samples import sample
from tests.filing.form import PATH, open_city
from tests.tracking.mine import TRACK

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(transactional_db: None) -> None:
    open_city()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "lampu.jpg"
    path.write_bytes(sample("jpg"))
    return path


def fill_in(page: Page) -> None:
    page.fill("[name=description]", "Lampu di depan pasar mati sejak seminggu.")
    page.select_option("[name=category]", "jalan-rusak")
    page.select_option("[name=area]", "53.71.04.1001")
    page.fill("[name=location]", "Depan pasar")


def enter(page: Page, code: str) -> None:
    page.goto(TRACK)
    page.fill("[name=receipt]", code)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/complaints/mine/")


def ask(case: Complaint) -> None:
    verification.ask_citizen(
        case.pk, actor=make_user(Role.VERIFIER), now=case.received_at, question="Di tiang nomor berapa?"
    )


def answer(case: Complaint) -> None:
    """The city's part: assign, accept, resolve."""
    case.refresh_from_db()
    agency = make_agency()
    officer, now = make_user(Role.OFFICER, agency), case.received_at
    verification.assign(case.pk, actor=make_user(Role.VERIFIER), now=now, routing=Routing([agency]))
    handling.accept(case.pk, actor=officer, now=now, handler=officer)
    handling.resolve(case.pk, actor=officer, now=now, answer="Lampu sudah diganti.")


@pytest.mark.parametrize("width", WINDOWS)
def test_from_filing_to_closing_without_javascript(
    city: None, photo: Path, new_window: Callable[..., Page], width: int
) -> None:
    page = new_window(width, 900, java_script_enabled=False)
    page.goto("/")
    page.locator(f"main a[href='{PATH}']").first.click()
    page.locator("button[value=review]").click()
    expect(page.locator("#id_description_error")).to_be_visible()

    fill_in(page)
    page.set_input_files("[name=attachments]", str(photo))
    page.locator("button[value=review]").click()
    expect(page.locator("main")).to_contain_text("lampu.jpg")
    page.locator("button[value=edit]").click()
    expect(page.locator("[name=location]")).to_have_value("Depan pasar")
    page.fill("[name=location]", "Depan pasar lama")
    page.locator("button[value=review]").click()
    page.locator("button[value=send]").click()
    code = page.locator("#receipt-code").inner_text()
    case = Complaint.objects.get()
    assert (case.location, case.attachments.count()) == ("Depan pasar lama", 1)

    ask(case)
    enter(page, code)
    expect(page.locator("main")).to_contain_text("Di tiang nomor berapa?")
    page.fill("[name=text]", "Tiang nomor 12.")
    page.locator("form[action$='/answer/'] button[type=submit]").click()
    expect(page.locator(".timeline")).to_contain_text("Tiang nomor 12.")

    answer(case)
    page.reload()
    expect(page.locator("main")).to_contain_text("Lampu sudah diganti.")
    page.locator("details:has(form[action$='/confirm/']) summary").click()
    page.locator("form[action$='/confirm/'] input[value='4']").check()
    page.locator("form[action$='/confirm/'] button[type=submit]").click()
    case = Complaint.objects.get()
    assert (case.state, case.rating) == (State.CLOSED, 4)
    page.locator("form[action$='/leave/'] button").click()
    page.wait_for_url(f"**{TRACK}")


@pytest.fixture(scope="module")
def large() -> bytes:
    """A photo as a telephone makes it."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CNRY"
    Image.effect_noise((3000, 1500), 80).convert("RGB").save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def chosen(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize("width", WINDOWS)
def test_a_photo_is_made_smaller_before_it_is_sent_and_chosen_ones_add_up(
    city: None, large: bytes, new_window: Callable[..., Page], width: int
) -> None:
    page = new_window(width, 900)
    page.goto(PATH)
    fill_in(page)
    field = page.locator("[name=attachments]")
    field.set_input_files(
        [chosen("jalan.jpeg", large) | {"mimeType": "image/jpeg"}, chosen("catatan.txt", b"words")]
    )
    expect(page.locator(".file-preview")).to_contain_text("catatan.txt – ")
    expect(page.locator(".file-preview img")).to_have_count(1)
    field.set_input_files(chosen("surat.pdf", sample("pdf")))
    expect(page.locator(".file-preview li")).to_have_count(2)
    look = "async (f) => [f.name, f.size, (await f.text()).includes('Exif')]"
    read = f"async (el) => Promise.all([...el.files].map({look}))"
    (name, size, has_exif), (second, *_rest) = field.evaluate(read)
    assert (name, has_exif, second) == ("jalan.jpg", False, "surat.pdf")
    assert size < len(large) / 2
    page.locator("button[value=review]").click()
    expect(page.locator("main img.files__small")).to_have_count(1)
    assert (
        page.locator("main img.files__small").evaluate("(el) => el.decode().then(() => el.naturalWidth)")
        == 320
    )
    check_page(page, (width,))


def test_every_page_is_accessible_and_none_scrolls_sideways(
    city: None, new_window: Callable[..., Page]
) -> None:
    page = new_window()

    def check() -> None:
        check_page(page, (360,), LIGHT_AND_DARK)

    page.goto("/")
    check()
    page.goto(PATH)
    check()
    page.locator("button[value=review]").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    check()
    fill_in(page)
    page.locator("button[value=review]").click()
    check()
    page.locator("button[value=send]").click()
    check()
    code = page.locator("#receipt-code").inner_text()
    page.goto(TRACK)
    check()
    page.fill("[name=receipt]", "ABCD")
    page.locator("main button[type=submit]").click()
    check()
    case = Complaint.objects.get()
    ask(case)
    enter(page, code)
    check()
    page.fill("[name=text]", "Tiang nomor 12.")
    page.locator("form[action$='/answer/'] button[type=submit]").click()
    check()
    answer(case)
    page.reload()
    for fold in page.locator("summary").all():
        fold.click()
    check()


def test_a_joined_report_is_accessible(city: None, new_window: Callable[..., Page]) -> None:
    page = new_window()
    page.goto(PATH)
    fill_in(page)
    page.locator("button[value=review]").click()
    page.locator("button[value=send]").click()
    code = page.locator("#receipt-code").inner_text()
    mine, main = Complaint.objects.get(), in_progress()
    verification.merge(mine.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, into=main.pk)
    handling.resolve(main.pk, actor=officer_of(main), now=FRIDAY, answer="Sudah ditambal.")
    enter(page, code)
    expect(page.locator("form[action$='/second/']")).to_be_visible()
    check_page(page)


def test_what_was_typed_survives_a_lost_page_but_not_the_receipt(
    city: None, new_window: Callable[..., Page]
) -> None:
    page = new_window()
    page.goto(PATH)
    page.fill("[name=description]", "Lampu mati.")
    page.fill("[name=email]", "ani@example.com")
    page.goto("/")
    page.goto(PATH)
    expect(page.locator("[name=description]")).to_have_value("Lampu mati.")
    expect(page.locator("[name=email]")).to_have_value("")  # who they are is never kept on a device
    expect(page.locator("[data-keep-note]")).to_be_visible()
    page.select_option("[name=category]", "jalan-rusak")
    page.locator("button[value=review]").click()
    page.locator("button[value=send]").click()
    expect(page.locator("#receipt-code")).to_be_visible()
    until(page, "!localStorage.getItem('keep:filing')")
    page.goto(PATH)
    expect(page.locator("[name=description]")).to_have_value("")


def test_the_switch_changes_the_language_and_comes_back(city: None, new_window: Callable[..., Page]) -> None:
    page = new_window(locale="en-GB")
    page.goto(PATH)
    assert page.locator("html").get_attribute("lang") == "id"
    page.locator("button[value=en]").click()
    page.wait_for_url(f"**{PATH}")
    assert page.locator("html").get_attribute("lang") == "en"


def test_an_anonymous_report_leaves_no_cookie_in_the_browser(
    city: None, new_window: Callable[..., Page]
) -> None:
    page = new_window()
    page.goto(PATH)
    fill_in(page)
    page.check("[name=anonymous]")
    page.locator("button[value=review]").click()
    page.locator("button[value=send]").click()
    expect(page.locator("#receipt-code")).to_be_visible()
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).length") == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_back_forward_reload_and_the_other_language_lose_nothing(
    city: None, photo: Path, new_window: Callable[..., Page], width: int
) -> None:
    page = new_window()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(PATH)
    page.fill("[name=name]", "Ani")
    page.set_input_files("[name=attachments]", str(photo))
    page.locator("button[value=review]").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.reload()
    expect(page.locator("main")).to_contain_text("lampu.jpg")
    page.locator("header button[value=en]").click()
    expect(page.locator("h1")).to_have_text("File a report")
    expect(page.locator("[name=name]")).to_have_value("Ani")
    fill_in(page)
    page.locator("[name=location]").press("Enter")
    expect(page.locator("h1")).to_have_text("Look it over, then send")
    page.goto(PATH)
    expect(page.locator("main")).to_contain_text("lampu.jpg")
    page.go_back()
    page.locator("button[value=send]").click()
    code = page.locator("#receipt-code").inner_text()
    page.reload()
    expect(page.locator("#receipt-code")).to_have_text(code)
    page.go_back()
    expect(page.locator("#receipt-code")).to_have_text(code)
    page.goto(TRACK)
    page.fill("[name=receipt]", "ABCD")
    page.locator("main button[type=submit]").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.goto("/")
    page.go_back()
    expect(page.locator("[name=receipt]")).to_be_visible()
    assert Complaint.objects.get().attachments.count() == 1


@pytest.mark.parametrize("width", WINDOWS)
def test_who_lost_the_code_gets_in_by_mail(city: None, new_window: Callable[..., Page], width: int) -> None:
    page = new_window(width, 900)
    page.goto(PATH)
    fill_in(page)
    page.fill("[name=name]", "Ani")
    page.fill("[name=email]", "ani@example.com")
    page.check("[name=recovery]")
    page.locator("button[value=review]").click()
    page.locator("button[value=send]").click()
    page.wait_for_selector("#receipt-code")
    case = Complaint.objects.get()
    page = new_window(width, 900)  # another day, nothing kept
    page.goto(TRACK)
    page.fill("[name=receipt]", case.number)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_text("Ini nomor laporan, bukan kode.").first).to_be_visible()
    page.locator(f"main a[href='{TRACK}lost/']").click()
    page.fill("[name=number]", case.number)
    page.fill("[name=email]", "ani@example.com")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**{TRACK}")
    send_due(timezone.now())
    sent = re.search(r"track/#(\S+)", str(mail.outbox[-1].body))
    assert sent and mail.outbox[-1].to == ["ani@example.com"]
    enter(page, sent[1])
    expect(page.locator("main")).to_contain_text(case.number)
