"""Typing in what came by telephone, at the counter, by letter."""

import html
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import expect

from accounts.roles import Role
from complaints.models import Area, Attachment, Complainant, Complaint
from complaints.numbers import normalise_receipt, receipt_digest
from tests.factories import DAY, FRIDAY, HOUR, PASSWORD, make_category, make_city, make_user
from tests.files.samples import upload

SECRET = "a" * 32


@pytest.fixture
def clerk(db):
    make_city()
    return make_user(Role.CLERK)


@pytest.fixture
def enter(client, clerk):
    """`enter(**fields)` sends the form on Friday at eleven."""

    def send(**fields):
        base = {
            "secret": SECRET,
            "channel": "letter",
            "received_on": "2026-11-20",
            "subject": "Lampu mati",
            "description": "Di depan sekolah.",
        }
        with time_machine.travel(FRIDAY, tick=False):
            client.force_login(clerk)
            return client.post("/staff/intake/", base | fields)

    return send


def test_a_saved_report_shows_number_and_code_and_keeps_what_the_pile_shares(enter, clerk, settings):
    Area.objects.create(code="W1", level="ward", name="Oesapa")
    response = enter(area="W1", name="Ani", phone="0812 000 111")
    case = Complaint.objects.get()
    code = response.context["receipt"]["code"]
    symbols = normalise_receipt(code)
    assert symbols
    assert case.receipt_digest == receipt_digest(symbols, settings.RECEIPT_PEPPER)
    assert (case.entered_by, case.channel, str(case.area)) == (clerk, "letter", "Oesapa")
    fresh = response.context["form"]
    assert (fresh["channel"].value(), fresh["received_on"].value(), fresh["area"].value()) == (
        "letter",
        "2026-11-20",
        "Oesapa",
    )
    assert not fresh["subject"].value()
    assert not fresh["name"].value()
    assert fresh["secret"].value() != SECRET


def test_the_code_is_in_that_one_answer_only(enter, client):
    code = enter().context["receipt"]["code"]
    assert code not in client.get("/staff/intake/").content.decode()
    assert code not in str(dict(client.session))


def test_the_same_form_sent_twice_makes_one_report_with_one_code(enter):
    assert enter().context["receipt"]["code"] == enter().context["receipt"]["code"]
    assert Complaint.objects.count() == 1


def test_a_letter_that_came_earlier_counts_from_then(enter):
    enter(received_on="2026-11-16", received_time="09:15")
    assert Complaint.objects.get().received_at == (FRIDAY - 4 * DAY).replace(hour=1, minute=15)


@pytest.mark.parametrize(
    "fields",
    [
        {"received_on": "2026-11-21"},
        {"received_time": "11:01"},
        {"received_on": "2025-01-01"},
        {"received_on": "soon"},
        {"subject": ""},
        {"channel": "web"},
        {"category": "no-such"},
        {"kind": "no-such"},
        {"phone": "call me"},
        {"email": "a@b.example\nBcc: c@d.example"},
        {"is_anonymous": "on", "name": "Ani"},
        {"secret": "short"},
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(enter, fields):
    response = enter(**({"description": "Sudah lama begini."} | fields))
    assert response.status_code == 400
    assert not Complaint.objects.exists()
    assert "Sudah lama begini." in response.content.decode()


def test_state_agency_and_the_like_cannot_be_sent_along(enter):
    enter(state="closed", agency="1", handler="1", number="X", version="9", is_live="0")
    case = Complaint.objects.get()
    assert (case.state, case.agency, case.handler, case.is_live) == ("submitted", None, None, True)


def test_an_anonymous_caller_leaves_no_name(enter):
    enter(is_anonymous="on")
    assert not Complainant.objects.exists()


@pytest.fixture
def wards(db):
    north, south = (
        Area.objects.create(code=c, level="district", name=n) for c, n in (("U", "Utara"), ("S", "Selatan"))
    )
    for code, name, district in (
        ("W1", "Oesapa", north), ("W2", "Oesapa Barat", north), ("W3", "Oesapa Selatan", north),
        ("W4", "Naikoten", north), ("W5", "Naikoten", south),
    ):  # fmt: skip
        Area.objects.create(code=code, level="ward", name=name, parent=district)


@pytest.mark.parametrize(
    ("typed", "ward"),
    [
        ("Oesapa", "W1"),
        ("oesapa  BARAT", "W2"),
        ("Oesapa Barat, Utara", "W2"),
        ("Naikoten, Selatan", "W5"),
        ("W3", "W3"),
        ("", ""),
    ],
)
def test_a_ward_that_is_typed_in_full_is_that_ward(enter, wards, typed, ward):
    assert enter(area=typed).status_code == 200
    area = Complaint.objects.get().area
    assert (area.code if area else "") == ward


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("Naikoten", "Naikoten, Selatan; Naikoten, Utara"), ("Oes", "Oesapa, Utara; Oesapa Barat"),
     ("barat", "Oesapa Barat"),
     ("Penfui", "“Penfui” is not on the list"), ("--", "is not on the list")],
)  # fmt: skip
def test_what_fits_several_or_none_is_asked_and_kept_as_typed(enter, client, wards, typed, asked):
    client.cookies["django_language"] = "en"
    answer = enter(area=typed)
    assert asked in html.unescape(answer.content.decode()) and f'value="{typed}"' in answer.content.decode()
    assert not Complaint.objects.exists()


