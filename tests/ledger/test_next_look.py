"""A case put to sleep by whoever has the database's password: the marks that the sweep keeps excuse nothing."""

from datetime import UTC, date, datetime

import pytest

from complaints.ledger.verify import verify_ledger
from complaints.models import Complaint
from escalation.ladder.models import EscalationRule, LadderState, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY

pytestmark = pytest.mark.django_db

LATE = FRIDAY + 31 * DAY  # both targets missed: only the ladder comes back to the case
NEVER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def case() -> Complaint:
    for trigger, level in ((Trigger.BREACH, 1), (Trigger.UNACKNOWLEDGED, 2), (Trigger.UNACKNOWLEDGED, 3)):
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))
    case = factories.in_progress(email="ani@warga.test")
    run_sweep(LATE)
    assert why() == ""
    return case


def why() -> str:
    bad = verify_ledger().first_bad
    return bad.why if bad else ""


def put_to_sleep(case: Complaint, error: str = "") -> None:
    found = Complaint.objects.filter(pk=case.pk)
    found.update(next_action_at=NEVER, watch_at=NEVER, sweep_error=error)


def test_the_mark_of_an_error_excuses_an_hour_only(case: Complaint) -> None:
    put_to_sleep(case, error="ValueError")
    assert why() == "next_action_at_differs"


def test_a_case_that_went_through_after_an_error_bears_its_mark_and_fits(case: Complaint) -> None:
    Complaint.objects.filter(pk=case.pk).update(sweep_error="ValueError")
    assert why() == ""


def test_a_sweep_that_says_it_ran_in_the_future_excuses_nothing(case: Complaint) -> None:
    put_to_sleep(case)
    year = NEVER + 365 * DAY
    LadderState.objects.update(swept_at=year, ahead_until=year)
    assert why() == "next_action_at_differs"
