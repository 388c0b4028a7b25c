"""What changes around a report while it is prepared, and after it is out."""

from datetime import datetime

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.tree import latest_head
from complaints.mail.outbox import send_due
from complaints.models import Message
from complaints.services.change import NotPossible
from reports.publication import counting, desk, signing, subscribing
from reports.publication.forms import PrepareForm
from reports.publication.messages import ReportMessage
from reports.publication.models import Report
from reports.publication.services import preparing, publishing, reviewing
from reports.publication.views import public
from reports.publication.watching import nobody_watches, sweep_reports
from reports.publication.words import history
from surveys.forums.models import Contact
from tests import factories
from tests.factories import HOUR, make_agency
from tests.module_rows import ModuleRows
from tests.publication.people import (
    DAY,
    FIRST_DAY,
    IN_QUARTER,
    QUARTER,
    Office,
    draft,
    make_office,
    print_all,
    published,
    quick_print,
    reviewed,
)

LATER = FIRST_DAY + 10 * DAY  # a Sunday
pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db,
    pytest.mark.usefixtures("office", "quick_print", "in_english"),
]
__all__ = ["quick_print"]


@pytest.fixture(scope="module")
def office(module_rows: ModuleRows) -> Office:
    return module_rows.make(make_office)


def test_two_agencies_whose_codes_differ_in_capitals_have_an_address_each(office: Office) -> None:
    codes = {
        preparing.prepare(QUARTER, make_agency(code), actor=office.verifier, now=LATER).code
        for code in ("Dinas-A", "dinas-a")
    }
    assert len(codes) == 2 and "2026-q3-dinas-a" in codes
    with pytest.raises(NotPossible, match="already"):
        preparing.prepare(
            QUARTER, Report.objects.get(code=max(codes)).agency, actor=office.verifier, now=LATER
        )


def test_what_is_withdrawn_before_its_mail_leaves_is_told_once(office: Office) -> None:
    subscribing.subscribe("ani@mail.test", language="en", now=LATER)
    subscribing.confirm(Contact.objects.get(), LATER)
    report = draft()
    preparing.set_recipients(report.pk, actor=office.second, now=LATER, recipients=[office.rudi])
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    publishing.publish(report.pk, actor=office.sari, now=LATER)
    print_all(LATER)
    signing.sign_reports(LATER)
    night = LATER + HOUR
    publishing.withdraw(report.pk, actor=office.sari, now=night, reason="person", words="Nama terbaca.")
    signing.sign_reports(night)
    assert Message.objects.filter(data__what="published").count() == 2
    mail.outbox.clear()
    send_due(LATER + 2 * DAY)
    (news,) = [sent for sent in mail.outbox if "List-Unsubscribe" in sent.extra_headers]
    assert news.subject == "Withdrawn: Accountability report, third quarter of 2026"
    (digest,) = [sent for sent in mail.outbox if sent.to == [office.rudi.email]]
    assert "ditarik" in digest.body and "diterbitkan" not in digest.body
    assert not Message.objects.filter(template=ReportMessage.NEWS, sent_at=None, dropped_at=None).exists()


def test_a_draft_is_counted_anew_where_nobody_can_say_what_differs(
    office: Office, settings: Settings
) -> None:
    report = draft()
    settings.PSEUDONYM_KEY = "another key"
    preparing.count_again(report.pk, actor=office.rudi, now=LATER)
    assert counting.count_waiting(LATER) == 1
    report.refresh_from_db()
    assert (report.latest_snapshot.number, report.count_error) == (2, "")
    assert "cannot be said" in report.comparison.lines["en"][0]


def test_a_report_keeps_the_name_that_its_agency_had_when_it_was_counted(
    office: Office, client: Client
) -> None:
    agency = make_agency("DINAS-A", name="Dinas Lama", name_en="Old Office")
    for _case in range(6):
        factories.assigned(IN_QUARTER, agency=agency)
    report = preparing.prepare(QUARTER, agency, actor=office.verifier, now=LATER)
    while Report.objects.to_count(LATER).exists():
        counting.count_waiting(LATER)
    Agency.objects.filter(pk=agency.pk).update(name="Dinas Antara", name_en="")
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    publishing.publish(report.pk, actor=office.sari, now=LATER)
    print_all(LATER)
    signing.sign_reports(LATER)
    own = f"/reports/{report.code}/"
    paths = [own, f"{own}check/", f"{own}words.json", f"{own}en.pdf", "/reports/feed.en.atom"]
    paths += [f"{own}data/{name}" for name in ("data.json", "datapackage.json", "figures.csv")]
    before = {path: client.get(path, headers={"accept-language": "en"}).content for path in paths}
    assert all(b"Old Office" in before[path] for path in (own, f"{own}check/", "/reports/feed.en.atom"))
    other = make_agency("DINAS-B")
    Agency.objects.filter(pk=agency.pk).update(
        name="Dinas Baru", name_en="New", is_active=False, successor=other
    )
    assert {path: client.get(path, headers={"accept-language": "en"}).content for path in paths} == before
    assert b"Old Office" in client.get("/reports/", headers={"accept-language": "en"}).content


def test_a_head_is_not_taken_for_one_over_what_was_withdrawn_while_it_was_made(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = published(office)

    def slowly(now: datetime) -> object:
        head = make_checkpoint(now)
        publishing.withdraw(report.pk, actor=office.sari, now=now, reason="words", words="Salah.")
        return head

    monkeypatch.setattr(signing, "make_checkpoint", slowly)
    assert signing.sign_reports(LATER) == 0, "and nobody is told yet"
    monkeypatch.setattr(signing, "make_checkpoint", make_checkpoint)
    assert signing.sign_reports(LATER) == 2
    report.refresh_from_db()
    assert report.head_size == latest_head().size


def test_an_agency_that_was_closed_answers_for_what_ended_with_it(office: Office) -> None:
    gone, empty = make_agency("LAMA"), make_agency("KOSONG")
    factories.assigned(IN_QUARTER, agency=gone)
    Agency.objects.filter(pk__in=[gone.pk, empty.pk]).update(is_active=False)
    sent = {"period": "quarter-0", "agency": gone.pk}
    form = PrepareForm(sent, user=office.verifier, today=day_of(LATER))
    shown = str(form["agency"])
    assert "Dinas LAMA (closed)" in shown and "KOSONG" not in shown
    assert form.is_valid()
    report = preparing.prepare(**form.arguments(), actor=office.verifier, now=LATER)
    assert report.code == "2026-q3-lama"


def test_where_there_is_nobody_to_be_told_the_report_says_so(office: Office) -> None:
    """A city without a supervisor: the invariant is broken, and no step says that somebody heard of it."""
    report = reviewed(office)
    User.objects.filter(role=Role.SUPERVISOR).update(is_active=False)
    assert list(nobody_watches(LATER)) == [report.code]
    for _visit in range(2):
        report.refresh_from_db()
        assert report.next_action_at is not None
        sweep_reports(report.next_action_at)
    raised = report.steps.filter(kind="raised")
    assert [line["title"] for line in history(raised)] == ["Late: there was nobody who could be told"]


def test_a_long_list_loses_no_draft_and_says_that_it_was_cut(
    office: Office, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(office)
    spring = preparing.prepare(QUARTER.before(), None, actor=office.verifier, now=LATER)
    monkeypatch.setattr(desk, "MOST", 1)
    assert [row["report"] for row in desk.waiting_for(office.second)] == [spring]
    assert not client.get("/reports/").context["is_cut"]
    monkeypatch.setattr(public, "MOST", 0)
    assert client.get("/reports/").context["is_cut"]