def scan(name="surat.jpg"):
    return upload("jpg", name=name)


@pytest.mark.long
def test_the_scan_of_the_letter_becomes_a_file_of_the_report(enter):
    enter(attachments=scan())
    file = Complaint.objects.get().attachments.get()
    assert (file.name, file.is_public, file.is_personal) == ("surat.jpg", True, True)


@pytest.mark.long
def test_a_scan_stays_while_the_form_is_put_right_unless_it_is_left_out(enter):
    first = enter(attachments=scan(), subject="")
    assert first.status_code == 400
    assert [file.name for file in first.context["form"].kept] == ["surat.jpg"]
    assert enter(attachments=scan("lain.jpg"), area="Tidak ada").context["form"].kept
    enter()
    assert Complaint.objects.get().attachments.count() == 1  # the same picture is not taken twice
    other = {"secret": "b" * 32}
    (kept,) = enter(attachments=scan(), subject="", **other).context["form"].kept
    enter(drop=kept.key, **other)
    assert not Complaint.objects.latest("pk").attachments.exists()


@pytest.mark.long
@time_machine.travel(FRIDAY, tick=False)
def test_a_report_half_typed_is_there_when_its_form_is_opened_again(enter, client):
    """Also its scan; a window that lost it to another says so."""
    enter(attachments=scan(), subject="", name="Ani")
    again = client.get("/staff/intake/").context["form"]
    assert (again["description"].value(), again["name"].value()) == ("Di depan sekolah.", "Ani")
    assert [file.name for file in again.kept] == ["surat.jpg"]
    assert enter(kept=again.kept[0].key).context["form"].errors["attachments"]  # the window from before
    enter(kept=again.kept[0].key, secret=again["secret"].value())
    assert Complaint.objects.get().attachments.count() == 1
    assert not client.get("/staff/intake/").context["form"].draft


def test_what_is_no_scan_is_refused_and_makes_no_report(enter):
    answer = enter(attachments=SimpleUploadedFile("surat.jpg", b"<script>"))
    assert answer.status_code == 400 and answer.context["form"].errors["attachments"]
    assert not Complaint.objects.exists() and not Attachment.objects.exists()


@pytest.mark.long
@pytest.mark.parametrize("hidden", ["is_anonymous", "is_confidential"])
def test_the_scan_does_not_tell_the_agency_who_is_not_to_be_known(enter, hidden):
    assert enter(attachments=scan(), **{hidden: "on"}).status_code == 400
    assert not Complaint.objects.exists()
    assert enter(**{hidden: "on", "is_covered": "on"}).status_code == 200
    assert Complaint.objects.get().attachments.get().name != "surat.jpg"


@pytest.mark.parametrize(("later", "mine", "count"), [(HOUR, True, 1), (HOUR, False, 0), (DAY, True, 0)])
def test_todays_entries_are_the_clerks_own(enter, clerk, later, mine, count):
    enter()
    reader, someone = Client(), clerk if mine else make_user(Role.CLERK)
    with time_machine.travel(FRIDAY + later, tick=False):
        reader.force_login(someone)
        assert len(reader.get("/staff/intake/").context["entries"]) == count


@pytest.mark.viewport(1280, 900)
@pytest.mark.django_db(transaction=True)
def test_a_pile_is_typed_without_touching_the_mouse(browser_page):
    make_city()
    make_category()
    clerk = make_user(Role.CLERK)
    browser_page.goto("/staff/intake/")
    browser_page.fill("[name=login]", clerk.email)
    browser_page.fill("[name=password]", PASSWORD)
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("[name=channel]")).to_be_focused()
    keys, chosen = browser_page.keyboard, ""
    for number in range(2):
        if number == 0:
            browser_page.locator("[name=channel]").press("End")
            chosen = browser_page.locator("[name=channel]").input_value()
            browser_page.locator("[name=subject]").focus()
        # after the first, typing goes on with the words of the next
        expect(browser_page.locator("[name=subject]")).to_be_focused()
        keys.type(f"Lampu {number} mati")
        keys.press("Tab")
        keys.type("Di depan sekolah.")
        browser_page.locator("[name=description]").press("Tab")
        expect(browser_page.locator("[name=category]")).to_be_focused()
        keys.type("jalan rusak")
        browser_page.locator("[name=location]").press("Control+Enter" if number else "Enter")
        expect(browser_page.locator(".receipt-code")).to_have_text(re.compile(r"^(\w{4}-){4}\w{4}$"))
        assert browser_page.locator("[name=channel]").input_value() == chosen
    assert Complaint.objects.count() == 2
    assert {case.category.code for case in Complaint.objects.all()} == {"jalan-rusak"}
