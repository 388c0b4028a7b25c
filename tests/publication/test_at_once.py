"""Two people, or two workers, do the same to a report at once: one is quicker, and the other hears so and has done
nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection

from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import LedgerEntry, Message
from complaints.services.change import NotPossible
from reports.publication import counting, printing, signing, subscribing
from reports.publication.messages import ReportMessage
from reports.publication.models import Remark, Report, ReportPaper, ReportSnapshot, ReportText
from reports.publication.services import preparing, publishing, reviewing
from reports.publication.services.frame import authors_of
from surveys.forums.models import Contact
from tests.publication.people import FIRST_DAY, QUARTER, Office, make_office, quick_print
from tests.shared import PATIENCE, on_disk

__all__ = ["quick_print"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_print", "in_english"),
]
NOW = FIRST_DAY + timedelta(days=5)
ROUNDS = 2 if connection.vendor == "postgresql" else 1  # SQLite lets one write at a time


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Why whoever came too late could not, in no order."""
    start, refused = Barrier(len(acts)), []

    def play(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=PATIENCE)
            act()
        except NotPossible as why:
            refused.append(str(why))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for future in [pool.submit(play, act) for act in acts]:
            future.result(timeout=PATIENCE)
    return refused


def latest() -> Report:
    report: Report = Report.objects.latest("pk")
    return report


def count() -> None:
    while Report.objects.to_count(NOW).exists():
        assert counting.count_waiting(NOW)


def test_a_report_goes_its_way_once_however_many_push_it() -> None:
    office = make_office()
    subscribing.subscribe("ani@mail.test", language="en", now=NOW)
    subscribing.confirm(Contact.objects.get(), NOW)
    begin = partial(preparing.prepare, QUARTER, None, now=NOW)
    said = at_once(
        partial(begin, actor=office.verifier),
        partial(begin, actor=office.second),
        partial(counting.begin_due, NOW),
    )
    assert all("already" in each for each in said) and Report.objects.count() == 1
    for version in range(1, ROUNDS + 1):
        one_version(office, version)
    assert Report.objects.count() == ROUNDS + 1
    entries = LedgerEntry.objects.filter(kind__startswith="report_").order_by("seq")
    assert [each.kind for each in entries] == ["report_published", "report_withdrawn"] * ROUNDS
    assert len(list((on_disk("reports")).iterdir())) == ReportPaper.objects.count() == 2 * ROUNDS
    assert verify_ledger().ok


def one_version(office: Office, version: int) -> None:
    report = latest()
    assert report.version == version
    count()
    remark_twice(office, report)
    review_while_it_is_counted_anew(office, report)
    print_while_it_is_printed(report)
    publish = partial(publishing.publish, report.pk, now=NOW)
    said = at_once(
        partial(publish, actor=office.sari),
        partial(publish, actor=office.rudi),
        partial(publish, actor=office.sari),
    )
    assert len(said) == 2 and all("quicker" in each for each in said)
    assert signing.sign_reports(NOW) == 2
    withdraw_while_it_is_told(office, report)


def remark_twice(office: Office, report: Report) -> None:
    """By two presses."""
    send = partial(reviewing.remark, report.pk, "received", "Mengapa?", actor=office.rudi, now=NOW)
    assert at_once(*[partial(send, secret=f"{report.pk:032}")] * 2) == []
    reviewing.settle(report.pk, Remark.objects.get(report=report).pk, actor=office.rudi, now=NOW)


def review_while_it_is_counted_anew(office: Office, report: Report) -> None:
    """What is reviewed is what was read, or it is not reviewed."""
    seen = report.snapshots.count()
    review = partial(reviewing.review, report.pk, now=NOW, seen=seen)
    at_once(
        partial(review, actor=office.second),
        partial(review, actor=office.verifier),
        partial(preparing.count_again, report.pk, actor=office.lena, now=NOW),
    )
    at_once(partial(counting.count_waiting, NOW), partial(counting.count_waiting, NOW))
    count()
    report.refresh_from_db()
    if report.state == "draft":
        reader = office.second if office.second.pk not in authors_of(report) else office.verifier
        reviewing.review(report.pk, actor=reader, now=NOW, seen=report.snapshots.count())
    text = ReportText.objects.get(report=report)
    assert text.snapshot == ReportSnapshot.objects.filter(report=report).latest("number")


def print_while_it_is_printed(report: Report) -> None:
    at_once(*[partial(printing.print_reports, NOW)] * 3)
    while printing.print_reports(NOW):
        pass
    papers = ReportPaper.objects.filter(text__report=report)
    assert {paper.state for paper in papers} == {"ready"}


def withdraw_while_it_is_told(office: Office, report: Report) -> None:
    """Nobody hears that it is out once it is withdrawn."""
    withdraw = partial(publishing.withdraw, report.pk, now=NOW, reason="words", words="Salah.")
    Report.objects.filter(pk=report.pk).update(told_at=None)
    said = at_once(
        partial(withdraw, actor=office.sari),
        partial(withdraw, actor=office.rudi),
        partial(signing.tell_waiting, NOW),
        partial(publishing.publish, report.pk, actor=office.sari, now=NOW),
        partial(preparing.prepare, QUARTER, None, actor=office.verifier, now=NOW),
    )
    assert len(said) == 3 and sum("quicker" in each for each in said) == 2
    report.refresh_from_db()
    assert report.state == "withdrawn" and Report.objects.filter(replaces=report).count() == 1
    assert signing.sign_reports(NOW) == 2
    told = Message.objects.filter(template=ReportMessage.NEWS, data__report=report.code)
    assert sorted(told.values_list("data__what", flat=True)) == ["published", "withdrawn"]
    mail.outbox.clear()
    send_due(NOW + timedelta(days=3))
    news = [sent.subject for sent in mail.outbox if "List-Unsubscribe" in sent.extra_headers]
    assert len(news) == 1 and news[0].startswith("Withdrawn")
