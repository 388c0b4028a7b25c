"""What whoever decides reads: one line a case, the report before the form, and when the sweep last looked."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from escalation.ladder.models import Escalation, EscalationRule, LadderState, Trigger
from escalation.ladder.swept import LATE, last_sweep
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LIST = "escalation:escalation-list"


def test_a_case_that_was_raised_several_times_is_one_line(client: Client) -> None:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=2, valid_from=date(2018, 1, 1))
    case, other = factories.in_progress(), factories.in_progress()
    run_sweep(FRIDAY + 31 * DAY)
    again = Escalation.objects.get(complaint=case)
    again.pk, again.level, again.cause = None, 3, "climbed"
    again.save()
    client.force_login(factories.make_user(Role.SUPERVISOR))
    answer = client.get(reverse(LIST), {"all": "1"})
    rows: list[Any] = answer.context["rows"]
    assert [row["escalation"].complaint_id for row in rows] == [case.pk, other.pk]
    shown = answer.content.decode()
    for escalation in Escalation.objects.open():
        assert reverse("escalation:escalation-detail", args=[escalation.pk]) in shown


def test_the_report_and_its_date_stand_before_the_form(client: Client) -> None:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=2, valid_from=date(2018, 1, 1))
    factories.in_progress(location="Pasar Oeba")
    run_sweep(FRIDAY + 31 * DAY)
    client.force_login(factories.make_user(Role.SUPERVISOR))
    page = client.get(
        reverse("escalation:escalation-detail", args=[Escalation.objects.get().pk])
    ).content.decode()
    report, form = page.index("Lubang besar di depan pasar."), page.index('name="decision"')
    assert page.index("20 Nov 2026") < report < form
    assert page.index("Pasar Oeba") < form


def test_the_desk_says_when_the_deadlines_were_last_watched(client: Client) -> None:
    factories.file_complaint()
    client.force_login(factories.make_user(Role.VERIFIER))
    assert "the sweep has not run" in client.get("/staff/cases/").content.decode()
    cache.clear()
    LadderState.objects.create(fingerprint="x", swept_at=FRIDAY)
    assert "last watched on" in client.get("/staff/cases/").content.decode()


def test_a_sweep_that_is_too_long_ago_is_told_as_such() -> None:
    LadderState.objects.create(fingerprint="x", swept_at=FRIDAY)
    assert "too long ago" not in last_sweep(FRIDAY + LATE)
    assert "too long ago" in last_sweep(FRIDAY + LATE + timedelta(seconds=1))
