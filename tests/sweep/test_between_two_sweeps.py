"""What happens to a case between two sweeps counts as if a sweep had come after each step."""

from datetime import date

import pytest

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.models import Complaint, Event
from complaints.services import citizen, handling, parties, verification
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import (
    Decision,
    Escalation,
    EscalationRule,
    EscalationState,
    Trigger,
)
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db

LATE = FRIDAY + 31 * DAY  # a Monday, both targets missed
SOON = LATE + DAY


@pytest.fixture(autouse=True)
def rules() -> None:
    for trigger, level in (
        (Trigger.BREACH, 1),
        (Trigger.DISPUTED, 1),
        (Trigger.UNACKNOWLEDGED, 2),
        (Trigger.UNACKNOWLEDGED, 3),
    ):
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))


@pytest.fixture
def head() -> User:
    return factories.make_user(Role.AGENCY_HEAD)


@pytest.fixture
def late(head: User) -> Complaint:
    """Raised to the head because it is late."""
    case = factories.in_progress()
    run_sweep(LATE)
    assert courses(case) == [(Trigger.BREACH, 1, EscalationState.RAISED)]
    return case


def answer_and_dispute(case: Complaint) -> None:
    handling.resolve(case.pk, actor=factories.officer_of(case), now=LATE + HOUR, answer="Sudah")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=LATE + 2 * HOUR, why="Belum")


def courses(case: Complaint) -> list[tuple[str, int, str]]:
    rows = Escalation.objects.filter(complaint=case).order_by("pk")
    return list(rows.values_list("trigger", "level", "state"))


def test_an_answer_lifts_what_was_raised_though_it_was_disputed_before_the_sweep(late: Complaint) -> None:
    answer_and_dispute(late)
    run_sweep(SOON)
    assert courses(late) == [
        (Trigger.BREACH, 1, EscalationState.LIFTED),
        (Trigger.DISPUTED, 1, EscalationState.RAISED),
    ]
    assert Escalation.objects.get(trigger=Trigger.BREACH).lifted_at == SOON
    event = Event.objects.get(complaint=late, kind=LadderEvent.ESCALATION_LIFTED)
    assert (event.data["level"], event.data["because"], event.data["state"]) == (1, "answered", "resolved")


def test_the_dispute_climbs_when_nobody_answers_it(late: Complaint) -> None:
    answer_and_dispute(late)
    for days in range(20):
        run_sweep(SOON + days * DAY)
    causes = Escalation.objects.filter(trigger=Trigger.UNACKNOWLEDGED, level=2).values_list(
        "cause", flat=True
    )
    assert list(causes) == ["disputed:cycle:2"]


def test_what_was_acknowledged_is_lifted_too_and_what_was_decided_stays(late: Complaint, head: User) -> None:
    breach = Escalation.objects.get()
    acknowledge(breach.pk, actor=head, now=LATE)
    run_sweep(LATE + 10 * DAY)  # not decided in time: it climbs
    above = Escalation.objects.get(level=2)
    supervisor = factories.make_user(Role.SUPERVISOR)
    ruling = Ruling(Decision.UNFOUNDED, "Tidak beralasan")
    decide(above.pk, actor=supervisor, now=LATE + 10 * DAY, ruling=ruling)
    handling.resolve(late.pk, actor=factories.officer_of(late), now=LATE + 11 * DAY, answer="Sudah")
    citizen.dispute(late.pk, actor=Citizen(late.pk), now=LATE + 12 * DAY, why="Belum")
    run_sweep(LATE + 13 * DAY)
    assert courses(late) == [
        (Trigger.BREACH, 1, EscalationState.LIFTED),
        (Trigger.UNACKNOWLEDGED, 2, EscalationState.DECIDED),
        (Trigger.DISPUTED, 1, EscalationState.RAISED),
    ]


def test_the_next_rung_is_the_one_above_the_dispute(late: Complaint) -> None:
    run_sweep(LATE + 10 * DAY)
    assert Escalation.objects.filter(level=2).exists()
    handling.resolve(late.pk, actor=factories.officer_of(late), now=LATE + 11 * DAY, answer="Sudah")
    citizen.dispute(late.pk, actor=Citizen(late.pk), now=LATE + 12 * DAY, why="Belum")
    run_sweep(LATE + 13 * DAY)
    late.refresh_from_db()
    assert late.next_level == 2


def test_a_dispute_is_raised_though_the_case_was_handed_back_before_the_sweep() -> None:
    case = factories.resolved()
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, why="Belum")
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=FRIDAY + HOUR, why="Bukan kami")
    run_sweep(FRIDAY + 2 * HOUR)
    assert courses(case) == [(Trigger.DISPUTED, 1, EscalationState.RAISED)]


def test_a_dispute_is_raised_though_the_case_is_with_another_agency_before_the_sweep() -> None:
    case = factories.resolved()
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, why="Belum")
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=FRIDAY + HOUR, why="Bukan kami")
    routing = verification.Routing([factories.make_agency("DLHK")])
    verification.assign(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY + HOUR, routing=routing)
    run_sweep(FRIDAY + 2 * HOUR)
    assert courses(case) == [(Trigger.DISPUTED, 1, EscalationState.RAISED)]


def test_a_dispute_is_raised_though_it_takes_the_case_out_of_the_agency_s_hands() -> None:
    case = factories.resolved()
    assert case.agency is not None
    supervisor = factories.make_user(Role.SUPERVISOR)
    parties.name_party(case.pk, actor=supervisor, now=FRIDAY, why="Diadukan", agency=case.agency)
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, why="Belum")
    run_sweep(FRIDAY + 2 * HOUR)
    assert courses(case) == [(Trigger.DISPUTED, 1, EscalationState.RAISED)]
