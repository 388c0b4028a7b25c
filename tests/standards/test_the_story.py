"""The story that must work, in a real browser: people say at a forum that a counter's hours do not fit; its agency
promises others and keeps it; the standard shows them and why; whoever led to it is told; and the page says what came
after."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.clock.city_time import day_of, local
from complaints.mail.outbox import send_due
from complaints.models import Complaint
from escalation.models import Commitment, CommitmentSource
from surveys.forums.models import Finding, Forum, ForumInput
from surveys.standards.models import Part, StandardChange
from tests import factories
from tests.browser import check_page
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import DAY
from tests.mail.test_real_server import port, server  # noqa: F401 - fixtures
from tests.meetings.people import officer
from tests.promises.people import head, supervisor
from tests.standards.people import SHORT, changed, counter, service

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]
WEEK = {f"plan-day{day}": "08.00-17.00" for day in range(5)}


def announce_a_forum(office: Page) -> str:
    """The officer prepares and announces it; it begins in two minutes, by the clock of the machine."""
    begins = local(timezone.now()) + timedelta(minutes=3)
    if (begins.hour, begins.minute) == (23, 59):  # a meeting ends on the day on which it begins
        begins += timedelta(minutes=1)
    sign_in(office, officer(), "/staff/forums/new/")
    fields = {"title": "Jam buka loket", "topic": "Kapan Anda sempat datang?", "place": "Aula"}
    times = {"day": f"{begins:%Y-%m-%d}", "begins": f"{begins:%H:%M}", "ends": "23:59"}
    for name, text in (fields | times).items():
        office.fill(f"[name={name}]", text)
    office.locator("form[data-once] button[type=submit]").last.click()
    office.locator("form[action$='/announce/'] button").click()
    office.locator("form[action$='/begin/'] button").wait_for()
    return Forum.objects.get().code


def ask_beforehand(visitor: Page, code: str, mails: Any) -> ForumInput:
    """A citizen asks with an address, and presses the link that is mailed to it."""
    visitor.goto(f"/forums/{code}/questions/")
    visitor.fill("[name=text]", "Mengapa loket tutup pukul 15?")
    visitor.fill("[name=email]", "beni@tuntas.test")
    visitor.locator("form[data-once] button[type=submit]").first.click()
    expect(visitor.get_by_text("Mengapa loket tutup pukul 15?")).to_be_visible()
    send_due(timezone.now())
    ((_to, letter),) = mails.taken
    link = re.search(r"/take-part/confirm/\S+", str(letter.get_body(("plain",)).get_content()))
    assert link is not None
    visitor.goto(link.group())
    visitor.locator("form button[type=submit]").last.click()
    expect(visitor.locator("form button[type=submit]")).to_have_count(0)
    return ForumInput.objects.get()


def note_and_gather(office: Page, code: str) -> Finding:
    """The officer writes down what somebody says, and puts it and the question under one finding."""
    office.goto(f"/staff/forums/{code}/notes/")
    office.fill("[name=text]", "Saya pulang kerja pukul 16.")
    office.press("[name=text]", "Enter")
    expect(office.locator("[data-lines] li")).to_contain_text("Saya pulang kerja pukul 16.")
    office.goto("/staff/inputs/")
    for box in office.locator("[name=number]").all():
        box.check()
    office.fill("[name=title]", "Loket tutup terlalu awal")
    office.locator("form[action$='/gather/'] button[type=submit]").click()
    expect(office.locator("h1")).to_have_text("Loket tutup terlalu awal")
    return Finding.objects.get()


def promise_on_the_form(agency: Page, finding: Finding, case: Complaint) -> Commitment:
    """The head promises new hours, from the finding and a report, and later says that it is done."""
    sign_in(agency, head(), f"/staff/findings/{finding.number}/")
    agency.get_by_role("link", name="Jadikan janji").click()
    agency.goto(f"{agency.url}&case={case.number}")  # and from a report about the same
    expect(agency.get_by_text("Loket tutup terlalu awal")).to_be_visible()
    agency.select_option("[name=plan]", "counter.loket-1")
    agency.locator("form[method=get] button[type=submit]").last.click()
    agency.fill("[name=title]", "Loket buka sampai pukul 17")
    agency.select_option("[name=owner]", str(head().pk))
    for name, text in WEEK.items():
        agency.fill(f"[name={name}]", text)
    agency.fill("[name=plan-starts_on]", f"{day_of(timezone.now()):%Y-%m-%d}")
    agency.locator("form[data-once] button[type=submit]").click()
    expect(agency.locator("h1")).to_have_text("Loket buka sampai pukul 17")
    assert {source.kind for source in CommitmentSource.objects.all()} == {"case", "finding"}
    agency.locator("details", has=agency.locator("#report-words")).locator("summary").click()
    agency.fill("#report-words", "Jadwal giliran berlaku.")
    agency.locator("form[action$='/report/'] button").click()
    expect(agency.get_by_text("Jadwal giliran berlaku.")).to_be_visible()
    return Commitment.objects.get()


def judge_it_kept(boss: Page, row: Commitment) -> None:
    sign_in(boss, supervisor(), f"/staff/commitments/{row.number}/")
    boss.check("[name=finding][value=kept]")
    boss.fill("#judge-words", "Dilihat di tempat pada pukul 16.30.")
    boss.locator("form[action$='/judge/'] button").click()
    expect(boss.get_by_text("Dilihat di tempat pada pukul 16.30.")).to_be_visible()


def see_what_came_after(visitor: Page, row: Commitment, asked: ForumInput) -> None:
    now = timezone.now()
    visitor.goto(f"/forums/{asked.forum.code}/thread/{asked.number}/")
    expect(visitor.locator(".said__steps")).to_contain_text("janji ditepati")
    for days in (5, 20):
        factories.file_complaint(now + days * DAY, service=service())
    with time_machine.travel(now + 60 * DAY, tick=False):
        cache.clear()
        visitor.goto(f"/commitments/{row.number}/")
        effect = visitor.locator("section[aria-labelledby=effect]")
        expect(effect).to_contain_text("kurang dari lima")
        expect(effect).to_contain_text("tidak membuktikan sebab")
        check_page(visitor)


def reports_before(now: datetime) -> Complaint:
    """Six about the service, and one that the promise will rest on."""
    for days in (40, 38, 35, 31, 25, 22):
        factories.file_complaint(now - days * DAY, service=service())
    return factories.assigned(
        now - 20 * DAY, email="ani@tuntas.test", service=service(), subject="Loket tutup"
    )


def test_from_a_forum_to_new_hours_and_what_came_after(new_window: Window, server: Any) -> None:  # noqa: F811
    now = timezone.now()
    changed(Part.HOURS, SHORT, counter=counter(), now=now, starts_on=day_of(now))
    supervisor()
    office, visitor = new_window(1280, 900, java_script_enabled=False), new_window()
    server.start()
    code = announce_a_forum(office)
    asked = ask_beforehand(visitor, code, server)
    finding = note_and_gather(office, code)
    case = reports_before(now)
    row = promise_on_the_form(new_window(1280, 900, java_script_enabled=False), finding, case)
    assert StandardChange.objects.count() == 1
    judge_it_kept(new_window(java_script_enabled=False), row)

    visitor.goto("/standards/izin-jalan/")
    expect(visitor.locator("section[aria-labelledby=hours]")).to_contain_text("08.00–17.00")
    link = visitor.get_by_role("link", name=f"karena janji {row.number} (dari forum pada")
    expect(link.first).to_be_visible()
    check_page(visitor)

    send_due(timezone.now())
    told = {to: letter for (to,), letter in server.taken}
    for address in ("ani@tuntas.test", "beni@tuntas.test"):  # who reported, and who spoke at the forum
        assert row.number in str(told[address].get_body(("plain",)))
    see_what_came_after(visitor, row, asked)
