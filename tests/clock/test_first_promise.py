"""The first promise of each round, what a decision adds to it, and why a clock stopped."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.models import Clock, Complaint, Event, Holiday, OfficeCalendar
from complaints.services import citizen, handling, parties, reassignment, system, verification
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db


def closing(day: int, month: int = 12) -> datetime:
    """16:00 in Kupang."""
    return datetime(2026, month, day, 8, 0, tzinfo=UTC)


def promise(case: Complaint, cycle: int = 1) -> Clock:
    return Clock.objects.get(complaint=case, stage="resolution", cycle=cycle)


def extend(case: Complaint, days: int, now: datetime, role: Role = Role.AGENCY_HEAD) -> None:
    raised = Escalation.objects.create(
        complaint=case, level=1, trigger="breach", cause=str(now), raised_at=now, due_at=now + DAY
    )
    ruling = Ruling(Decision.EXTEND, "Menunggu bahan", days=days)
    decide(raised.pk, actor=factories.make_user(role), now=now, ruling=ruling)


def test_an_extension_moves_what_is_due_and_not_what_was_promised_first() -> None:
    case = factories.in_progress()
    extend(case, 10, FRIDAY + DAY)
    clock = promise(case)
    assert (clock.promised_at, clock.due_at) == (closing(10), closing(24))
    assert (clock.amount, clock.extended_by) == (24, 10)
    event = Event.objects.filter(complaint=case).latest("seq")
    assert event.data["promised"] == {"resolution": closing(10).isoformat()}


def test_a_question_holds_the_promise_up_like_what_is_due() -> None:
    case = factories.in_progress()
    extend(case, 10, FRIDAY + DAY)
    verification.ask_citizen(case.pk, actor=factories.officer_of(case), now=FRIDAY + 3 * DAY, question="Apa?")
    assert (promise(case).promised_at, promise(case).due_at) == (None, None)
    citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 10 * DAY, text="Itu")
    assert (promise(case).promised_at, promise(case).due_at) == (closing(17), closing(31))


def test_a_late_day_off_moves_both_by_the_recorded_act_that_says_so() -> None:
    case = factories.in_progress()
    extend(case, 10, FRIDAY + DAY)
    city = OfficeCalendar.objects.get()
    Holiday.objects.create(calendar=city, on=date(2026, 11, 24), name_id="Banjir", name_en="Flood")
    system.move_deadlines(case.pk, by=None, now=FRIDAY + 2 * DAY, reason="Banjir")
    assert (promise(case).promised_at, promise(case).due_at) == (closing(11), closing(25))
    event = Event.objects.filter(complaint=case).latest("seq")
    assert event.data["promised"] == {"resolution": closing(11).isoformat()}


def test_a_corrected_kind_is_promised_as_if_filed_so() -> None:
    case = factories.file_complaint()
    routing = verification.Routing([factories.make_agency()], kind="information")
    verification.assign(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, routing=routing)
    assert promise(case).promised_at == promise(case).due_at == closing(27, 11)


def test_each_round_has_a_promise_of_its_own() -> None:
    case = factories.in_progress()
    extend(case, 10, FRIDAY + DAY)
    handling.resolve(case.pk, actor=factories.officer_of(case), now=FRIDAY + 2 * DAY, answer="Sudah")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + 3 * DAY, why="Belum")
    assert promise(case).promised_at == closing(10)
    assert promise(case, 2).promised_at == promise(case, 2).due_at == closing(11)


def reasons(case: Complaint) -> dict[str, str]:
    rows = Clock.objects.filter(complaint=case, stopped_at__isnull=False).order_by("pk")
    return dict(rows.values_list("stage", "stopped_by"))


def lapse(case: Complaint) -> None:
    system.lapse(case.pk, actor=None, now=FRIDAY + 31 * DAY)


def reject(case: Complaint) -> None:
    verifier, reason = factories.make_user(Role.VERIFIER), factories.make_reason()
    verification.reject(case.pk, actor=verifier, now=FRIDAY + HOUR, reason=reason, words="Kosong")


def merge(case: Complaint) -> None:
    main = factories.file_complaint()
    verification.merge(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY + HOUR, into=main.pk)


def refer(case: Complaint) -> None:
    body = factories.make_agency("BPN", is_external=True)
    verifier = factories.make_user(Role.VERIFIER)
    verification.refer(case.pk, actor=verifier, now=FRIDAY + HOUR, body=body, reference="7")


def withdraw(case: Complaint) -> None:
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR)


def hand_back(case: Complaint) -> None:
    officer = factories.officer_of(case)
    handling.hand_back(case.pk, actor=officer, now=FRIDAY + HOUR, why="Bukan kami")


def take_away(case: Complaint) -> None:
    supervisor = factories.make_user(Role.SUPERVISOR)
    reassignment.reassign(case.pk, actor=supervisor, now=FRIDAY + HOUR, agency=factories.make_agency("DLHK"))


def name(case: Complaint) -> None:
    supervisor = factories.make_user(Role.SUPERVISOR)
    parties.name_party(case.pk, actor=supervisor, now=FRIDAY + HOUR, why="Tertulis", agency=case.agency)


def ask(case: Complaint) -> None:
    verification.ask_citizen(case.pk, actor=factories.officer_of(case), now=FRIDAY + HOUR, question="Apa?")


WAYS = [
    (factories.assigned, None, {"verification": "done"}),
    (factories.assigned, hand_back, {"verification": "done", "first_response": "handed_back"}),
    (factories.assigned, take_away, {"verification": "done", "first_response": "reassigned"}),
    (factories.assigned, name, {"verification": "done", "first_response": "stood_aside"}),
    (factories.in_progress, ask, {"verification": "done", "first_response": "done"}),
    (
        factories.resolved,
        None,
        {"verification": "done", "first_response": "done", "resolution": "done"},
    ),
    (factories.file_complaint, reject, {"verification": "rejected", "resolution": "rejected"}),
    (factories.file_complaint, merge, {"verification": "merged", "resolution": "merged"}),
    (factories.file_complaint, refer, {"verification": "referred", "resolution": "referred"}),
    (
        factories.assigned,
        withdraw,
        {"verification": "done", "first_response": "withdrawn", "resolution": "withdrawn"},
    ),
    (
        factories.awaiting,
        lapse,
        {"verification": "lapsed", "resolution": "lapsed", "citizen_answer": "lapsed"},
    ),
    (
        factories.closed,
        None,
        {"verification": "done", "first_response": "done", "resolution": "done", "confirmation": "closed"},
    ),
]


@pytest.mark.parametrize(("begin", "then", "expected"), WAYS)
def test_a_clock_says_why_it_stopped(begin, then, expected) -> None:
    case = begin()
    if then:
        then(case)
    assert reasons(case) == expected


def test_a_clock_does_not_stop_without_a_reason() -> None:
    case = factories.file_complaint()
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(complaint=case).update(stopped_at=FRIDAY)
