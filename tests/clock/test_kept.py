"""How a case stands to its promise: what one case shows, and that the database says the same of many."""

import random
from datetime import datetime, timedelta

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.clock.kept import EXCLUDED, JUDGED, Kept, Round, judge
from complaints.clock.kept_in_sql import kept, with_kept
from complaints.models import Clock, Complaint, OfficeCalendar, Stopped
from complaints.services import citizen, handling, verification
from complaints.states import ACTIVE, STORED
from tests import factories
from tests.clock.test_first_promise import extend
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db


def standing(case: Complaint, now=FRIDAY + 60 * DAY) -> tuple[str, str]:
    """By the first promise, and with extensions counted as kept."""
    row = Complaint.objects.annotate(first=kept(now), extended=kept(now, extended=True)).get(pk=case.pk)
    return row.first, row.extended


def answer(case: Complaint, at) -> None:
    handling.resolve(case.pk, actor=factories.officer_of(case), now=at, answer="Sudah.")


def dispute(case: Complaint, at) -> None:
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=at, why="Belum")


def test_an_answer_after_the_first_promise_is_late_though_more_time_was_given():
    case = factories.in_progress()
    extend(case, 10, FRIDAY + DAY)
    answer(case, FRIDAY + 25 * DAY)
    assert standing(case) == ("late", "on_time")


def test_an_answer_before_the_first_promise_is_in_time_though_more_time_was_given():
    case = factories.in_progress()
    extend(case, 10, FRIDAY + DAY)
    answer(case, FRIDAY + 5 * DAY)
    assert standing(case) == ("on_time", "on_time")


def test_an_open_case_past_its_first_promise_is_late_while_its_extension_runs():
    case = factories.in_progress()
    extend(case, 10, FRIDAY + DAY)
    assert standing(case, FRIDAY + 25 * DAY) == ("late", "not_yet_due")


def test_a_late_answer_is_not_mended_by_a_quick_one_after_the_dispute():
    case = factories.in_progress()
    answer(case, FRIDAY + 30 * DAY)
    dispute(case, FRIDAY + 31 * DAY)
    answer(case, FRIDAY + 32 * DAY)
    assert standing(case) == ("late", "late")


def test_a_case_is_in_time_when_each_of_its_answers_was():
    case = factories.in_progress()
    answer(case, FRIDAY + DAY)
    dispute(case, FRIDAY + 30 * DAY)
    assert standing(case, FRIDAY + 31 * DAY) == ("not_yet_due", "not_yet_due")
    answer(case, FRIDAY + 40 * DAY)
    assert standing(case) == ("on_time", "on_time")


def test_time_in_which_the_citizen_was_asked_belongs_to_the_promise():
    case = factories.in_progress()
    officer = factories.officer_of(case)
    verification.ask_citizen(case.pk, actor=officer, now=FRIDAY + 3 * DAY, question="Apa?")
    assert standing(case) == ("standing_still", "standing_still")
    citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 20 * DAY, text="Itu")
    answer(case, FRIDAY + 30 * DAY)
    assert standing(case) == ("on_time", "on_time")


def test_asking_after_the_promise_has_passed_does_not_make_it_wait():
    case = factories.in_progress()
    officer = factories.officer_of(case)
    verification.ask_citizen(case.pk, actor=officer, now=FRIDAY + 30 * DAY, question="Apa?")
    assert standing(case) == ("late", "late")


def test_a_case_taken_back_is_in_no_share_unless_its_promise_had_passed():
    soon, late = factories.in_progress(), factories.in_progress()
    citizen.withdraw(soon.pk, actor=Citizen(soon.pk), now=FRIDAY + DAY)
    citizen.withdraw(late.pk, actor=Citizen(late.pk), now=FRIDAY + 30 * DAY)
    assert (standing(soon)[0], standing(late)[0]) == ("withdrawn", "late")


def test_a_rejection_is_no_answer_in_time():
    case = factories.file_complaint()
    verifier, reason = factories.make_user(Role.VERIFIER), factories.make_reason()
    verification.reject(case.pk, actor=verifier, now=FRIDAY + HOUR, reason=reason, words="Kosong")
    assert standing(case)[0] == "rejected"


def test_an_answer_given_in_time_stays_so_when_the_citizen_takes_the_case_back_after_it():
    case = factories.resolved()
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY)
    assert standing(case)[0] == "on_time"
    disputed = factories.resolved()
    dispute(disputed, FRIDAY + DAY)
    citizen.withdraw(disputed.pk, actor=Citizen(disputed.pk), now=FRIDAY + 2 * DAY)
    assert standing(disputed)[0] == "withdrawn"


def test_every_case_stands_somewhere():
    assert set(JUDGED) | set(EXCLUDED) == set(Kept)


NOW = FRIDAY


def made_up(dice: random.Random, pk: int) -> tuple[Complaint, list[Clock]]:
    state = dice.choice(sorted(STORED))

    def moment() -> datetime | None:
        return None if dice.random() < 0.2 else NOW + timedelta(hours=dice.randint(-20, 20))

    case = Complaint(
        pk=pk, number=f"X-{pk}", state=state, is_live=False, received_at=NOW - 30 * DAY, subject="x"
    )
    case.agency = factories.make_agency()
    case.ended_at = None if state in ACTIVE else moment()
    case.cycle = rounds = dice.choice([1, 1, 2, 3])
    clocks = []
    for cycle in range(1, rounds + 1) if dice.random() < 0.8 else ():
        # An earlier round is over, and may have been missed.
        stopped = moment() if cycle == rounds else NOW - timedelta(hours=dice.randint(1, 30))
        why = dice.choice([Stopped.DONE, Stopped.WITHDRAWN, Stopped.REJECTED]) if stopped else ""
        promised = moment()
        due = promised and promised + timedelta(hours=dice.choice([0, 0, 10]))
        clocks.append(
            Clock(
                complaint=case,
                stage="resolution",
                cycle=cycle,
                calendar=OfficeCalendar.objects.first(),
                amount=1,
                unit="working_days",
                started_at=NOW - 30 * DAY,
                promised_at=promised,
                due_at=due,
                stopped_at=stopped,
                stopped_by=why,
            )
        )
    case.target_at = clocks[-1].due_at if clocks else moment()
    return case, clocks


@pytest.mark.parametrize("extended", [False, True])
def test_the_database_says_of_many_what_is_said_of_one(extended):
    factories.make_city()
    dice = random.Random(7)
    rows = [made_up(dice, pk) for pk in range(1, 400)]
    Complaint.objects.bulk_create([case for case, _clocks in rows])
    Clock.objects.bulk_create([clock for _case, clocks in rows for clock in clocks])
    found = dict(Complaint.objects.annotate(kept=kept(NOW, extended=extended)).values_list("pk", "kept"))
    expected = {}
    for case, clocks in rows:
        rounds = [
            Round(c.due_at if extended else c.promised_at, c.stopped_at, c.stopped_by == Stopped.DONE)
            for c in clocks
        ]
        expected[case.pk] = judge(case.state, rounds, NOW, target=case.target_at, ended=case.ended_at)
    assert found == expected
    at_once = with_kept(Complaint.objects.all(), NOW, "number")
    assert {row["number"]: row["extended" if extended else "first"] for row in at_once} == {
        f"X-{pk}": stands for pk, stands in expected.items()
    }
    assert set(found.values()) == set(Kept)
