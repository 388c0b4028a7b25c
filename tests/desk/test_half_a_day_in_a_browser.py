"""A verifier's half-day in a real browser, on a phone and on a wide screen: lists of one's own, a colleague who is
told of a note, several reports merged and rejected at once; and an officer's minutes and answers, which outlive the
session."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from complaints.models import Complaint, Draft, Message, SavedView
from surveys.forums.meetings.services import announcing
from surveys.forums.models import ForumInput
from tests.browser import PHONE, WINDOWS, check_page
from tests.desk.test_a_day_in_a_browser import done, send
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import PASSWORD, file_complaint, make_city, make_reason, make_user
from tests.meetings.people import officer, plan
from tests.voices.people import said

pytestmark = pytest.mark.django_db(transaction=True)


def tick(page, *cases):
    for case in cases:
        page.check(f"input[name=cases][value^='{case.number}@']")
    expect(page.locator("[data-checked-count]")).to_have_text(str(len(cases)))


def open_bulk(page, slug):
    button = page.locator(f"[formaction$='/bulk/{slug}/']")
    if not button.is_visible():
        page.locator("details.bulk__action", has=button).locator("summary").click()
    return button


def own_list(page):
    return page.get_by_role("navigation", name="Daftar Anda")


def merge_all_but_the_first(page, main, *others):
    page.goto("/staff/cases/?q=lampu")
    open_bulk(page, "merge")
    page.fill("#bulk-into", main.number)
    expect(page.locator("form[data-once] [data-draft]")).to_be_visible()
    page.reload()
    expect(page.locator("#bulk-into")).to_have_value(main.number)
    check_page(page, (page.viewport_size["width"],))
    tick(page, main, *others)
    page.locator("[formaction$='/bulk/merge/']").click()
    page.wait_for_url("**/bulk/merge/")
    expect(page.locator("main ul").first).to_contain_text(others[-1].number)
    expect(page.locator("main ul").last).to_contain_text(main.number)


def reject_a_list(page, *cases):
    page.goto("/staff/cases/")
    own_list(page).get_by_role("link").click()
    tick(page, *cases)
    open_bulk(page, "reject").click()  # nothing said yet
    page.select_option("[name=reason]", "spam")
    page.fill("[name=words]", "Laporan ini hanya berisi iklan.")
    check_page(page, (page.viewport_size["width"],))
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main ul li")).to_have_count(len(cases))
    assert not Draft.objects.exists()


@pytest.mark.parametrize("width", WINDOWS)
def test_a_verifiers_own_list_a_colleague_and_many_at_once(new_window, width):
    now, _reason = timezone.now(), make_reason()
    main, *others = (file_complaint(now, subject=f"Lampu pasar {n}") for n in ("padam", "mati", "gelap"))
    adverts = [file_complaint(now, subject=f"Jual pulsa {n}") for n in (1, 2)]
    colleague = make_user(Role.VERIFIER, name="Dewi")
    page = new_window(width, 900)
    sign_in(page, make_user(Role.VERIFIER), "/staff/cases/?q=pulsa")
    page.fill("#view-name", "Iklan")
    page.keyboard.press("Enter")
    expect(own_list(page).get_by_role("link")).to_have_text(re.compile(r"Iklan\s+2"))

    page.goto(f"/staff/cases/{main.number}/")
    page.keyboard.press("o")
    page.locator("#do-note textarea").fill("Tiang ini milik siapa?")
    page.locator("#do-note").get_by_label("Dewi").check()
    send(page, "note")
    assert Message.objects.get(template="mentioned", complaint=main).user == colleague

    merge_all_but_the_first(page, main, *others)
    reject_a_list(page, *adverts)
    page.goto("/staff/cases/")
    expect(own_list(page).get_by_role("link")).to_have_text(re.compile(r"Iklan\s+0"))
    own_list(page).get_by_role("link").click()
    page.get_by_role("button", name="Iklan").click()
    expect(own_list(page)).to_have_count(0)
    states = dict(Complaint.objects.values_list("subject", "state"))
    assert sorted(states.values()) == ["merged"] * 2 + ["rejected"] * 2 + ["submitted"]
    assert states[main.subject] == "submitted" and not SavedView.objects.exists()


def see_the_navigation(page):
    if page.viewport_size["width"] == PHONE[0]:  # there the rest of it is folded, and open it has to fit too
        page.locator(".site-nav__more summary").click()
    expect(page.locator(".site-nav li").last).to_be_visible()


def come_back(page, user):
    page.wait_for_url("**/accounts/login/**")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", WINDOWS)
def test_minutes_and_an_answer_outlive_the_session(new_window, width):
    make_city()
    now, user = timezone.now(), officer()
    times = {"starts_at": now + timedelta(seconds=30), "ends_at": now + timedelta(minutes=20)}
    forum = announcing.announce(announcing._store(plan(**times), user, now).pk, actor=user, now=now)
    announcing.close(forum.pk, actor=user, now=now + timedelta(minutes=21))
    row = said(forum, "Loket tutup terlalu awal.", now)
    page = new_window(width, 900)
    sign_in(page, user, f"/staff/forums/{forum.code}/minutes/write/")
    see_the_navigation(page)
    page.fill("[name=summary]", "Warga meminta loket buka sampai sore.")
    page.fill("[name=title-1]", "Loket buka sampai pukul 16")
    expect(page.locator("[data-draft]")).to_be_visible()
    check_page(page, (width,))
    page.context.clear_cookies(name=re.compile("sessionid"))  # as after half an hour
    page.locator("main .button-row button").first.click()
    come_back(page, user)
    expect(page.locator("[name=summary]")).to_have_value("Warga meminta loket buka sampai sore.")
    expect(page.locator("[name=title-1]")).to_have_value("Loket buka sampai pukul 16")
    page.locator("[name=title-1]").press("Enter")  # sends, although the first button discards the draft
    page.wait_for_url("**/minutes/")
    expect(page.locator("main")).to_contain_text("Loket buka sampai pukul 16")

    page.goto(f"/staff/inputs/{row.number}/")
    fold = page.locator("details.confirm", has=page.locator("form[action$='/answer/']"))
    fold.locator("summary").click()
    fold.locator("textarea").fill("Mulai Januari loket buka sampai sore.")
    expect(fold.locator("[data-draft]")).to_be_visible()
    page.locator(".bar-menu > summary").click()
    page.locator("form[data-signs-out] button").click()
    page.goto(f"/staff/inputs/{row.number}/")
    come_back(page, user)
    fold.locator("summary").click()
    expect(fold.locator("textarea")).to_have_value("Mulai Januari loket buka sampai sore.")
    check_page(page, (width,))
    fold.locator("button[type=submit]").last.click()
    done(page)
    assert ForumInput.objects.get().state == "answered" and not Draft.objects.exists()
