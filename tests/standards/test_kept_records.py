"""What the worker keeps of each service is what its reports count to, and its page says of when."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from complaints.integrity import check_integrity
from complaints.models import Category, Complaint, Event, Holiday, OfficeCalendar, Service
from complaints.services import correction, handling
from surveys.models import ServiceRecord
from surveys.standards import keeping
from surveys.standards.handing_over import hand_over_services
from surveys.standards.keeping import AGAIN, keep_all, keep_next, kept_record
from surveys.standards.models import Part
from surveys.standards.record import Record, record_of
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR, make_agency, officer_of
from tests.standards.people import TODAY, changed, counter, head, service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made", "in_english")]
LATER = FRIDAY + 20 * DAY


@pytest.fixture(scope="module")
def made(module_rows):
    return module_rows.make(fill)


def fill():
    """Seven reports: five are late, one was answered on its day, one came just now. Another service has none."""
    factories.make_city(), head(), counter(), service("lain")
    for _ in range(5):
        factories.in_progress(FRIDAY, service=service())
    factories.resolved(FRIDAY, service=service())
    factories.file_complaint(LATER - HOUR, service=service())


@pytest.fixture
def opened(client):
    def open_page(now=LATER):
        with time_machine.travel(now, tick=False):
            return client.get("/standards/izin-jalan/", headers={"accept-language": "en"})

    return open_page


def broken():
    return check_integrity(LATER + HOUR)["service_records_differ"]


def test_nothing_is_shown_before_it_was_counted_and_then_its_moment(opened):
    text = opened().content.decode()
    assert "have not been counted yet" in text and "None." not in text
    keep_all(LATER)
    Complaint.objects.filter(state="resolved").update(ended_at=LATER)
    seen = opened(LATER + 59 * timedelta(minutes=1))
    assert "Counted on 10 December 2026" in seen.content.decode()
    assert seen.context["record"] == Record(7, 1, 0, 1, 5, 0, 0)


def test_the_page_says_when_nothing_was_counted_for_an_hour(opened):
    keep_all(LATER)
    text = opened(LATER + HOUR + timedelta(minutes=1)).content.decode()
    assert "Nothing was counted anew since 10 December 2026" in text


def test_the_page_asks_no_report_and_as_much_for_many(opened):
    keep_all(LATER)
    opened()
    with CaptureQueriesContext(connection) as captured:
        opened()
    assert len(captured) <= 8, [each["sql"] for each in captured]
    assert not [each for each in captured if "complaints_complaint" in each["sql"]]


def test_the_worker_counts_the_oldest_first_and_not_what_it_counted_just_now(monkeypatch):
    assert keep_next(FRIDAY) == 2
    assert keep_next(FRIDAY + AGAIN - timedelta(minutes=1)) == 0
    monkeypatch.setattr(keeping, "READ_MOST", 1)
    for turn, code in ((1, "izin-jalan"), (2, "lain"), (30, "izin-jalan")):
        now = LATER + turn * timedelta(minutes=1)
        assert keep_next(now) == 1
        assert ServiceRecord.objects.get(counted_at=now).service.code == code
    assert keep_next(FRIDAY) == 2  # counted by a clock that was ahead


def test_a_figure_that_somebody_changed_is_found_and_one_that_does_not_add_up_refused():
    keep_all(LATER)
    assert broken() == []
    rows = ServiceRecord.objects.filter(service=service())
    rows.update(past=4, running=2)
    assert broken() == ["izin-jalan"]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(past=5)


def test_a_report_that_somebody_changed_is_found():
    keep_all(LATER)
    Complaint.objects.filter(state="resolved").update(kind="oversight")
    assert broken() == ["izin-jalan"]


@pytest.mark.parametrize(("minutes", "told"), [(59, []), (61, ["izin-jalan"])])
def test_what_a_long_sweep_stored_later_is_no_fault(minutes, told):
    """Its numbers were given, and its moment was its beginning, before the record was counted."""
    keep_all(LATER)
    case = Complaint.objects.get(state="resolved")
    handling.add_note(case.pk, actor=officer_of(case), now=LATER - minutes * timedelta(minutes=1), text="Ya")
    Complaint.objects.filter(pk=case.pk).update(kind="oversight")
    ServiceRecord.objects.update(last_event=Event.objects.latest("pk").pk)
    assert broken() == told


def answered():
    case = Complaint.objects.filter(state="in_progress").latest("pk")
    handling.resolve(case.pk, actor=officer_of(case), now=LATER, answer="Sudah.")


def filed():
    factories.file_complaint(LATER, service=service())


def corrected():
    """Of another category the promise is another; as which service it counts stays."""
    case, other = Complaint.objects.get(state="submitted"), factories.make_category("lain")
    correction.correct(
        case.pk, actor=factories.make_user(Role.VERIFIER), now=LATER, reason="Salah",
        corrected=correction.Correction(case.subject, case.location, category=Category.objects.get(pk=other.pk)),
    )  # fmt: skip


def promised_otherwise():
    changed(Part.TIME, {"days": 30}, starts_on=LATER.date(), now=LATER)


def closed_day():
    Holiday.objects.create(
        calendar=OfficeCalendar.objects.get(), on=TODAY + 4 * DAY, name_id="Libur", name_en="Day off"
    )


def handed_over():
    agency = service().agency
    agency.is_active, agency.successor = False, make_agency("DISHUB")
    agency.save()
    assert hand_over_services(LATER) == 2 + 1


def catalogue():
    Service.objects.filter(code="izin-jalan").update(promised_days=60)


@pytest.mark.parametrize(
    "act", [answered, filed, corrected, promised_otherwise, closed_day, handed_over, catalogue]
)
def test_what_was_done_since_is_no_fault_and_counted_the_next_time(act):
    keep_all(LATER)
    act()
    assert broken() == []
    keep_all(LATER + HOUR)
    row = ServiceRecord.objects.get(service=service())
    assert kept_record(row) == record_of(row.service, LATER + HOUR)
    assert broken() == []
