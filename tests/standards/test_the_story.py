"""The story that must work, in a real browser: people say at a forum that a counter's hours do not fit; its agency
promises others and keeps it; the standard shows them and why; whoever led to it is told; and the page says what came
after."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.identity import Identity
from complaints.mail.outbox import send_due
from complaints.models import Complaint
from escalation.models import Commitment, CommitmentSource
from surveys.forums.inputs.services.saying import Said, say
from surveys.forums.models import Finding, Forum, ForumInput
from surveys.standards.models import Part, StandardChange
from tests import factories
from tests.browser import check_page
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import DAY
from tests.mail.test_real_server import port, server  # noqa: F401 - fixtures
from tests.promises.people import head, supervisor
from tests.shared import NOON
from tests.standards.people import SHORT, changed, counter, service

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]
WEEK = {f"plan-day{day}": "08.00-17.00" for day in range(5)}


def forum_that_found_it() -> Finding:
    """Held ten days ago; two people said that the counter closes too early, one left an address."""
    changed(Part.HOURS, SHORT, counter=counter(), now=NOON, starts_on=NOON.date())
    officer = factories.make_user("officer")
    forum = Forum.objects.create(
        code="jam-loket",
        title="Jam buka loket",
        topic="Kapan Anda sempat datang?",
        agency=factories.make_agency(),
        state="held",
        starts_at=NOON - 10 * DAY,
        ends_at=NOON - 10 * DAY + timedelta(hours=2),
        announced_at=NOON - 30 * DAY,
    )
    words = {"Beni": "Saya pulang kerja pukul 16.", "": "Loket tutup pukul 15."}
    inputs = [
        say(
            Said(
                text,
                ForumInput.Source.MEETING,
                forum=forum,
                identity=Identity(name=name, email="beni@tuntas.test") if name else Identity(),
            ),
            actor=officer,
            now=NOON,
        )
        for name, text in words.items()
    ]
    finding = Finding.objects.create(
        number="TEM-2026-0001",
        forum=forum,
        agency=forum.agency,
        service=service(),
        title="Loket tutup terlalu awal",
        words="Warga pulang kerja setelah loket tutup.",
        made_at=NOON,
    )
    ForumInput.objects.filter(pk__in=[row.pk for row in inputs]).update(finding=finding)
    return finding


def promise_on_the_form(agency: Page, finding: Finding, case: Complaint) -> Commitment:
    """The head promises new hours, from the finding and a report, and later says that it is done."""
    sign_in(agency, head(), f"/staff/commitments/new/?finding={finding.number}&case={case.number}")
    expect(agency.get_by_text("Loket tutup terlalu awal")).to_be_visible()
    agency.select_option("[name=plan]", "counter.loket-1")
    agency.locator("form[method=get] button[type=submit]").last.click()
    agency.fill("[name=title]", "Loket buka sampai pukul 17")
    agency.select_option("[name=owner]", str(head().pk))
    for name, text in WEEK.items():
        agency.fill(f"[name={name}]", text)
    agency.fill("[name=plan-starts_on]", "2026-11-30")
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


def see_what_came_after(visitor: Page, row: Commitment) -> None:
    for days in (5, 20):
        factories.file_complaint(NOON + days * DAY, service=service())
    with time_machine.travel(NOON + 60 * DAY, tick=False):
        cache.clear()
        visitor.goto(f"/commitments/{row.number}/")
        effect = visitor.locator("section[aria-labelledby=effect]")
        expect(effect).to_contain_text("kurang dari lima")
        expect(effect).to_contain_text("tidak membuktikan sebab")
        check_page(visitor)


def test_from_a_forum_to_new_hours_and_what_came_after(new_window: Window, server: Any) -> None:  # noqa: F811
    finding = forum_that_found_it()
    supervisor()
    server.start()
    send_due(timezone.now())
    case = factories.assigned(
        NOON - 20 * DAY, email="ani@tuntas.test", service=service(), subject="Loket tutup"
    )
    for days in (40, 38, 35, 31, 25, 22):
        factories.file_complaint(NOON - days * DAY, service=service())
    row = promise_on_the_form(new_window(1280, 900, java_script_enabled=False), finding, case)
    assert StandardChange.objects.count() == 1
    judge_it_kept(new_window(java_script_enabled=False), row)

    visitor = new_window()
    visitor.goto("/standards/izin-jalan/")
    expect(visitor.locator("section[aria-labelledby=hours]")).to_contain_text("08.00–17.00")
    link = visitor.get_by_role("link", name=f"karena janji {row.number} (dari forum pada 20 November 2026)")
    expect(link.first).to_be_visible()
    check_page(visitor)

    send_due(timezone.now())
    told = {to: letter for (to,), letter in server.taken}
    for address in ("ani@tuntas.test", "beni@tuntas.test"):  # who reported, and who spoke at the forum
        assert row.number in str(told[address].get_body(("plain",)))
    see_what_came_after(visitor, row)
