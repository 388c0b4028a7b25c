"""Instructions that were not followed are found by a mark; it goes with the answer, and stays where the case may come
back as it was."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.integrity import check_integrity
from complaints.models import Complaint
from complaints.services import citizen, handling, referral, verification
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation
from escalation.ladder.sweep import sweep_cases
from escalation.sweep import SweepResult
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.oversight.test_home import raise_to

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def word() -> Escalation:
    raised = raise_to(factories.in_progress(agency=factories.make_agency()), 1)
    judge = factories.make_user(Role.SUPERVISOR)
    return decide(raised.pk, actor=judge, now=FRIDAY, ruling=Ruling(Decision.INSTRUCT, "Segera.", 3))


def swept(word: Escalation) -> Escalation:
    sweep_cases(FRIDAY + 2 * HOUR, SweepResult())
    word.refresh_from_db()
    return word


def listed_both_ways(word: Escalation) -> tuple[bool, bool]:
    later = word.due_at + 9 * DAY
    found = Escalation.objects.filter(pk=word.pk)
    return found.unheeded(later).exists(), found.unheeded_of_all(later).exists()


def test_the_mark_comes_with_the_word_and_goes_with_the_answer(word: Escalation) -> None:
    assert word.may_stand
    assert listed_both_ways(word) == (True, True)
    case = word.complaint
    case.refresh_from_db()
    handling.resolve(case.pk, actor=factories.officer_of(case), now=FRIDAY + HOUR, answer="Sudah.")
    assert listed_both_ways(word) == (False, False)
    assert not swept(word).may_stand


def test_it_stays_on_a_merged_case_which_may_go_on_as_it_was(word: Escalation) -> None:
    case, main = word.complaint, factories.file_complaint()
    verifier = factories.make_user(Role.VERIFIER)
    case.refresh_from_db()
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=FRIDAY + SECOND, why="Bukan kami.")
    verification.merge(case.pk, actor=verifier, now=FRIDAY + HOUR, into=main.pk)
    assert swept(word).may_stand
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=FRIDAY + 3 * HOUR)
    assert listed_both_ways(word) == (True, True)


def test_it_stays_on_a_referred_case_until_it_is_before_the_supervisors_again(word: Escalation) -> None:
    case, judge = word.complaint, word.decided_by
    body = factories.make_agency("PLN", is_external=True)
    verification.refer(case.pk, actor=judge, now=FRIDAY + HOUR, body=body, reference="X-1")
    assert swept(word).may_stand
    referral.bring_back(case.pk, actor=judge, now=FRIDAY + 40 * DAY, words="Tidak dijawab.")
    assert listed_both_ways(word) == (True, True)
    sweep_cases(FRIDAY + 40 * DAY, SweepResult())
    assert listed_both_ways(word) == (False, False)


def test_no_ground_and_more_time_are_no_instructions() -> None:
    marks: dict[str, bool] = {}
    judge, agency = factories.make_user(Role.SUPERVISOR), factories.make_agency()
    for decision in (Decision.UNFOUNDED, Decision.EXTEND):
        raised = raise_to(factories.in_progress(agency=agency), 1)
        ruling = Ruling(decision, "Karena hujan.", 3)
        marks[decision] = decide(raised.pk, actor=judge, now=FRIDAY, ruling=ruling).may_stand
    assert marks == {Decision.UNFOUNDED: False, Decision.EXTEND: False}


def test_a_mark_that_is_missing_is_noticed_once_a_sweep_has_looked(word: Escalation) -> None:
    later = word.due_at + HOUR
    look: Callable[[], list[str]] = lambda: check_integrity(later)["instruction_is_not_marked"]  # noqa: E731
    assert look() == []
    Escalation.objects.filter(pk=word.pk).update(may_stand=False)
    Complaint.objects.filter(pk=word.complaint_id).update(next_action_at=later)
    assert look() == []
    Complaint.objects.filter(pk=word.complaint_id).update(next_action_at=later + SECOND)
    assert look() == [word.complaint.number]


def test_the_list_walks_the_index_of_marks(word: Escalation) -> None:
    found = Escalation.objects.unheeded(word.due_at).order_by("due_at", "id")[:6]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is read whole otherwise
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    assert "escalation_may_stand" in found.explain()
