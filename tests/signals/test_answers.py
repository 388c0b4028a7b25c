"""What an agency says to a sign that stands at it: who is asked, by when, who answers, and who reads it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import STAFF_ROLES, Role
from complaints.clock.city_time import day_of, start_of
from complaints.ledger.verifying.own_rows import check_own_rows
from complaints.mail.types import type_of
from complaints.models import Complaint, Message, ReportedParty
from complaints.services.change import NotAllowed, NotPossible
from escalation.signals.answering import answer_sign, asked_of
from escalation.signals.models import SignalLook, SignAnswer, Standing, StandingSign
from escalation.signals.services import refresh_signals
from escalation.signals.telling import SignMessage, remind
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from tests import factories
from tests.signals.test_pages import asked_late

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
URL = "/staff/signs/"


def head_of(agency: Agency) -> User:
    return factories.make_user(Role.AGENCY_HEAD, agency=agency)


def standing_at(agency: Agency, now: datetime) -> StandingSign:
    refresh_signals(now)
    return StandingSign.objects.get(agency=agency, signal="asked_before_due")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def case() -> Complaint:
    return asked_late()


def answered(row: StandingSign, head: User, now: datetime, seen: int = 0) -> SignAnswer:
    return answer_sign(row.pk, actor=head, now=now, words="Warga baru menjawab.", seen=seen)


def test_an_agency_is_asked_once_and_answers_by_the_tenth_working_day(case: Complaint, now: datetime) -> None:
    assert case.agency is not None
    row = standing_at(case.agency, now)
    refresh_signals(now + factories.DAY)
    assert StandingSign.objects.get(agency=case.agency, signal="asked_before_due").asked_at == now
    assert timedelta(days=10) < row.due_on - now.date() <= timedelta(days=20)
    head = head_of(case.agency)
    (asked,) = asked_of(head, now)
    assert (asked.signs, asked.base, asked.standing) == (1, 1, Standing.WAITING)
    late = now + timedelta(days=40)
    assert asked_of(head, late)[0].standing == Standing.NOT_ANSWERED
    answered(row, head, now)
    assert asked_of(head, late)[0].standing == Standing.ANSWERED
    assert check_own_rows() is None


@pytest.mark.parametrize(("day", "expected"), [(0, Standing.ANSWERED), (1, Standing.LATE)])
def test_an_answer_is_in_time_up_to_the_last_day(day: int, expected: Standing) -> None:
    row = StandingSign(due_on=date(2026, 11, 30))
    assert row.standing(row.due_on + timedelta(days=day), date(2026, 12, 24)) == expected


def test_the_head_answers_on_a_page_and_the_supervisor_reads_it(
    client: Client, case: Complaint, now: datetime
) -> None:
    assert case.agency is not None
    row = standing_at(case.agency, now)
    client.force_login(head_of(case.agency))
    assert "Question just before the promised day" in client.get(URL).content.decode()
    page = client.get(f"{URL}{row.pk}/").content.decode()
    assert case.number in page
    assert client.post(f"{URL}{row.pk}/", {"words": "", "seen": 0}).status_code == 422
    sent = {"words": "Lokasinya memang belum jelas.", "seen": 0}
    assert client.post(f"{URL}{row.pk}/", sent).status_code == 302
    assert client.post(f"{URL}{row.pk}/", sent).status_code == 409
    assert SignAnswer.objects.get().words == sent["words"]
    client.force_login(factories.make_user(Role.SUPERVISOR))
    shown = client.get(f"/oversight/signals/asked_before_due/?quarter={row.quarter}").content.decode()
    assert sent["words"] in shown and "Answered in time" in shown


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_signs_are_answered_by_heads(client: Client, role: Role) -> None:
    client.force_login(factories.make_user(role))
    assert client.get(URL).status_code == (200 if role == Role.AGENCY_HEAD else 403)


def test_another_head_finds_nothing(client: Client, case: Complaint, now: datetime) -> None:
    assert case.agency is not None
    row, other = standing_at(case.agency, now), head_of(factories.make_agency("LAIN"))
    client.force_login(other)
    assert client.get(f"{URL}{row.pk}/").status_code == 404
    with pytest.raises(StandingSign.DoesNotExist):
        answered(row, other, now)
    with pytest.raises(NotAllowed):
        answered(row, factories.make_user(Role.SUPERVISOR), now)


def test_two_answers_at_once_leave_one(case: Complaint, now: datetime) -> None:
    assert case.agency is not None
    row, head = standing_at(case.agency, now), head_of(case.agency)
    answered(row, head, now)
    with pytest.raises(NotPossible):
        answered(row, head, now)
    assert answered(row, head, now, seen=1).number == 2


def test_a_sign_that_rests_on_a_hidden_case_alone_is_not_there(
    client: Client, case: Complaint, now: datetime
) -> None:
    assert case.agency is not None
    row, head = standing_at(case.agency, now), head_of(case.agency)
    ReportedParty.objects.create(complaint=case, user=head, named_at=now)
    assert asked_of(User.objects.get(pk=head.pk), now) == []
    client.force_login(head)
    assert client.get(f"{URL}{row.pk}/").status_code == 404
    asked_late(agency=case.agency)
    refresh_signals(now + factories.DAY)
    (asked,) = asked_of(User.objects.get(pk=head.pk), now)
    assert (asked.signs, asked.base) == (1, 1)
    assert case.number not in client.get(f"{URL}{row.pk}/").content.decode()


def test_what_was_handed_on_counts_and_is_not_led_to(client: Client, case: Complaint, now: datetime) -> None:
    agency = case.agency
    assert agency is not None
    row = standing_at(agency, now)
    Complaint.objects.filter(pk=case.pk).update(agency=factories.make_agency("LAIN"))
    client.force_login(head_of(agency))
    page = client.get(f"{URL}{row.pk}/").content.decode()
    assert "1 of 1" in page and case.number not in page


def test_who_took_over_answers_for_a_closed_agency(case: Complaint, now: datetime) -> None:
    agency, successor = case.agency, factories.make_agency("BARU")
    assert agency is not None
    row, head = standing_at(agency, now), head_of(successor)
    assert asked_of(head, now) == []
    Agency.objects.filter(pk=agency.pk).update(is_active=False, successor=successor)
    assert [each.row for each in asked_of(User.objects.get(pk=head.pk), now)] == [row]


def test_nobody_is_asked_who_cannot_answer(case: Complaint, now: datetime) -> None:
    assert case.agency is not None
    Agency.objects.filter(pk=case.agency.pk).update(is_active=False)
    refresh_signals(now)
    assert SignalLook.objects.filter(is_sign=True).exists()
    assert not StandingSign.objects.exists()


def test_an_answer_stays_as_it_is(case: Complaint, now: datetime) -> None:
    assert case.agency is not None
    answered(standing_at(case.agency, now), head_of(case.agency), now)
    for change in (
        lambda: SignAnswer.objects.update(words="Lain."),
        lambda: SignAnswer.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def letters(what: str) -> list[User | None]:
    rows = Message.objects.filter(template=SignMessage.SIGN, data__what=what).select_related("user")
    return [message.user for message in rows.order_by("pk")]


def test_its_heads_are_told_once_and_reminded_before_the_last_day(case: Complaint, now: datetime) -> None:
    assert case.agency is not None
    head, about = head_of(case.agency), head_of(case.agency)
    ReportedParty.objects.create(complaint=case, user=about, named_at=now)
    row = standing_at(case.agency, now)
    refresh_signals(now + factories.DAY)
    assert letters("asked") == [head]
    assert letters("reminder") == []
    near = start_of(row.due_on - factories.DAY) + 2 * factories.HOUR
    assert (remind(near), remind(near)) == (1, 1)
    assert letters("reminder") == [head]
    for message in Message.objects.filter(template=SignMessage.SIGN):
        kind = type_of(message)
        assert kind.is_for_reader(message) and not kind.is_overtaken(message)
        assert kind.page is not None and kind.page(message) == f"{URL}{row.pk}/"
    answered(row, head, now)
    assert remind(near) == 0
    message = Message.objects.filter(template=SignMessage.SIGN).latest("pk")
    assert type_of(message).is_overtaken(message)


def test_a_report_counts_the_answers_for_its_own_alone(case: Complaint, now: datetime) -> None:
    assert case.agency is not None
    head, other = head_of(case.agency), head_of(factories.make_agency("LAIN"))
    row = standing_at(case.agency, now)
    today = day_of(now)
    period = Period(today, today)
    answered(row, head, now)
    late = now + 30 * factories.DAY
    expected = {"count": 1, "answered_in_time": 1, "answered_late": 0, "waiting": 0, "not_answered": 0}
    for actor, agency in ((None, None), (head, head.agency)):
        found = freeze(period, agency, actor=actor, now=late)
        (line,) = found.figures["sign_answers_by_agency"]
        assert line["agency"] == case.agency.code and line.items() >= expected.items()
        assert found.public_data()["figures"].keys().isdisjoint({"sign_answers", "sign_answers_by_agency"})
        assert "sign_answers" not in found.public_data()["tables"]
    for actor, agency in ((other, other.agency), (factories.make_user(Role.VERIFIER), None)):
        assert freeze(period, agency, actor=actor, now=late).figures["sign_answers"] == []
