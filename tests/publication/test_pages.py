"""What everybody reads of reports, and what the office reads and does before."""

import re
from datetime import date, timedelta
from xml.dom import minidom

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.mail.outbox import send_due
from complaints.models import Message
from reports.figures.periods import Period
from reports.publication import counting, progress, signing, subscribing
from reports.publication.messages import ReportMessage
from reports.publication.models import Report, ReportPaper, Subscription
from reports.publication.services import preparing, publishing, reviewing
from reports.publication.views import public
from reports.publication.watching import nobody_watches, sweep_reports
from surveys.forums.models import Contact
from tests.factories import make_user
from tests.module_rows import ModuleRows
from tests.publication.people import (
    DAY,
    FIRST_DAY,
    Office,
    draft,
    make_office,
    print_all,
    published,
    quick_print,
    reviewed,
)
from tests.shared import NOON, on_disk

LATER = FIRST_DAY + 10 * DAY
pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db,
    pytest.mark.usefixtures("office", "quick_print", "in_english"),
]
__all__ = ["quick_print"]


@pytest.fixture(scope="module")
def office(module_rows: ModuleRows) -> Office:
    return module_rows.make(make_office)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path, headers={"accept-language": "en"})
    assert response.status_code == status, path
    return re.sub(r"\s+", " ", response.content.decode())


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


# Everybody


def test_a_draft_is_nobodys_to_read(client: Client, office: Office) -> None:
    report = reviewed(office)
    print_all(LATER)
    for path in ("", "check/", "words.json", "id.pdf"):
        text_of(client, f"/reports/{report.code}/{path}", 404)
    assert report.code not in text_of(client, "/reports/")
    assert report.code not in text_of(client, "/reports/feed.atom")


def test_a_published_report_says_what_it_says_and_where_it_is(client: Client, office: Office) -> None:
    report = draft()
    key = report.latest_snapshot.face["en"]["sentences"][0]["key"]
    preparing.edit_sentence(report.pk, "en", key, "Four <reports> came.", actor=office.verifier, now=LATER)
    preparing.write_foreword(
        report.pk,
        actor=office.verifier,
        now=LATER,
        foreword_id="Kami perbaiki.",
        foreword_en="",
        foreword_by="Wali Kota",
    )
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    publishing.publish(report.pk, actor=office.sari, now=LATER)
    page = text_of(client, "/reports/2026-q3/")
    assert "Four &lt;reports&gt; came." in page
    assert '<div lang="id"><p>Kami perbaiki.</p></div>' in page, (
        "in the language it is in, its heading is not"
    )
    assert "is being made, and stands here in a few minutes" in page
    print_all(LATER)
    page = text_of(client, "/reports/2026-q3/")
    assert "/reports/2026-q3/en.pdf" in page
    assert client.get("/reports/2026-q3/en.pdf").content.startswith(b"%PDF-")
    assert "Third quarter of 2026" in text_of(client, "/reports/?year=2026&scope=city&kind=quarter")
    assert "No report fits" in text_of(client, "/reports/?year=2019")
    assert not client.cookies, "a public page needs no cookie"


