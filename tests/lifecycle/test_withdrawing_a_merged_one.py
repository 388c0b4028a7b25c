"""Budi's report was merged into Ani's. He takes his own back: hers goes on, and he hears no more of it."""

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.models import Complaint, EventKind, Message
from complaints.public.standing import standing_of
from complaints.services import citizen, handling, verification
from complaints.services.change import NotPossible
from complaints.states import State
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.soundness import what_is_broken
from tests.tracking.mine import MINE, citizen_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = FRIDAY + 3 * DAY


@pytest.fixture
def pair() -> tuple[Complaint, Complaint]:
    """Ani's, in progress, and Budi's, merged into it."""
    main = factories.in_progress(email="ani@tuntas.test")
    case = factories.file_complaint(email="budi@tuntas.test")
    verifier = factories.make_user(Role.VERIFIER)
    verification.merge(case.pk, actor=verifier, now=FRIDAY + HOUR, into=main.pk)
    return fresh(main), fresh(case)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.select_related("merged_into").get(pk=case.pk)


def take_back(case: Complaint) -> Complaint:
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=LATER, why="Sudah pindah")
    return fresh(case)


def answer(main: Complaint) -> None:
    officer = factories.officer_of(main)
    handling.resolve(main.pk, actor=officer, now=LATER + HOUR, answer="Sudah ditambal.")


def test_his_own_ends_and_hers_goes_on(pair):
    main, case = pair
    case = take_back(case)
    assert (case.state, case.merged_into) == (State.WITHDRAWN, None)
    assert fresh(main).state == State.IN_PROGRESS
    assert case.events.get(kind=EventKind.WITHDRAWN).said == {"from": main.number}
    assert main.events.get(kind=EventKind.MERGE_LEFT).said == {"from": case.number}
    assert what_is_broken() == {}


def test_he_hears_no_more_of_hers_and_she_does(pair):
    main, case = pair
    take_back(case)
    answer(main)
    told = Message.objects.filter(template=Message.Template.RESOLUTION, user=None)
    assert [row.complaint_id for row in told] == [main.pk]


def test_a_mail_about_hers_that_had_not_left_yet_does_not_leave(pair):
    main, case = pair
    answer(main)
    take_back(case)
    message = Message.objects.get(template=Message.Template.RESOLUTION, complaint=case)
    assert message.dropped_at is not None


def test_his_page_tells_the_two_apart(pair):
    main, case = pair
    text = citizen_of(case).get(MINE).content.decode()
    assert "Only your own report is taken back" in text and "goes on" in text
    answered = citizen_of(case).post(f"{MINE}withdraw/", {"why": ""}, follow=True).content.decode()
    assert f"You have withdrawn your report. Report {main.number} goes on." in answered
    standing = standing_of(fresh(case), Citizen(case.pk), LATER)
    assert standing.state == "Withdrawn" and standing.main is None and not any(standing.can.values())
    titles = [item.title for item in standing.timeline]
    assert titles[0] == f"You withdrew your report; report {main.number} goes on"


def test_what_happened_until_then_stays_on_his_page_and_what_comes_after_does_not(pair):
    main, case = pair
    case = take_back(case)
    answer(main)
    titles = [item.title for item in standing_of(case, Citizen(case.pk), LATER + DAY).timeline]
    assert "Work has begun; an officer is responsible" in titles
    assert "The city's answer" not in titles


def test_staff_read_on_hers_that_he_left(pair):
    main, case = pair
    take_back(case)
    titles = [item.title for item in timeline_for(fresh(main), factories.officer_of(main))]
    assert f"Report {case.number} no longer follows this one: its citizen withdrew it" in titles


def test_once_hers_is_over_nothing_is_left_to_take_back(pair):
    main, case = pair
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=LATER)
    assert fresh(case).state == State.ASSIGNED  # it goes on in its place
    case2 = factories.file_complaint()
    verification.merge(case2.pk, actor=factories.make_user(Role.VERIFIER), now=LATER, into=case.pk)
    answer_of = fresh(case)
    officer = factories.officer_of(answer_of)
    handling.accept(case.pk, actor=officer, now=LATER, handler=officer)
    handling.resolve(case.pk, actor=officer, now=LATER, answer="Sudah.")
    citizen.confirm(case.pk, actor=Citizen(case.pk), now=LATER)
    with pytest.raises(NotPossible):
        citizen.withdraw(case2.pk, actor=Citizen(case2.pk), now=LATER)
    assert not standing_of(fresh(case2), Citizen(case2.pk), LATER).can["withdraw"]


def test_when_she_withdraws_afterwards_his_does_not_go_on(pair):
    main, case = pair
    take_back(case)
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=LATER + HOUR)
    assert fresh(case).state == State.WITHDRAWN
