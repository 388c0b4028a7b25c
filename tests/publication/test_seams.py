"""What changes around a report while it is prepared, and after it is out."""

from datetime import datetime
from xml.dom import minidom

import pytest
from django.core import mail
from django.db import connection
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
from config.emptying import guards_away
from reports.figures.snapshot import Packed, Snapshot
from reports.publication import counting, desk, signing, subscribing
from reports.publication.forms import PrepareForm
from reports.publication.keeping import snapshot_of
from reports.publication.messages import ReportMessage
from reports.publication.models import Report, SnapshotPiece
from reports.publication.services import preparing, publishing, reviewing
from reports.publication.views import public
from reports.publication.watching import nobody_watches, sweep_reports
from reports.publication.words import history
from surveys.forums.models import Contact
from tests import factories
from tests.factories import HOUR, make_agency, make_user
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


@pytest.mark.parametrize("what", ["figures", "bytes"])
def test_what_was_altered_is_called_so_and_not_another_key(office: Office, what: str) -> None:
    report = draft()
    row = report.snapshots.get()
    data = snapshot_of(row).data
    data["figures"]["received"] = 11
    altered = b"".join(Packed.of(Snapshot(data)).pieces()) if what == "figures" else b"lain"
    with guards_away(connection):
        SnapshotPiece.objects.filter(number=0).update(content=altered)
    factories.file_complaint(IN_QUARTER)
    preparing.count_again(report.pk, actor=office.rudi, now=LATER)
    assert counting.count_waiting(LATER) == 1
    report.refresh_from_db()
    (line,) = report.comparison.lines["en"]
    assert "Somebody changed what is stored" in line and "key" not in line
    assert report.latest_snapshot.number == 2, "the new count is as good for that"


def test_recipients_are_told_as_long_as_they_are_who_they_were(office: Office, client: Client) -> None:
    agency, other = make_agency("DINAS-A"), make_agency("DINAS-B")
    stays, moved, demoted, gone, late = (
        make_user(Role.AGENCY_HEAD, agency, name=name)
        for name in ("Stays", "Moved", "Demoted", "Gone", "Late")
    )
    report = draft()
    chosen = [stays, moved, demoted, gone, late]
    preparing.set_recipients(report.pk, actor=office.second, now=LATER, recipients=chosen)
    User.objects.filter(pk=moved.pk).update(agency=other)
    User.objects.filter(pk=demoted.pk).update(role=Role.OFFICER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    client.force_login(office.second)
    page = client.get(f"/staff/reports/{report.code}/", headers={"accept-language": "en"}).content.decode()
    assert "Not told, since they have left or hold another office" in page
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    publishing.publish(report.pk, actor=office.sari, now=LATER)
    print_all(LATER)
    signing.sign_reports(LATER)
    rows = Message.objects.filter(template=ReportMessage.FOR_YOU)
    assert {row.user for row in rows} == {stays, late}
    User.objects.filter(pk=late.pk).update(agency=other)  # on Sunday, before office hours
    mail.outbox.clear()
    send_due(LATER + 2 * DAY)
    assert [sent.to for sent in mail.outbox if "/reports/" in str(sent.body)] == [[stays.email]]
    counting.begin_due(FIRST_DAY + 95 * DAY)
    assert set(Report.objects.get(code="2026-q4").recipients.all()) == {stays}


HOSTILE = (
    "<script>alert(1)</script> =1+1 \u202eterbalik \U0001f468\u200d\U0001f469\u200d\U0001f467 \x00\x07\ufffe"
    + "w" * 400
)


def post(client: Client, who: User, address: str, **sent: str) -> None:
    """As this person, on the page of a report at the desk, which stays a page."""
    client.force_login(who)
    answer = client.post(f"/staff/reports/{address}", sent)
    assert answer.status_code == 302, answer.content.decode()
    assert "<script>alert" not in client.get(answer["Location"]).content.decode()


def hostile(office: Office, client: Client) -> Report:
    """A report with such words wherever somebody may write: published, and withdrawn with more of them."""
    report = draft()
    own, many = f"{report.code}/", "\n" * 4000 + "akhir"
    said = {"foreword_id": HOSTILE + many, "foreword_en": "", "foreword_by": HOSTILE[:90]}
    post(client, office.verifier, f"{own}foreword/", **said)
    key = report.latest_snapshot.face["en"]["sentences"][0]["key"]
    post(client, office.verifier, f"{own}sentence/", language="en", key=key, text=HOSTILE)
    post(client, office.rudi, f"{own}remark/", secret="r" * 32, figure="received", text=HOSTILE)
    remark = f"{own}remarks/{report.remarks.get().pk}/"
    post(client, office.verifier, f"{remark}answer/", text=HOSTILE)
    post(client, office.rudi, f"{remark}settle/", is_public="on")
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    publishing.publish(report.pk, actor=office.sari, now=LATER)
    post(client, office.sari, f"{own}withdraw/", reason="words", words=HOSTILE + many)
    client.logout()
    return report


def test_hostile_words_are_words_on_page_in_feed_and_in_mails(office: Office, client: Client) -> None:
    subscribing.subscribe("ani@mail.test", language="en", now=LATER)
    subscribing.confirm(Contact.objects.get(), LATER)
    report = hostile(office, client)
    for path in (f"/reports/{report.code}/", f"/reports/{report.code}/check/"):
        page = client.get(path, headers={"accept-language": "en"}).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "\x00" not in page
        assert page.count("<br>") < 100, "blank lines are no lines"
    for feed in ("/reports/feed.atom", "/reports/feed.en.atom"):
        assert "akhir" in minidom.parseString(client.get(feed).content).toxml()  # noqa: S318 - our own
    print_all(LATER)
    signing.sign_reports(LATER)
    mail.outbox.clear()
    send_due(LATER + 2 * DAY)
    (news,) = [sent for sent in mail.outbox if "List-Unsubscribe" in sent.extra_headers]
    html = str(news.alternatives[0][0])  # type: ignore[attr-defined]
    assert "<script>alert" not in html and "\n" not in news.subject and "\x00" not in str(news.body)
    sentence, text = report.edits.get().text, report.texts.get().content
    assert "\u202e" not in sentence, "it would turn round what stands behind it"
    assert "\\u0000" not in text and "\ufffe" not in text
