"""What changes around a report while it is prepared, and after it is out."""

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from complaints.mail.outbox import send_due
from complaints.models import Message
from complaints.services.change import NotPossible
from reports.publication import counting, signing, subscribing
from reports.publication.messages import ReportMessage
from reports.publication.models import Report
from reports.publication.services import preparing, publishing, reviewing
from surveys.forums.models import Contact
from tests.factories import HOUR, make_agency
from tests.module_rows import ModuleRows
from tests.publication.people import (
    DAY,
    FIRST_DAY,
    QUARTER,
    Office,
    draft,
    make_office,
    print_all,
    quick_print,
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
