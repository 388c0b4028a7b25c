"""Nights and days off never send mail to staff; what piled up comes as one digest a person."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.core import mail

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.mail.outbox import send_due
from complaints.models import Complaint, Holiday, OfficeCalendar
from complaints.services import citizen
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.long]

CLOSED = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)  # Friday 4 December, 17:00 in Kupang
MONDAY = datetime(2026, 12, 6, 23, 30, tzinfo=UTC)  # its opening, 7:30 in Kupang


@pytest.fixture
def people() -> list[User]:
    for trigger, level in ((Trigger.BREACH, 1), (Trigger.DISPUTED, 1), (Trigger.SHARE, 2)):
        EscalationRule.objects.create(
            trigger=trigger,
            level=level,
            amount=1 if trigger == Trigger.SHARE else 0,
            valid_from=date(2018, 1, 1),
        )
    roles = (Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR)
    return [factories.make_user(role) for role in roles]


def live_through(start: datetime, end: datetime) -> Counter[str]:
    """Each hour the worker goes round; who got how many mails."""
    mail.outbox.clear()
    now = start
    while now <= end:
        run_sweep(now)
        send_due(now)
        now += HOUR / 2
    return Counter(to for letter in mail.outbox for to in letter.to)


def make_trouble() -> list[Complaint]:
    """Missed targets, a dispute on Saturday, a decision on Sunday."""
    cases = [factories.in_progress(FRIDAY + number * HOUR) for number in range(3)]
    answered = factories.resolved(CLOSED - DAY)
    live_through(CLOSED - 8 * HOUR, CLOSED - HOUR)
    citizen.dispute(answered.pk, actor=Citizen(answered.pk), now=CLOSED + DAY, why="Masih rusak")
    return cases


def test_a_weekend_of_sweeps_brings_each_person_one_mail_at_the_opening(people: list[User]) -> None:
    make_trouble()
    assert not live_through(CLOSED, MONDAY - HOUR / 2)
    judge = people[2]
    escalation = Escalation.objects.open().earliest("pk")
    ruling = Ruling(Decision.INSTRUCT, "Segera", days=3)
    decide(escalation.pk, actor=judge, now=MONDAY - DAY, ruling=ruling)
    got = live_through(MONDAY, MONDAY)
    staff = {people[0].email, people[1].email}
    assert staff <= got.keys()
    assert all(got[email] == 1 for email in staff), got


def test_a_day_off_is_no_different(people: list[User]) -> None:
    make_trouble()
    Holiday.objects.create(
        calendar=OfficeCalendar.objects.get(), on=date(2026, 12, 7), name_id="Libur", name_en="Day off"
    )
    OfficeCalendar.objects.get().touch()
    assert not live_through(CLOSED, MONDAY + DAY - HOUR / 2)
    got = live_through(MONDAY + DAY, MONDAY + DAY)
    assert got and set(got.values()) == {1}


def test_the_citizen_reads_a_decision_at_once(people: list[User]) -> None:
    case = factories.in_progress(email="ani@warga.test")
    assert case.target_at is not None
    run_sweep(case.target_at)
    escalation = Escalation.objects.open().filter(complaint=case, trigger=Trigger.BREACH).latest("pk")
    mail.outbox.clear()
    night = case.target_at + 12 * HOUR
    decide(escalation.pk, actor=people[2], now=night, ruling=Ruling(Decision.INSTRUCT, "Segera", days=3))
    send_due(night)
    assert {to for letter in mail.outbox for to in letter.to} == {"ani@warga.test"}
