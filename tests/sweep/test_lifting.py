"""What was answered since the last sweep is found by a mark, not by looking at everything that waits."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from complaints.integrity import check_integrity
from complaints.models import Complaint
from complaints.services import handling
from escalation.ladder.models import Escalation, EscalationState
from escalation.ladder.sweep import sweep_cases
from escalation.sweep import SweepResult
from tests import factories
from tests.oversight.test_home import raise_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Agency:
    factories.make_city()
    return factories.make_agency()


def lift(case: Complaint) -> Escalation:
    sweep_cases(factories.FRIDAY, SweepResult())
    return Escalation.objects.get(complaint=case)


def test_an_answered_case_is_found_once_and_its_mark_is_gone(agency: Agency) -> None:
    case = factories.in_progress(agency=agency)
    raise_to(case, 1)
    assert lift(case).state == EscalationState.RAISED
    handling.resolve(case.pk, actor=factories.officer_of(case), now=factories.FRIDAY, answer="Sudah.")
    assert lift(case).state == EscalationState.LIFTED
    assert not Complaint.objects.raised_and_answered().exists()


def test_one_of_which_nothing_is_open_any_more_only_loses_its_mark(agency: Agency) -> None:
    case = factories.resolved(agency=agency)
    raise_to(case, 1, state=EscalationState.DECIDED)
    before = Complaint.objects.get(pk=case.pk).version
    assert lift(case).state == EscalationState.DECIDED
    after = Complaint.objects.get(pk=case.pk)
    assert (after.is_raised, after.version) == (False, before)


def test_a_mark_that_is_missing_is_noticed(agency: Agency) -> None:
    case = factories.in_progress(agency=agency)
    raise_to(case, 1)
    assert check_integrity(factories.FRIDAY)["raised_case_is_not_marked"] == []
    Complaint.objects.filter(pk=case.pk).update(is_raised=False)
    assert check_integrity(factories.FRIDAY)["raised_case_is_not_marked"] == [case.number]


def test_it_is_found_by_an_index_of_what_was_raised_and_of_its_state(agency: Agency) -> None:
    raise_to(factories.in_progress(agency=agency), 1)
    with CaptureQueriesContext(connection) as asked:
        sweep_cases(factories.FRIDAY, SweepResult())
    (found,) = [
        each["sql"] for each in asked.captured_queries if "is_raised" in each["sql"].partition("WHERE")[2]
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is read whole otherwise
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' * (connection.vendor == 'sqlite')}{found}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "complaint_raised" in plan
    assert "state=" in plan or "Index Cond: ((state)" in plan
    # In the order of keys PostgreSQL walks all of ten million cases until it has a thousand: there are none.
    assert 'ORDER BY "complaints_complaint"."state" ASC' in found
