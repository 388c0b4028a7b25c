"""What the worker finds in the history, and what a supervisor sees of it."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.roles import STAFF_ROLES, Role
from complaints.models import Clock, Complaint, ReportedParty
from complaints.models.policy import Stage
from complaints.services import verification
from escalation.signals.models import SignalLook
from escalation.signals.services import refresh_signals
from tests import factories
from tests.factories import HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
URL = "/oversight/signals/"


def asked_late(**fields: Any) -> Complaint:
    """In progress, and its citizen is asked an hour before the promised day ends."""
    case = factories.in_progress(timezone.now() - 30 * factories.DAY, **fields)
    due = Clock.objects.get(complaint=case, stage=Stage.RESOLUTION).due_at
    assert due is not None
    officer = factories.officer_of(case)
    return verification.ask_citizen(case.pk, actor=officer, now=due - HOUR, question="Di mana?")


def page(client: Client, role: Role = Role.SUPERVISOR, url: str = URL) -> tuple[int, str]:
    client.force_login(factories.make_user(role))
    answer = client.get(url)
    return answer.status_code, answer.content.decode()


def test_a_late_question_is_counted_once_a_day_and_led_to(client: Client) -> None:
    case = asked_late()
    now = timezone.now()
    assert refresh_signals(now) == 2
    assert refresh_signals(now + HOUR) == 0
    assert refresh_signals(now + factories.DAY) == 2
    found = SignalLook.objects.filter(signal="asked_before_due")
    assert [(look.complaint_id, look.is_sign) for look in found] == [(case.pk, True)]
    _status, shown = page(client)
    assert "1 of 1" in shown
    quarter = found[0].quarter.isoformat()
    answer = client.get(f"{URL}asked_before_due/?quarter={quarter}")
    assert case.number in answer.content.decode()


def test_what_is_answered_is_read_with_its_words() -> None:
    for _ in range(5):
        factories.resolved(timezone.now() - factories.DAY)
    refresh_signals(timezone.now())
    signs = SignalLook.objects.filter(is_sign=True).values_list("signal", flat=True)
    assert sorted(signs) == ["answered_alike"] * 5 + ["answered_emptily"] * 5 + ["answered_in_bulk"] * 5


def test_who_stands_aside_counts_one_case_fewer(client: Client) -> None:
    hidden, _open = asked_late(), asked_late()
    named = factories.make_user(Role.SUPERVISOR)
    ReportedParty.objects.create(complaint=hidden, user=named, named_at=timezone.now())
    refresh_signals(timezone.now())
    quarter = SignalLook.objects.values_list("quarter", flat=True)[0].isoformat()
    client.force_login(named)
    for path in (URL, f"{URL}asked_before_due/"):
        shown = client.get(f"{path}?quarter={quarter}").content.decode()
        assert "1 of 1" in shown
        assert hidden.number not in shown


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_signs_are_for_supervisors(client: Client, role: Role) -> None:
    status, _shown = page(client, role)
    assert status == (200 if role == Role.SUPERVISOR else 403)


def test_a_page_asks_as_much_with_many_cases_as_with_one(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        asked_late(agency=factories.make_agency(f"A{number % 3}"))
    refresh_signals(timezone.now())
    page(client)
    quarter = SignalLook.objects.values_list("quarter", flat=True)[0].isoformat()
    for path in (URL, f"{URL}asked_before_due/"):
        with django_assert_max_num_queries(14):
            assert client.get(f"{path}?quarter={quarter}").status_code == 200


def test_an_address_that_nobody_made_leads_nowhere(client: Client) -> None:
    assert page(client, url=f"{URL}verdict/")[0] == 404
    assert client.get(f"{URL}?quarter=2026-02-30").status_code == 200
    assert client.get(f"{URL}asked_before_due/?page=x").status_code == 400