def test_the_check_page_has_the_digests_and_the_head(
    client: Client, office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    report = published(office)
    print_all(LATER)
    text_of(client, f"/reports/{report.code}/")
    with django_assert_max_num_queries(5):
        text_of(client, f"/reports/{report.code}/")
    signing.sign_reports(LATER)
    report.refresh_from_db()
    page = text_of(client, f"/reports/{report.code}/check/")
    for paper in ReportPaper.objects.all():
        assert paper.sha256 in page
    assert report.latest_text.snapshot.digest in page
    head = reverse("complaints:ledger-head", args=[report.head_size])
    assert head in page
    text_of(client, head)


def test_a_withdrawn_report_keeps_its_address_and_leads_to_the_next(client: Client, office: Office) -> None:
    report = published(office)
    print_all(LATER)
    publishing.withdraw(report.pk, actor=office.sari, now=LATER, reason="figures", words="Salah hitung.")
    page = text_of(client, "/reports/2026-q3/")
    assert "figures were wrong" in page and "Salah hitung." in page
    assert "The next version is being prepared" in page
    assert client.get("/reports/2026-q3/id.pdf").status_code == 200
    counting.count_waiting(LATER)
    following = Report.objects.get(code="2026-q3-v2")
    reviewing.review(following.pk, actor=office.second, now=LATER, seen=1)
    publishing.publish(following.pk, actor=office.sari, now=LATER)
    assert "It was replaced by version 2." in text_of(client, "/reports/2026-q3/check/")
    assert "/reports/2026-q3/" in text_of(client, "/reports/2026-q3-v2/")
    feed = minidom.parseString(client.get("/reports/feed.en.atom").content)  # noqa: S318 - our own
    titles = [node.firstChild.data for node in feed.getElementsByTagName("title")][1:]
    assert sorted(title.split(":")[0] for title in titles) == ["Published", "Published", "Withdrawn"]


def in_catalogue(client: Client) -> dict[str, str]:
    found = client.get("/statistics/catalogue.jsonld").json()["dcat:dataset"]
    return {each["dct:identifier"]: each["dct:title"] for each in found}


def test_a_report_that_is_withdrawn_long_after_others_came_is_told_by_the_feed(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = published(office)
    month = preparing.prepare(
        Period(date(2026, 8, 1), date(2026, 8, 31)), None, actor=office.verifier, now=LATER
    )
    counting.count_waiting(LATER)
    reviewing.review(month.pk, actor=office.second, now=LATER, seen=1)
    publishing.publish(month.pk, actor=office.sari, now=LATER)
    publishing.withdraw(old.pk, actor=office.sari, now=LATER + DAY, reason="figures", words="Salah hitung.")
    monkeypatch.setattr(public, "IN_FEED", 1)
    assert "Withdrawn" in text_of(client, "/reports/feed.en.atom")
    assert set(in_catalogue(client)) == {"2026-08", "2026-q3"}
    counting.count_waiting(LATER + DAY)
    found = in_catalogue(client)
    assert set(found) == {"2026-08"}, "what does not hold is harvested no more"
    assert found["2026-08"].endswith(" · Laporan pengelolaan pengaduan")
    assert client.get("/reports/2026-q3/data/data.json").status_code == 200
    assert "/reports/2026-08/" in text_of(client, "/reports/?year=2026")
    for year in ("0", "²", "9" * 5000):
        assert "No report fits" in text_of(client, f"/reports/?year={year}")


def test_where_a_person_could_be_recognised_nothing_is_handed_out(client: Client, office: Office) -> None:
    """Where somebody is named it is most likely by the mayor's answer, or by the one to a remark."""
    report, secret = draft(), "c" * 32
    said = {"foreword_id": "Kepada Ibu Ani kami minta maaf.", "foreword_en": "", "foreword_by": "Wali Kota"}
    preparing.write_foreword(report.pk, actor=office.verifier, now=LATER, **said)
    row = reviewing.remark(
        report.pk, "open", "Siapa yang menunggu?", actor=office.second, now=LATER, secret=secret
    )
    reviewing.answer(report.pk, row.pk, "Bapak Budi.", actor=office.verifier, now=LATER)
    reviewing.settle(report.pk, row.pk, actor=office.second, now=LATER, is_public=True)
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    publishing.publish(report.pk, actor=office.sari, now=LATER)
    page = text_of(client, "/reports/2026-q3/")
    assert "Ibu Ani" in page and "Bapak Budi" in page
    print_all(LATER)
    publishing.withdraw(
        report.pk, actor=office.sari, now=LATER, reason="person", words="Satu orang dapat dikenali."
    )
    page = text_of(client, "/reports/2026-q3/")
    assert "so that nobody can be recognised" in page
    for words in ("Main figures", "Ibu Ani", "Bapak Budi", "Siapa yang"):
        assert words not in page
    text_of(client, "/reports/2026-q3/id.pdf", 404)
    text_of(client, "/reports/2026-q3/words.json", 404)


# Who subscribed


def test_open_data_of_a_report_answers_from_its_publication_on(client: Client, office: Office) -> None:
    path = "/reports/2026-q3/data/data.json"
    text_of(client, path, 404)
    report = published(office)
    assert client.get(path).json()["tables"]["figures"][0] == {"figure": "received", "value": 12}
    assert path in text_of(client, "/reports/2026-q3/")
    publishing.withdraw(report.pk, actor=office.sari, now=LATER, reason="person", words="A person is named.")
    text_of(client, path, 404)


def test_mails_begin_when_the_address_is_confirmed_and_end_with_one_press(
    client: Client, office: Office
) -> None:
    client.post("/reports/subscribe/", {"email": "ani@mail.test"})
    client.post("/reports/subscribe/", {"email": "Ani@mail.test"})
    assert Message.objects.filter(template=ReportMessage.CONFIRM).count() == 1, "once a week"
    assert Subscription.objects.get().confirmed_at is None
    send_due(Message.objects.get(template=ReportMessage.CONFIRM).due_at)
    link = re.search(r"http\S+/reports/subscribe/confirm/\S+", str(mail.outbox[0].body)).group()
    path = "/" + link.split("/", 3)[3]
    client.get(path, follow=True)
    assert Subscription.objects.get().confirmed_at is None, "opening the link is not yet a yes"
    client.post("/reports/subscribe/confirm/")
    assert Subscription.objects.get().confirmed_at is not None
    mail.outbox.clear()
    published(office)
    print_all(LATER)
    signing.sign_reports(LATER)
    signing.sign_reports(LATER)
    news = Message.objects.get(template=ReportMessage.NEWS)
    send_due(news.due_at)
    (sent,) = mail.outbox
    assert "/reports/2026-q3/" in sent.body
    stop = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert client.post("/" + stop.split("/", 3)[3]).status_code == 200
    assert not Subscription.objects.exists()
    assert not Contact.objects.exists(), "left for nothing else"


def test_who_left_the_address_for_more_is_not_forgotten(office: Office) -> None:
    subscribing.subscribe("ani@mail.test", language="id", now=LATER)
    contact = Contact.objects.get()
    Contact.objects.filter(pk=contact.pk).update(stopped_at=LATER)
    subscribing.subscribe("ani@mail.test", language="id", now=LATER + DAY)
    assert Message.objects.filter(template=ReportMessage.CONFIRM).count() == 1, "who wants no mails gets none"
    contact.refresh_from_db()
    assert not subscribing.confirm(contact, LATER + DAY), "nobody is told that mails begin, and gets none"
    subscribing.end(contact)
    assert Contact.objects.filter(pk=contact.pk).exists(), "that they want none is kept"


def test_an_address_that_nobody_confirmed_is_not_kept() -> None:
    subscribing.subscribe("ani@mail.test", language="id", now=LATER)
    assert subscribing.forget_unconfirmed(LATER) == 0
    assert subscribing.forget_unconfirmed(LATER + timedelta(days=8)) == 1
    assert not Contact.objects.exists()


def test_recipients_get_a_link_in_office_hours_and_the_next_report_keeps_them(office: Office) -> None:
    report = draft()
    officer = make_user(Role.OFFICER, name="Oka")
    preparing.set_recipients(report.pk, actor=office.second, now=LATER, recipients=[office.rudi, officer])
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    sunday = LATER
    assert sunday.weekday() == 6
    publishing.publish(report.pk, actor=office.sari, now=sunday)
    print_all(sunday)
    signing.sign_reports(sunday)
    rows = Message.objects.filter(template=ReportMessage.FOR_YOU)
    assert {row.user for row in rows} == {office.rudi, officer}
    assert {day_of(row.due_at) for row in rows} == {date(2026, 10, 12)}, "Monday"
    counting.begin_due(FIRST_DAY + 95 * DAY)
    assert set(Report.objects.get(code="2026-q4").recipients.all()) == {office.rudi, officer}


# The office


def test_reports_that_wait_for_me_come_first(office: Office) -> None:
    published(office)
    counting.begin_due(FIRST_DAY + 95 * DAY)
    while Report.objects.to_count(FIRST_DAY + 95 * DAY).exists():
        counting.count_waiting(FIRST_DAY + 95 * DAY)
    page = signed_in(office.second).get("/staff/reports/").content.decode()
    assert page.index("Waits for you to review it") < page.index("/staff/reports/2026-q3/")
    assert "Waits for you" not in signed_in(office.lena).get("/staff/reports/").content.decode()


def test_the_office_takes_a_report_from_draft_to_publication(office: Office) -> None:
    report = draft()
    vera, wati, sari = signed_in(office.verifier), signed_in(office.second), signed_in(office.sari)
    desk = f"/staff/reports/{report.code}/"
    key = report.latest_snapshot.face["id"]["sentences"][0]["key"]
    vera.post(f"{desk}sentence/", {"language": "id", "key": key, "text": "Empat laporan masuk."})
    wati.post(f"{desk}remark/", {"figure": "open", "text": "Mengapa?", "secret": "b" * 32})
    assert "Remarks are open" in wati.get(desk).content.decode()
    row = report.remarks.get()
    vera.post(f"{desk}remarks/{row.pk}/answer/", {"text": "Menunggu."})
    wati.post(f"{desk}remarks/{row.pk}/settle/", {"is_public": "on"})
    refused = vera.post(f"{desk}review/", {"seen": 1})
    assert refused.status_code == 409 and "You wrote in this report" in refused.content.decode()
    wati.post(f"{desk}review/", {"seen": 1})
    print_all(NOON)
    assert sari.get(f"{desk}id.pdf").status_code == 200
    assert "cannot be changed any more" in sari.get(desk).content.decode()
    assert sari.post(f"{desk}publish/", {"seen": 1}).status_code == 302
    page = sari.get(f"/reports/{report.code}/").content.decode()
    assert "Mengapa?" in page and "Menunggu." in page


def test_a_draft_begun_by_hand_is_dropped_on_its_page_and_an_owed_one_is_not(office: Office) -> None:
    owed, vera = draft(), signed_in(office.verifier)
    assert "Drop it" not in vera.get(f"/staff/reports/{owed.code}/").content.decode()
    august = Period(date(2026, 8, 1), date(2026, 8, 31))
    report = preparing.prepare(august, None, actor=office.verifier, now=FIRST_DAY)
    desk = f"/staff/reports/{report.code}/"
    assert "Drop it" in vera.get(desk).content.decode()
    assert vera.post(f"{desk}drop/", {"why": ""}).status_code == 422
    assert vera.post(f"{desk}drop/", {"why": "Bulan yang keliru"}).status_code == 302
    page = vera.get(desk).content.decode()
    assert "Bulan yang keliru" in page and "Drop it" not in page and "/again/count/" not in page
    assert Client().get(f"/reports/{report.code}/").status_code == 404


def test_who_reaches_which_page(office: Office, subtests: pytest.Subtests) -> None:
    report = draft()
    desk = f"/staff/reports/{report.code}/"
    clerk, admin = make_user(Role.CLERK), make_user(Role.ADMINISTRATOR)
    reads = {
        office.verifier: 200,
        office.sari: 200,
        office.lena: 200,
        office.head: 404,
        clerk: 403,
        admin: 403,
    }
    for user, status in reads.items():
        with subtests.test(str(user.role)):
            assert signed_in(user).get(desk).status_code == status
    writes = {
        "sentence/": {office.sari: 403, office.head: 404, clerk: 403},
        "foreword/": {office.sari: 403, admin: 403},
        "review/": {office.head: 403, clerk: 403},
        "publish/": {office.verifier: 403, office.head: 403, admin: 403},
        "withdraw/": {office.verifier: 403, clerk: 403},
        "drop/": {office.sari: 403, office.head: 404, clerk: 403},
        "internal/": {office.verifier: 302, clerk: 403, office.head: 404},
    }
    for path, users in writes.items():
        for user, status in users.items():
            with subtests.test(path, role=str(user.role)):
                assert signed_in(user).post(desk + path, {"seen": 1}).status_code == status
    assert Client().get(desk).status_code == 302


# Nobody lets it lie


def test_a_late_report_reminds_and_climbs(office: Office) -> None:
    report = draft()
    told, now = [], LATER
    for _visit in range(6):
        report.refresh_from_db()
        now = report.next_action_at or now
        assert sweep_reports(now) == 1
        assert sweep_reports(now) == 0
        rows = Message.objects.filter(template=ReportMessage.DUE, data__number=report.code)
        told.append((Report.objects.get(pk=report.pk).level, {row.user.name for row in rows}))
        rows.delete()
    assert told[0] == (0, {"Vera", "Wati", "Sari", "Rudi"})
    assert told[1] == (1, {"Vera", "Wati", "Sari", "Rudi"})
    assert told[2] == (2, {"Sari", "Rudi"})
    assert told[3] == told[4] == told[5] == (3, {"Sari", "Lena"}), (
        "it is said again as long as nothing happens"
    )
    done = reviewing.review(report.pk, actor=office.second, now=now, seen=1)
    assert (done.level, done.next_action_at <= done.publish_due_at or done.next_action_at == now) == (0, True)


def test_a_line_about_what_was_done_meanwhile_is_not_sent(office: Office) -> None:
    report = draft()
    sweep_reports(report.next_action_at or LATER)
    mail.outbox.clear()
    reviewing.review(report.pk, actor=office.second, now=LATER, seen=1)
    due = Message.objects.filter(template=ReportMessage.DUE).first().due_at
    send_due(due)
    assert not [sent for sent in mail.outbox if "waits to be reviewed" in sent.body]


def test_a_report_that_nobody_can_review_breaks_the_invariant(office: Office) -> None:
    report = draft()
    assert list(nobody_watches(LATER)) == []
    User.objects.filter(role=Role.SUPERVISOR).exclude(pk=office.lena.pk).update(is_active=False)
    preparing.edit_sentence(report.pk, "id", "received", "x", actor=office.verifier, now=LATER)
    User.objects.filter(pk=office.second.pk).update(is_active=False)
    assert list(nobody_watches(LATER)) == [report.code]


def test_the_desk_sees_how_far_a_report_is_and_a_figure_opens_its_cases(office: Office) -> None:
    report = reviewed(office)
    page = signed_in(office.sari)
    path = reverse("reports:desk-report", args=[report.code])
    waiting = text_of(page, path)
    assert "How far it is" in waiting and waiting.count("waits its turn") == 2  # a PDF in each language
    now = timezone.now()
    paper = ReportPaper.objects.filter(text=report.latest_text).order_by("language").first()
    assert paper is not None
    ReportPaper.objects.filter(pk=paper.pk).update(leased_until=now + progress.PRINT_LEASE, attempts=2)
    assert "being made" in (said := text_of(page, path)) and "attempt 2 of 3" in said
    ReportPaper.objects.update(state="ready", sha256="0" * 64, leased_until=None)
    assert "How far it is" not in text_of(page, path)
    found = re.search(r'href="([^"]*standing=ended[^"]*)"', text_of(page, path))
    assert found is not None
    listed = text_of(page, found.group(1).replace("&amp;", "&"))
    figure = next(row for row in report.latest_snapshot.face["en"]["details"] if row["code"] == "ended")
    assert figure["now"] == "*" or f"{figure['now']} " in listed


def test_a_dropped_file_leads_to_the_page_of_its_report_and_back(office: Office, client: Client) -> None:
    report = published(office)
    print_all(FIRST_DAY + 9 * DAY)
    paper = ReportPaper.objects.filter(text__report=report).latest("pk")
    proof = reverse("reports:report-proof", args=[report.code])
    assert f'href="{reverse("reports:recount")}"' in text_of(client, proof)
    for content, is_ours in ((on_disk(paper.stored).read_bytes(), True), (b"%PDF-1.7 another", False)):
        file = SimpleUploadedFile("r.pdf", content, content_type="application/pdf")
        said = client.post(reverse("reports:recount"), {"file": file}, headers={"accept-language": "en"})
        assert (f'href="{proof}"' in said.content.decode()) is is_ours
    publishing.withdraw(report.pk, actor=office.sari, now=LATER, reason="figures", words="Salah hitung.")
    file = SimpleUploadedFile("r.pdf", on_disk(paper.stored).read_bytes(), content_type="application/pdf")
    said = client.post(reverse("reports:recount"), {"file": file}, headers={"accept-language": "en"})
    assert "This report was withdrawn on" in said.content.decode()
