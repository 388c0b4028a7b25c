"""What falls due is done, once, whoever runs the sweep and however late."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, DataError, connection

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.models import Clock, Complaint, Event, EventKind
from complaints.services import citizen, handling, verification
from escalation.ladder import sweep as sweep_module
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Escalation, EscalationRule, EscalationState, Trigger
from escalation.ladder.visit import Visit
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.readers import staff_messages, told

pytestmark = pytest.mark.django_db

MUCH_LATER = FRIDAY + 60 * DAY


@pytest.fixture(autouse=True)
def rules() -> None:
    for trigger, level, amount in (
        (Trigger.BREACH, 1, 0),
        (Trigger.DISPUTED, 1, 0),
        (Trigger.HANDED_BACK, 1, 3),
        (Trigger.UNACKNOWLEDGED, 2, 0),
        (Trigger.UNACKNOWLEDGED, 3, 0),
    ):
        EscalationRule.objects.create(
            trigger=trigger, level=level, amount=amount, valid_from=date(2018, 1, 1)
        )


def kinds(case: Complaint) -> list[str]:
    return list(Event.objects.filter(complaint=case).order_by("seq").values_list("kind", flat=True))


def test_nothing_due_changes_nothing() -> None:
    factories.in_progress()
    result = run_sweep(FRIDAY)
    assert (result.due, result.warned, result.escalated) == (0, 0, 0)


def test_the_handler_is_reminded_once_before_the_target_is_missed() -> None:
    case = factories.in_progress()
    clock = Clock.objects.get(complaint=case, stage="first_response")
    assert clock.warn_at is not None
    assert run_sweep(clock.warn_at).warned == 1
    assert run_sweep(clock.warn_at + HOUR).warned == 0
    assert staff_messages(template="reminder", user=case.handler).count() == 1


def test_a_missed_target_is_raised_to_the_agency_head_exactly_once() -> None:
    case = factories.in_progress()
    head = factories.make_user(Role.AGENCY_HEAD)
    due = Clock.objects.get(complaint=case, stage="first_response").due_at
    assert due is not None
    assert run_sweep(due - timedelta(seconds=1)).escalated == 0
    assert run_sweep(due).escalated == 1
    assert run_sweep(due + HOUR).escalated == 0
    raised = Escalation.objects.get(complaint=case)
    assert (raised.level, raised.trigger) == (1, Trigger.BREACH)
    message = staff_messages().get(template="escalation")
    assert message.user == head
    # Due falls at closing time: the mail waits for the next working morning.
    assert message.due_at == datetime(2026, 11, 29, 23, 30, tzinfo=UTC)


def test_an_unassigned_case_is_raised_too() -> None:
    case = factories.file_complaint()
    supervisor = factories.make_user(Role.SUPERVISOR)
    assert case.due_at is not None
    assert run_sweep(case.due_at).escalated == 1
    assert told("escalation") == {supervisor}


def test_a_sweep_not_run_for_weeks_makes_up_for_all_of_it_at_once() -> None:
    factories.make_user(Role.AGENCY_HEAD)
    case = factories.in_progress()
    asked = factories.awaiting()
    answered = factories.resolved()
    result = run_sweep(MUCH_LATER)
    assert (result.due, result.escalated, result.lapsed, result.closed) == (3, 1, 1, 1)
    case.refresh_from_db()
    assert case.next_action_at is not None and case.next_action_at > MUCH_LATER
    # Both of its clocks were missed; it is raised once, with both named.
    event = Event.objects.get(complaint=case, kind=LadderEvent.ESCALATED)
    assert [stage for stage, _ in event.data["missed"]] == ["resolution", "first_response"]
    for case, state in ((asked, "lapsed"), (answered, "closed")):
        case.refresh_from_db()
        assert case.state == state
    assert kinds(answered)[-1] == EventKind.AUTO_CLOSED
    assert run_sweep(MUCH_LATER).due == 0


def test_a_question_to_the_citizen_stops_the_clock_until_the_answer() -> None:
    case = factories.awaiting()
    assert case.target_at is None
    run_sweep(FRIDAY + 20 * DAY)
    assert not Escalation.objects.exists()
    case = citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 20 * DAY, text="Di pasar")
    assert case.due_at is not None and case.due_at > FRIDAY + 20 * DAY


def test_a_disputed_answer_is_raised_at_once() -> None:
    case = factories.resolved()
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, why="Masih rusak")
    assert run_sweep(FRIDAY + DAY).escalated == 1
    assert Escalation.objects.get().trigger == Trigger.DISPUTED


def test_the_third_hand_back_is_raised_the_second_is_not() -> None:
    case = factories.file_complaint()
    verifier = factories.make_user(Role.VERIFIER)
    officer = factories.make_user(Role.OFFICER)
    routing = verification.Routing([officer.agency])  # type: ignore[list-item]
    for times in (1, 2, 3):
        verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=routing)
        handling.hand_back(case.pk, actor=officer, now=FRIDAY, why="Bukan kewenangan kami")
        assert run_sweep(FRIDAY).escalated == (1 if times == 3 else 0)


def test_an_escalation_nobody_acknowledges_climbs_rung_by_rung() -> None:
    case = factories.in_progress()
    factories.make_user(Role.AGENCY_HEAD)
    ombudsman = factories.make_user(Role.SUPERVISOR)
    at = MUCH_LATER
    for _ in range(5):
        run_sweep(at)
        at += 7 * DAY
    levels = list(Escalation.objects.filter(complaint=case).order_by("level").values_list("level", flat=True))
    assert levels == [1, 2, 3]
    assert ombudsman in told("escalation")
    case.refresh_from_db()
    assert case.next_action_at is not None and case.next_action_at >= at - 7 * DAY


def test_an_answer_lifts_the_escalation() -> None:
    case = factories.in_progress()
    run_sweep(MUCH_LATER)
    handling.resolve(case.pk, actor=factories.officer_of(case), now=MUCH_LATER, answer="Sudah")
    run_sweep(MUCH_LATER + HOUR)
    escalation = Escalation.objects.get()
    assert (escalation.state, escalation.lifted_at) == (EscalationState.LIFTED, MUCH_LATER + HOUR)
    assert kinds(case)[-1] == LadderEvent.ESCALATION_LIFTED


def test_one_bad_case_is_put_aside_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [factories.in_progress(subject=f"Kasus {n}") for n in range(5)]
    bad = cases[2].pk
    good_run = Visit.run

    def run(visit: Visit) -> None:
        if visit.case.pk == bad:
            raise RecursionError
        good_run(visit)

    monkeypatch.setattr(Visit, "run", run)
    result = run_sweep(MUCH_LATER, batch=2)
    assert (result.due, result.escalated, result.failed) == (5, 4, 1)
    aside = Complaint.objects.get(pk=bad)
    assert (aside.sweep_error, aside.next_action_at) == ("RecursionError", MUCH_LATER + HOUR)


def test_a_case_that_does_not_store_is_put_aside_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [factories.in_progress(subject=f"Kasus {n}") for n in range(5)]
    good_store = sweep_module._store
    tried = []

    def store(visits: list[Visit]) -> None:
        tried.append(len(visits))
        if cases[1].pk in {visit.case.pk for visit in visits}:
            raise ValueError
        good_store(visits)

    monkeypatch.setattr(sweep_module, "_store", store)
    result = run_sweep(MUCH_LATER)
    assert (result.due, result.escalated, result.failed) == (5, 4, 1)
    assert Complaint.objects.exclude(sweep_error="").get().pk == cases[1].pk
    assert tried == [5, 3, 2, 1, 1, 1, 2]  # by halves, so that the rest goes on together


def test_a_visit_that_the_database_refuses_is_put_aside_with_its_own_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On PostgreSQL its transaction is over then, and the next statement would tell of that alone."""
    cases, good_run = [factories.in_progress() for _ in range(3)], Visit.run

    def run(visit: Visit) -> None:
        if visit.case.pk == cases[1].pk:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT * FROM nothing_such")
            raise DataError
        good_run(visit)

    monkeypatch.setattr(Visit, "run", run)
    result = run_sweep(MUCH_LATER)
    assert (result.due, result.escalated, result.failed) == (3, 2, 1)
    assert Complaint.objects.exclude(sweep_error="").get().pk == cases[1].pk
    assert Complaint.objects.get(pk=cases[1].pk).sweep_error == "DataError"


def test_a_sweep_that_gets_nothing_because_another_holds_it_goes_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = factories.in_progress()
    asked = []

    def claim(now: datetime, batch: int, pk: int | None = None) -> list[Complaint]:
        asked.append(batch)
        if len(asked) > 1:
            pytest.fail("it would ask for ever")
        return []

    monkeypatch.setattr(sweep_module, "_claim", claim)
    assert run_sweep(MUCH_LATER).due == 0
    assert Complaint.objects.needing_action(MUCH_LATER).get() == case


def test_the_cost_follows_what_is_due_not_what_is_open(django_assert_num_queries: object) -> None:
    for n in range(4):
        factories.in_progress(subject=f"Kasus {n}")
    run_sweep(FRIDAY)
    # The rules and calendars, the state of the ladder, one look, what to lift (5); then changed
    # standards, one question for all that agencies owe, inputs, minutes and effects, and one for reports (3).
    with django_assert_num_queries(8):
        run_sweep(FRIDAY)


def test_the_sweep_reads_its_index() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "complaint_sweep" in Complaint.objects.needing_action(FRIDAY)[:500].explain()
