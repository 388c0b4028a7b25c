"""A moment that passed, was noticed, and later moved into the future was not missed: what was raised for it is
lifted, who was told is told so, and it is raised anew when the new moment passes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.mail.letters import compose
from complaints.models import (
    Clock,
    Complaint,
    Event,
    EventKind,
    Holiday,
    OfficeCalendar,
    Pause,
)
from complaints.models.policy import Stage
from complaints.services import citizen, handling, system, verification
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Decision, Escalation, EscalationRule, EscalationState, Lifted, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.readers import staff_messages, told
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db


def closing(day: int, month: int = 12) -> datetime:
    """16:00 in Kupang."""
    return datetime(2026, month, day, 8, 0, tzinfo=UTC)


def rule(trigger: Trigger, level: int, amount: int = 0, stage: str = "") -> EscalationRule:
    found: EscalationRule = EscalationRule.objects.create(
        trigger=trigger, level=level, amount=amount, stage=stage, valid_from=date(2018, 1, 1)
    )
    return found


@pytest.fixture
def head() -> User:
    return factories.make_user(Role.AGENCY_HEAD)


@pytest.fixture
def supervisor() -> User:
    return factories.make_user(Role.SUPERVISOR)


@pytest.fixture
def case(head: User, supervisor: User) -> Complaint:
    """Due on Thursday 10 December; its first response is given."""
    rule(Trigger.BREACH, 1)
    rule(Trigger.UNACKNOWLEDGED, 2)
    rule(Trigger.UNACKNOWLEDGED, 3)
    case = factories.in_progress(email="ani@warga.test")
    # Its first response is a question, answered at once.
    officer = factories.officer_of(case)
    verification.ask_citizen(case.pk, actor=officer, now=FRIDAY, question="Di mana?")
    case = citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY, text="Di pasar")
    assert case.target_at == closing(10)
    return case


def days_off(*days: int, month: int = 12, year: int = 2026) -> None:
    for day in days:
        Holiday.objects.create(
            calendar=OfficeCalendar.objects.get(),
            on=date(year, month, day),
            name_id="Cuti bersama",
            name_en="Joint leave",
        )


TEN_DAYS = (9, 10, 11, 14, 15, 16, 17, 18, 21, 22)  # with these, due on 24 December


def move(case: Complaint, now: datetime) -> None:
    system.move_deadlines(case.pk, by=None, now=now, reason="Cuti bersama")


def clock_of(case: Complaint, stage: Stage = Stage.RESOLUTION) -> Clock:
    return Clock.objects.get(complaint=case, stage=stage, stopped_at=None)


def escalations(case: Complaint) -> list[tuple[Any, ...]]:
    rows = Escalation.objects.filter(complaint=case).order_by("pk")
    return [(e.level, e.trigger, e.state, e.lifted_because) for e in rows]


def test_days_off_decided_late_lift_what_was_raised_and_the_true_miss_is_raised_anew(
    case: Complaint, head: User
) -> None:
    run_sweep(closing(10) + HOUR)
    assert clock_of(case).breached_at == closing(10) + HOUR
    days_off(*TEN_DAYS)
    move(case, closing(11))
    assert clock_of(case).due_at == closing(24)
    assert clock_of(case).breached_at is None
    run_sweep(closing(11) + HOUR)
    assert escalations(case) == [(1, "breach", "lifted", Lifted.MOVED)]
    assert run_sweep(closing(16)).escalated == 0  # it would have climbed
    assert run_sweep(closing(23) + HOUR).escalated == 0
    run_sweep(closing(24) + HOUR)
    assert escalations(case)[1:] == [(1, "breach", "raised", "")]
    assert clock_of(case).breached_at == closing(24) + HOUR
    run_sweep(closing(24) + 10 * DAY)
    assert (2, "unacknowledged", "raised", "") in escalations(case)
    assert not what_is_broken()


def test_the_event_says_that_the_miss_was_taken_back_and_why_it_was_lifted(case: Complaint) -> None:
    run_sweep(closing(10) + HOUR)
    days_off(*TEN_DAYS)
    move(case, closing(11))
    moved = Event.objects.get(complaint=case, kind=EventKind.DEADLINES_MOVED)
    assert moved.data["moved"] == [["resolution", closing(10).isoformat(), closing(24).isoformat()]]
    assert moved.data["taken_back"] == ["resolution"]
    run_sweep(closing(11) + HOUR)
    lifted = Event.objects.get(complaint=case, kind=LadderEvent.ESCALATION_LIFTED)
    assert lifted.data["because"] == Lifted.MOVED
    assert lifted.data["due"] == closing(24).isoformat()
    assert (lifted.data["level"], lifted.data["trigger"]) == (1, "breach")


def test_who_was_told_of_the_miss_is_told_that_it_is_lifted(case: Complaint, head: User) -> None:
    run_sweep(closing(10) + HOUR)
    days_off(*TEN_DAYS)
    move(case, closing(11))
    run_sweep(closing(11) + HOUR)
    mail = staff_messages().get(template="escalation_lifted", user=head)
    body = compose([mail]).body
    assert "24 Desember 2026" in body


def test_what_climbed_already_is_lifted_on_every_level(case: Complaint, supervisor: User) -> None:
    run_sweep(closing(10) + HOUR)
    run_sweep(closing(17))
    assert [row[:2] for row in escalations(case)] == [(1, "breach"), (2, "unacknowledged")]
    days_off(*TEN_DAYS)
    move(case, closing(17) + HOUR)
    run_sweep(closing(17) + 2 * HOUR)
    assert {row[2:] for row in escalations(case)} == {("lifted", Lifted.MOVED)}
    assert staff_messages(template="escalation_lifted", user=supervisor).count() == 1


def test_what_was_acknowledged_is_lifted_and_what_was_instructed_stays(case: Complaint, head: User) -> None:
    run_sweep(closing(10) + HOUR)
    acknowledge(Escalation.objects.get().pk, actor=head, now=closing(10) + HOUR)
    days_off(*TEN_DAYS)
    move(case, closing(11))
    run_sweep(closing(11) + HOUR)
    assert escalations(case) == [(1, "breach", "lifted", Lifted.MOVED)]


def test_an_instruction_given_for_the_miss_stays_and_is_watched(case: Complaint, head: User) -> None:
    run_sweep(closing(10) + HOUR)
    pk = Escalation.objects.get().pk
    decide(pk, actor=head, now=closing(10) + HOUR, ruling=Ruling(Decision.INSTRUCT, "Segera", days=2))
    days_off(18, 21, 22, 23, 24, 25, 28, 29, 30, 31)
    days_off(9, 10, 11)
    move(case, closing(14))
    assert clock_of(case).breached_at is None
    run_sweep(closing(14) + HOUR)
    assert escalations(case) == [(1, "breach", "decided", "")]
    run_sweep(closing(15))
    assert escalations(case)[1:] == [(2, "unacknowledged", "raised", "")]  # the word was not kept


def test_a_day_that_moves_but_not_past_now_stays_missed(case: Complaint) -> None:
    run_sweep(closing(14))
    days_off(9)
    move(case, closing(16))
    assert clock_of(case).due_at == closing(11)
    assert clock_of(case).breached_at == closing(14)
    run_sweep(closing(16) + HOUR)
    assert (1, "breach", "raised", "") in escalations(case)
    assert Event.objects.filter(kind=LadderEvent.ESCALATION_LIFTED).count() == 0


def test_a_share_that_is_no_longer_used_is_lifted_and_raised_anew(head: User) -> None:
    rule(Trigger.SHARE, 1, 75)
    case = factories.in_progress()
    at = closing(7)
    assert run_sweep(at).escalated >= 1
    shares = Escalation.objects.filter(trigger="share", cause__startswith="resolution")
    assert shares.get().state == EscalationState.RAISED
    days_off(2, 3, 4, 7, 8, 9, 10, 11)
    move(case, at + HOUR)
    run_sweep(at + 2 * HOUR)
    assert shares.get().lifted_because == Lifted.MOVED
    again = closing(18)
    run_sweep(again)
    assert shares.filter(state=EscalationState.RAISED).count() == 1
    assert shares.count() == 2


def test_a_reminder_comes_again_before_the_new_day(case: Complaint) -> None:
    reminders = {"template": "reminder", "user": case.handler}
    run_sweep(closing(8))
    assert staff_messages(**reminders).count() == 1
    days_off(1, 2, 3, 4, 7)
    move(case, closing(8) + HOUR)
    warn_at = clock_of(case).warn_at
    assert warn_at is not None and warn_at > closing(8) + HOUR
    run_sweep(warn_at)
    assert staff_messages(**reminders).count() == 2


@pytest.mark.parametrize("stage", [Stage.FIRST_RESPONSE, Stage.VERIFICATION])
def test_the_same_for_the_other_stages(stage: Stage, head: User, supervisor: User) -> None:
    rule(Trigger.BREACH, 1)
    case = factories.file_complaint() if stage == Stage.VERIFICATION else factories.assigned()
    due = clock_of(case, stage).due_at
    assert due is not None
    run_sweep(due + HOUR)
    first = due.date()
    for ahead in range(-1, 6):
        day = first + timedelta(days=ahead)
        days_off(day.day, month=day.month)
    move(case, due + 2 * HOUR)
    assert clock_of(case, stage).breached_at is None
    run_sweep(due + 3 * HOUR)
    assert escalations(case) == [(1, "breach", "lifted", Lifted.MOVED)]
    new = clock_of(case, stage).due_at
    assert new is not None and new > due + 3 * HOUR
    run_sweep(new)
    assert escalations(case)[1] == (1, "breach", "raised", "")


def test_of_two_stages_missed_at_once_the_one_that_stays_missed_is_still_before_the_head(
    head: User, supervisor: User
) -> None:
    """First response and resolution were noticed by one sweep and raised once, in the name of the resolution."""
    rule(Trigger.BREACH, 1)
    case = factories.assigned()
    run_sweep(closing(10) + HOUR)
    assert Escalation.objects.get().cause.startswith("resolution")
    days_off(*TEN_DAYS)
    move(case, closing(11))
    run_sweep(closing(11) + HOUR)
    by_cause = {e.cause.split(":")[0]: e.state for e in Escalation.objects.all()}
    assert by_cause == {"resolution": "lifted", "first_response": "raised"}


def test_an_extension_by_the_head_lifts_what_climbed_for_the_same_miss(case: Complaint, head: User) -> None:
    run_sweep(closing(10) + HOUR)
    run_sweep(closing(17))
    mine = Escalation.objects.get(level=1)
    decide(
        mine.pk, actor=head, now=closing(17) + HOUR, ruling=Ruling(Decision.EXTEND, "Menunggu aspal", days=10)
    )
    run_sweep(closing(17) + 2 * HOUR)
    assert escalations(case) == [(1, "breach", "decided", ""), (2, "unacknowledged", "lifted", Lifted.MOVED)]
    event = Event.objects.filter(complaint=case, kind=LadderEvent.ESCALATION_DECIDED).latest("seq")
    assert event.data["taken_back"] == ["resolution"]


def test_a_pause_recorded_late_takes_the_miss_back(case: Complaint) -> None:
    """Nothing records one today but what parts take over from their lead; the clock must be right for them all."""
    run_sweep(closing(10) + HOUR)
    Pause.objects.create(complaint=case, started_at=closing(1), ended_at=closing(9))
    move(case, closing(11))
    assert clock_of(case).breached_at is None
    run_sweep(closing(11) + HOUR)
    assert escalations(case) == [(1, "breach", "lifted", Lifted.MOVED)]


def test_who_works_on_it_is_told_too_where_no_rule_raises_a_miss(head: User) -> None:
    case = factories.in_progress()
    run_sweep(closing(10) + HOUR)
    assert case.handler in told("breach")
    days_off(*TEN_DAYS)
    move(case, closing(11))
    assert case.handler in told("not_missed")


def test_the_citizen_reads_the_new_day_and_staff_read_why_it_was_lifted(
    case: Complaint, head: User, in_english: None
) -> None:
    run_sweep(closing(10) + HOUR)
    days_off(*TEN_DAYS)
    move(case, closing(11))
    run_sweep(closing(11) + HOUR)
    titles = [item.title for item in timeline_for(case, head)]
    assert any("lifted" in title and "24 December 2026" in title for title in titles)


def test_what_was_raised_because_nobody_was_charged_any_more_is_lifted_too(
    case: Complaint, head: User
) -> None:
    run_sweep(closing(10) + HOUR)
    ruling = Ruling(Decision.UNFOUNDED, "Sudah ditangani")
    decide(Escalation.objects.get().pk, actor=head, now=closing(11), ruling=ruling)
    now = closing(11)
    again = Escalation.objects.filter(cause__startswith="again")
    while not again.exists() and now < closing(31):
        now += DAY
        run_sweep(now)
    assert again.get().is_open
    for month, days in ((12, range(9, 32)), (1, range(1, 9))):
        for day in days:
            if date(2026 + (month == 1), month, day).weekday() < 5:
                days_off(day, month=month, year=2026 + (month == 1))
    move(case, now + HOUR)
    assert clock_of(case).breached_at is None
    run_sweep(now + 2 * HOUR)
    assert again.get().lifted_because == Lifted.MOVED


@pytest.mark.parametrize("acknowledged", [False, True])
def test_days_off_decided_late_give_the_level_its_time_too(
    case: Complaint, head: User, acknowledged: bool
) -> None:
    """Three working days to answer a dispute, and then the offices were closed on two of them."""
    rule(Trigger.DISPUTED, 1)
    handling.resolve(case.pk, actor=factories.officer_of(case), now=FRIDAY, answer="Sudah")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, why="Belum")
    run_sweep(FRIDAY + HOUR)
    raised = Escalation.objects.get(trigger="disputed")
    if acknowledged:
        acknowledge(raised.pk, actor=head, now=FRIDAY + HOUR)
    days_off(24, 25, month=11)
    run_sweep(closing(25, 11) + HOUR)
    assert not Escalation.objects.filter(level=2).exists()
    raised.refresh_from_db()
    assert raised.due_at == closing(27, 11)
    assert not what_is_broken()
    run_sweep(closing(27, 11))
    assert Escalation.objects.filter(level=2).exists()


def test_an_instructions_day_stays_as_it_was_given(case: Complaint, head: User) -> None:
    run_sweep(closing(10) + HOUR)
    pk = Escalation.objects.get().pk
    decide(pk, actor=head, now=closing(10) + HOUR, ruling=Ruling(Decision.INSTRUCT, "Segera", days=2))
    days_off(14, 15)
    run_sweep(closing(15) + HOUR)
    assert Escalation.objects.filter(level=2).exists()


def test_what_moves_the_whole_takes_the_miss_of_its_parts_back(head: User, supervisor: User) -> None:
    rule(Trigger.BREACH, 1)
    lead, other = factories.make_agency(), factories.make_agency("DLH")
    case, verifier = factories.file_complaint(), factories.make_user(Role.VERIFIER)
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=verification.Routing([lead, other]))
    part = case.children.get()
    run_sweep(closing(10) + HOUR)
    missed = Escalation.objects.filter(complaint=part, cause__startswith="resolution")
    assert missed.get().is_open
    waiting = Escalation.objects.filter(complaint=case, cause__startswith="resolution").get()
    ruling = Ruling(Decision.EXTEND, "Hujan", days=10)
    decide(waiting.pk, actor=supervisor, now=closing(11), ruling=ruling)
    assert clock_of(part).breached_at is None
    run_sweep(closing(11) + HOUR)
    assert missed.get().lifted_because == Lifted.MOVED
    assert not what_is_broken()
