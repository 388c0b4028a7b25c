"""Two questions of one round stop the clock; a third may be asked, and the promise runs on."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.clock.calendars import calendar_for
from complaints.clock.words import explanation, remaining
from complaints.desk.forms.actions import RUNS_ON, STOPS
from complaints.mail.letters import compose
from complaints.models import Clock, Complaint, Event, EventKind, Message, Pause, ServiceLevel
from complaints.models.policy import Stage
from complaints.services import citizen, handling, verification
from complaints.services.verification import Routing
from complaints.states import State
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.oversight.waiting import due_soon
from escalation.sweep import run_sweep
from escalation.whatif.collect import Reader, policy_in_force
from escalation.whatif.replay import replay
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db


def closing(day: int, month: int = 12) -> datetime:
    """16:00 in Kupang."""
    return datetime(2026, month, day, 8, 0, tzinfo=UTC)


@pytest.fixture
def verifier() -> User:
    return factories.make_user(Role.VERIFIER)


def ask(case: Complaint, now: datetime) -> Complaint:
    asked = Complaint.objects.get(pk=case.pk)
    actor = User.objects.get(role=Role.VERIFIER) if asked.agency is None else factories.officer_of(asked)
    return verification.ask_citizen(case.pk, actor=actor, now=now, question="Di mana?")


def answer(case: Complaint, now: datetime) -> Complaint:
    return citizen.answer(case.pk, actor=Citizen(case.pk), now=now, text="Di pasar")


def hand_to_an_agency(case: Complaint, now: datetime) -> None:
    actor = User.objects.get(role=Role.VERIFIER)
    case = verification.assign(case.pk, actor=actor, now=now, routing=Routing([factories.make_agency()]))
    officer = factories.officer_of(case)
    handling.accept(case.pk, actor=officer, now=now, handler=officer)


def asked_twice(now: datetime = FRIDAY) -> Complaint:
    """Once by a verifier, once by the agency; both answered within the day, on which the clock counted."""
    case = factories.file_complaint(now, email="ani@warga.test")
    ask(case, now)
    answer(case, now + HOUR)
    hand_to_an_agency(case, now + HOUR)
    ask(case, now + 2 * HOUR)
    return answer(case, now + 3 * HOUR)


def test_a_third_question_is_asked_and_the_promise_runs_on(verifier: User) -> None:
    case = asked_twice()
    promised = case.target_at
    case = ask(case, FRIDAY + DAY)
    assert (case.state, case.target_at) == (State.AWAITING_CITIZEN, promised)
    assert Event.objects.filter(complaint=case).latest("seq").said == {"question": 3, "stops_clock": False}
    assert list(Pause.objects.filter(complaint=case).values_list("stops_clock", flat=True)) == [
        True,
        True,
        False,
    ]
    case = answer(case, FRIDAY + 20 * DAY)
    assert (case.state, case.target_at) == (State.IN_PROGRESS, promised)
    assert not what_is_broken()


def test_it_does_not_help_to_hand_the_case_back_and_ask_anew(verifier: User) -> None:
    case = asked_twice()
    promised = case.target_at
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=FRIDAY + DAY, why="Bukan kami")
    assert ask(case, FRIDAY + DAY).target_at == promised


def test_a_dispute_begins_a_round_with_questions_of_its_own(verifier: User) -> None:
    case = asked_twice()
    handling.resolve(case.pk, actor=factories.officer_of(case), now=FRIDAY + DAY, answer="Sudah")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + 2 * DAY, why="Belum")
    assert ask(case, FRIDAY + 3 * DAY).target_at is None
    answer(case, FRIDAY + 4 * DAY)
    ask(case, FRIDAY + 4 * DAY)
    answer(case, FRIDAY + 5 * DAY)
    assert ask(case, FRIDAY + 6 * DAY).target_at is not None


def test_the_limit_is_the_policys(verifier: User) -> None:
    factories.make_city()
    ServiceLevel.objects.filter(kind="complaint").update(pausing_questions=0)
    ServiceLevel.objects.get(kind="complaint").save()
    case = factories.file_complaint()
    assert case.policy["pausing_questions"] == 0
    assert ask(case, FRIDAY).target_at == closing(10)


def test_a_case_from_before_there_was_a_limit_has_the_usual_one(verifier: User) -> None:
    case = asked_twice()
    policy = {key: value for key, value in case.policy.items() if key != "pausing_questions"}
    Complaint.objects.filter(pk=case.pk).update(policy=policy)
    assert ask(case, FRIDAY + DAY).target_at is not None


def test_who_does_not_answer_lets_the_report_lapse_all_the_same(verifier: User) -> None:
    case = ask(asked_twice(), FRIDAY + DAY)
    assert run_sweep(FRIDAY + 32 * DAY).lapsed == 1
    case.refresh_from_db()
    assert case.state == State.LAPSED
    assert not what_is_broken()


def test_what_is_missed_meanwhile_is_raised_and_climbs(verifier: User) -> None:
    for trigger, level, amount in (
        (Trigger.SHARE, 1, 90), (Trigger.BREACH, 1, 0), (Trigger.OVERDUE, 2, 2),
    ):  # fmt: skip
        EscalationRule.objects.create(
            trigger=trigger, level=level, amount=amount, valid_from=date(2018, 1, 1)
        )
    case = ask(asked_twice(), FRIDAY + 15 * DAY)
    for day in (9, 10, 11, 14, 15):
        run_sweep(closing(day) + HOUR)
    raised = set(Escalation.objects.filter(complaint=case).values_list("trigger", flat=True))
    assert raised == {"share", "breach", "overdue"}


def test_the_what_if_replays_it_as_it_was(verifier: User) -> None:
    for trigger, level, amount in ((Trigger.SHARE, 1, 90), (Trigger.BREACH, 1, 0), (Trigger.OVERDUE, 2, 2)):
        EscalationRule.objects.create(
            trigger=trigger, level=level, amount=amount, valid_from=date(2018, 1, 1)
        )
    case = ask(asked_twice(), FRIDAY + 15 * DAY)
    now = closing(15) + HOUR
    run_sweep(now)
    case.refresh_from_db()
    fact = dict(Reader().facts(Complaint.objects.all(), 0, 10))[case.pk]
    outcome = replay(fact, policy_in_force(), now)
    dues = dict(zip([clock.stage for clock in fact.clocks], outcome.dues, strict=True))
    assert dues["resolution"] == case.target_at
    assert {"breach", "overdue"} <= {raised.trigger for raised in outcome.raised}


def test_pages_and_mail_say_that_the_time_runs_on(verifier: User, client: Client, in_english: None) -> None:
    case = asked_twice()
    client.force_login(factories.officer_of(case))
    page = reverse("complaints:case-detail", args=[case.number])
    assert str(RUNS_ON) in client.get(page, {"do": "ask"}).content.decode()
    case = ask(case, FRIDAY + 3 * DAY)
    calendar = calendar_for(None)[1]
    left = remaining(case, calendar, FRIDAY + 3 * DAY, {})
    assert left.level == "calm"
    assert "13 working days left" in left.words and "citizen" in left.words
    clock = Clock.objects.get(complaint=case, stage=Stage.RESOLUTION)
    pauses = list(Pause.objects.filter(complaint=case))
    lines = [line.words for line in explanation(clock, pauses, calendar, FRIDAY + 4 * DAY)]
    assert any("ran on" in line for line in lines)
    Message.objects.exclude(template="question").delete()
    mail = compose([Message.objects.filter(template="question").latest("pk")]).body
    assert "10 Desember 2026" in mail  # the promise
    assert "23 Desember 2026" in mail  # the citizen's own time


def test_the_first_questions_say_that_the_clock_stands_still(
    verifier: User, client: Client, in_english: None
) -> None:
    case = factories.file_complaint(email="ani@warga.test")
    client.force_login(verifier)
    page = reverse("complaints:case-detail", args=[case.number])
    assert str(STOPS) in client.get(page, {"do": "ask"}).content.decode()
    ask(case, FRIDAY)
    mail = compose([Message.objects.get(template="question")]).body
    assert "more than once" not in mail


def test_the_citizen_of_a_missed_promise_reads_by_when_to_answer(verifier: User) -> None:
    """What falls due next is the city's, which has passed; theirs is to come."""
    case = factories.in_progress(email="ani@warga.test")
    case = ask(case, closing(15))
    assert case.due_at == closing(10)
    mail = compose([Message.objects.get(template="question")]).body
    assert "14 Januari 2027" in mail


def test_what_falls_due_soon_while_the_time_runs_on_is_on_the_list(verifier: User) -> None:
    supervisor = factories.make_user(Role.SUPERVISOR)
    case = ask(asked_twice(), closing(8))
    assert list(due_soon(supervisor, closing(8) + HOUR)) == [case]


def questions(case: Complaint) -> list[dict[str, Any]]:
    return [
        e.said for e in Event.objects.filter(complaint=case, kind=EventKind.QUESTION_ASKED).order_by("seq")
    ]


def test_every_question_says_in_the_history_whether_it_stopped_the_clock(verifier: User) -> None:
    case = ask(asked_twice(), FRIDAY + DAY)
    assert questions(case) == [
        {"question": 1, "stops_clock": True},
        {"question": 2, "stops_clock": True},
        {"question": 3, "stops_clock": False},
    ]
