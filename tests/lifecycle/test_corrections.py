"""A case put right has what it would have had, had it been filed so: nothing is lost that was granted since."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.deadlines import Clockwork, policy_for
from complaints.history.timeline import timeline_for
from complaints.models import Category, Clock, Complaint, Event, EventKind, OfficeCalendar, ServiceLevel
from complaints.models.policy import Stage
from complaints.services import citizen, handling, parties, verification
from complaints.services.change import NotPossible
from complaints.services.verification import Routing
from complaints.states import State
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation, EscalationRule, Lifted, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db


def closing(day: int, month: int = 11) -> datetime:
    """16:00 in Kupang."""
    return datetime(2026, month, day, 8, 0, tzinfo=UTC)


@pytest.fixture
def verifier() -> User:
    return factories.make_user(Role.VERIFIER)


@pytest.fixture
def urgent() -> Category:
    """A category with a two-day target of its own."""
    factories.make_city()
    category = factories.make_category("pohon-tumbang")
    write_level(category, resolution_amount=2)
    return category


def write_level(category: Category, **values: Any) -> None:
    level = ServiceLevel.objects.get(kind="complaint", category=None)
    level.pk, level.category = None, category
    for name, value in values.items():
        setattr(level, name, value)
    level.save()


def assign(case: Complaint, now: datetime, **corrected: Any) -> Complaint:
    actor = User.objects.get(role=Role.VERIFIER)
    agencies = corrected.pop("agencies", [factories.make_agency()])
    return verification.assign(case.pk, actor=actor, now=now, routing=Routing(agencies, **corrected))


def promises(case: Complaint) -> dict[str, tuple[Any, ...]]:
    """Of each running clock: due, first promised, warned of, and what was added."""
    rows = Clock.objects.filter(complaint=case, stopped_at=None)
    fields = ("due_at", "promised_at", "warn_at", "extended_by", "amount", "unit")
    return {row.stage: tuple(getattr(row, name) for name in fields) for row in rows}


def last_event(case: Complaint) -> Event:
    return Event.objects.filter(complaint=case).latest("seq")


def test_a_category_of_its_own_target_is_counted_from_receipt(urgent: Category, verifier: User) -> None:
    case = factories.file_complaint()
    assert case.target_at == closing(10, 12)
    case = assign(case, FRIDAY + 3 * DAY, category=urgent)
    assert case.target_at == closing(24)
    data = last_event(case).data
    assert ["resolution", closing(10, 12).isoformat(), closing(24).isoformat()] in data["moved"]
    assert data["policy"] == case.policy
    assert data["category"] == "pohon-tumbang"


def test_the_citizen_reads_that_the_promise_moved(urgent: Category, verifier: User, in_english: None) -> None:
    case = assign(factories.file_complaint(), FRIDAY, category=urgent)
    assert "24 November 2026" in timeline_for(case, Citizen(case.pk))[-1].title


def test_a_category_without_a_target_of_its_own_moves_nothing(verifier: User) -> None:
    case = factories.file_complaint()
    before = case.target_at
    case = assign(case, FRIDAY, category=factories.make_category())
    assert case.target_at == before
    assert "moved" not in last_event(case).data


def asked_and_answered(case: Complaint) -> None:
    actor = User.objects.get(role=Role.VERIFIER)
    verification.ask_citizen(case.pk, actor=actor, now=FRIDAY + HOUR, question="Di mana?")
    citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 12 * DAY, text="Di pasar")


def handed_back(case: Complaint) -> None:
    case = assign(case, FRIDAY + HOUR)
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=FRIDAY + 5 * DAY, why="Bukan kami")


def in_the_next_cycle(case: Complaint) -> None:
    case = assign(case, FRIDAY + HOUR)
    officer = factories.officer_of(case)
    handling.accept(case.pk, actor=officer, now=FRIDAY + HOUR, handler=officer)
    handling.resolve(case.pk, actor=officer, now=FRIDAY + DAY, answer="Sudah")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + 4 * DAY, why="Belum")
    handling.hand_back(case.pk, actor=officer, now=FRIDAY + 5 * DAY, why="Bukan kami")


def extended(case: Complaint, at: datetime = FRIDAY + 6 * DAY, days: int = 5) -> None:
    """More time was granted while it lay with the verifiers."""
    EscalationRule.objects.get_or_create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    supervisor = User.objects.filter(role=Role.SUPERVISOR).first() or factories.make_user(Role.SUPERVISOR)
    run_sweep(at)
    escalation = Escalation.objects.filter(complaint=case).order_by("pk")[0]
    decide(escalation.pk, actor=supervisor, now=at, ruling=Ruling(Decision.EXTEND, "Hujan", days=days))


def extended_later(case: Complaint) -> None:
    extended(case, FRIDAY + 30 * DAY, days=20)


COURSES: dict[str, list[Callable[[Complaint], None]]] = {
    "nothing": [],
    "asked_and_answered": [asked_and_answered],
    "handed_back": [handed_back],
    "in_the_next_cycle": [in_the_next_cycle],
    "extended": [extended],
    "asked_and_extended": [asked_and_answered, extended_later],
}
LATER = FRIDAY + 31 * DAY


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
@pytest.mark.parametrize("corrected", ["category", "kind", "both"])
def test_whatever_happened_before_it_ends_as_if_it_had_been_filed_so(
    course: list[Callable[[Complaint], None]], corrected: str, urgent: Category, verifier: User
) -> None:
    as_filed: dict[str, Any] = {"kind": "complaint"}
    if corrected != "kind":
        as_filed |= {"category": urgent}
    if corrected != "category":
        as_filed |= {"kind": "aspiration"}
    wrong, right = factories.file_complaint(), factories.file_complaint(**as_filed)
    for step in course:  # both of them, before the next: a sweep sees both, and time runs on in each
        step(wrong)
        step(right)
    wrong = assign(wrong, LATER, **as_filed)
    right = assign(right, LATER)
    assert promises(wrong) == promises(right)
    assert (wrong.target_at, wrong.due_at, wrong.policy) == (right.target_at, right.due_at, right.policy)
    run_sweep(LATER)
    assert not what_is_broken()


def test_every_extension_stays_and_the_first_promise_is_the_new_kinds(verifier: User) -> None:
    case = factories.file_complaint()
    extended(case)
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    case = assign(case, LATER, kind="oversight", agencies=[inspectorate])
    clock = Clock.objects.get(complaint=case, stage=Stage.RESOLUTION)
    assert (clock.amount, clock.extended_by) == (65, 5)
    assert clock.promised_at is not None and clock.due_at is not None
    assert (clock.due_at - clock.promised_at).days == 7
    assert last_event(case).data["promised"] == {"resolution": clock.promised_at.isoformat()}


@pytest.mark.parametrize(
    ("amount", "unit", "ends"),
    [
        (16, "working_hours", closing(24)),  # Tuesday, 12:00
        (3, "calendar_days", closing(23)),  # Monday, at midnight
        (4, "calendar_days", closing(24)),
    ],
)
def test_days_granted_before_stay_days_where_the_new_target_counts_otherwise(
    amount: int, unit: str, ends: datetime, verifier: User
) -> None:
    factories.make_city()
    category = factories.make_category("listrik")
    write_level(category, resolution_amount=amount, resolution_unit=unit)
    case = factories.file_complaint()
    extended(case)
    case = assign(case, LATER, category=category)
    clock = Clock.objects.get(complaint=case, stage=Stage.RESOLUTION)
    assert (clock.unit, clock.extended_by) == ("working_days", 5)
    assert clock.due_at is not None
    assert (clock.due_at - ends).days in (7, 8)


def test_while_a_question_is_open_the_answer_lets_the_right_promise_go_on(
    urgent: Category, verifier: User
) -> None:
    """No page does it today; the clock must be right for whatever will."""
    wrong, right = factories.awaiting(), factories.awaiting(category=urgent)
    clockwork = Clockwork.load(wrong)
    clockwork.correct(policy_for("complaint", urgent.pk, date(2026, 11, 20)), FRIDAY + DAY)
    clockwork.settle()
    wrong.save()
    clockwork.store()
    for case in (wrong, right):
        citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 7 * DAY, text="Di pasar")
    assert promises(wrong) == promises(right)


def test_a_shorter_promise_that_has_passed_already_is_missed_at_the_next_sweep(
    urgent: Category, verifier: User
) -> None:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    case = assign(factories.file_complaint(), FRIDAY + 5 * DAY, category=urgent)
    assert case.target_at is not None and case.target_at < FRIDAY + 5 * DAY
    run_sweep(FRIDAY + 5 * DAY + HOUR)
    assert Escalation.objects.get(complaint=case).cause.startswith("resolution")


def test_a_longer_promise_takes_a_miss_back(verifier: User) -> None:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    case = factories.file_complaint()
    handed_back(case)
    run_sweep(closing(11, 12))
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    case = assign(case, closing(11, 12) + HOUR, kind="oversight", agencies=[inspectorate])
    assert "resolution" in last_event(case).data["taken_back"]
    run_sweep(closing(11, 12) + 2 * HOUR)
    assert Escalation.objects.get(cause__startswith="resolution").lifted_because == Lifted.MOVED


def shared_and_given_back(verifier: User) -> tuple[Complaint, Complaint]:
    """A whole that lies with the verifiers again, since its lead is complained about; its part goes on."""
    lead, other = factories.make_agency(), factories.make_agency("DLH")
    case = assign(factories.file_complaint(), FRIDAY, agencies=[lead, other])
    supervisor = factories.make_user(Role.SUPERVISOR)
    parties.name_party(case.pk, actor=supervisor, now=FRIDAY + HOUR, why="Kepala dinasnya", agency=lead)
    return Complaint.objects.get(pk=case.pk), case.children.get()


def test_the_parts_of_a_shared_case_go_along(urgent: Category, verifier: User) -> None:
    case, part = shared_and_given_back(verifier)
    assign(case, FRIDAY + DAY, category=urgent, agencies=[factories.make_agency("BINA")])
    part.refresh_from_db()
    assert (part.category, part.target_at) == (urgent, closing(24))
    event = last_event(part)
    assert (event.kind, event.data["category"]) == (EventKind.CORRECTED, "pohon-tumbang")
    assert not what_is_broken()


def test_what_became_an_oversight_complaint_is_seen_by_no_agency_that_answered_a_part(verifier: User) -> None:
    case, part = shared_and_given_back(verifier)
    inspectorate: Agency = factories.make_agency("ITKOT", is_oversight=True)
    with pytest.raises(NotPossible):
        assign(case, FRIDAY + DAY, kind="oversight", agencies=[inspectorate])
    helper = factories.officer_of(part)
    handling.accept(part.pk, actor=helper, now=FRIDAY + DAY, handler=helper)
    handling.resolve(part.pk, actor=helper, now=FRIDAY + DAY, answer="Bagian kami selesai")
    assign(case, FRIDAY + 2 * DAY, kind="oversight", agencies=[inspectorate])
    part.refresh_from_db()
    assert (part.kind, part.state) == ("oversight", State.RESOLVED)
    assert not Complaint.objects.visible_to(helper).filter(pk=part.pk).exists()


def test_a_kind_for_which_nothing_was_promised_then_cannot_be_given(verifier: User) -> None:
    case = factories.file_complaint()
    ServiceLevel.objects.filter(kind="information").update(valid_from=date(2026, 12, 1))
    ServiceLevel.objects.get(kind="information").save()
    with pytest.raises(NotPossible):
        assign(case, FRIDAY, kind="information")
    assert Complaint.objects.get(pk=case.pk).state == State.SUBMITTED


def test_a_part_follows_the_promise_and_the_pauses_of_its_lead(verifier: User) -> None:
    """Whatever happened to the lead: its agency's calendar, a question, more time."""
    own = OfficeCalendar.objects.create(name="Sendiri", agency=factories.make_agency("DLH"))
    for weekday in range(7):
        own.hours.create(weekday=weekday, opens_at=time(8), closes_at=time(20))
    factories.make_city()
    case = assign(
        factories.file_complaint(), FRIDAY, agencies=[factories.make_agency(), factories.make_agency("DLH")]
    )
    part = case.children.get()
    lead = Clockwork.load(case)
    lead.extend(next(c for c in lead.clocks if c.stage == Stage.RESOLUTION), 5, FRIDAY + HOUR)
    lead.pause(FRIDAY + 2 * HOUR)
    follower = Clockwork.load(part)
    follower.follow(lead, FRIDAY + 2 * HOUR)
    dues = {clock.stage: clock.due_at for clock in follower.clocks}
    citizens = dues.pop(Stage.CITIZEN_ANSWER)  # until then their citizen may answer
    assert (list(dues.values()), citizens) == ([None, None], lead.clocks[-1].due_at)
    lead.settle()
    lead.case.save()
    lead.store()
    follower.store()
    citizen_clock = next(c for c in lead.clocks if c.stage == Stage.CITIZEN_ANSWER)
    assert citizen_clock.is_running
    lead.pauses[-1].ended_at = FRIDAY + 5 * DAY
    moved = follower.follow(lead, FRIDAY + 5 * DAY)
    lead.move(FRIDAY + 5 * DAY)
    dues = {clock.stage: clock.due_at for clock in lead.clocks}
    assert {"resolution", "first_response"} == {stage for stage, _old, _new in moved}
    assert dues["resolution"] == next(c for c in follower.clocks if c.stage == "resolution").due_at
    assert len(follower.pauses) == 1
