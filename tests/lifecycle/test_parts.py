"""A case shared by public works, which leads, and the environment office: one promise to one citizen."""

from datetime import datetime, time
from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role, Seat
from complaints.clock import calendars
from complaints.mail import letters, outbox
from complaints.models import (
    Clock,
    Complaint,
    Event,
    EventKind,
    Holiday,
    Message,
    OfficeCalendar,
    OpeningHours,
    Reader,
)
from complaints.services import citizen, handling, parties, system, verification
from complaints.services.change import NotPossible
from complaints.services.reassignment import reassign
from complaints.states import State
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.extending import allowance
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db

MONDAY = FRIDAY + 3 * DAY


@pytest.fixture(autouse=True)
def people_above() -> None:
    """Somebody on each level, so that every open case is watched."""
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    for agency in (*map(factories.make_agency, ("PUPR", "DLHK", "DISHUB")), inspectorate):
        factories.make_user(Role.OFFICER, agency)
        factories.make_user(Role.AGENCY_HEAD, agency)
    factories.make_user(Role.SUPERVISOR)
    factories.make_user(Role.VERIFIER)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def verifier() -> User:
    return User.objects.filter(role=Role.VERIFIER).first() or factories.make_user(Role.VERIFIER)


def shared(
    now: datetime = FRIDAY, case: Complaint | None = None, **fields: Any
) -> tuple[Complaint, Complaint]:
    """Lead and part; each with an officer of its own."""
    case = case or factories.file_complaint(now, **fields)
    agencies = [factories.make_agency("PUPR"), factories.make_agency("DLHK")]
    verification.assign(case.pk, actor=verifier(), now=now, routing=verification.Routing(agencies))
    return fresh(case), case.children.get()


def accept(case: Complaint, now: datetime = FRIDAY) -> Complaint:
    officer = factories.officer_of(case)
    return handling.accept(case.pk, actor=officer, now=now, handler=officer)


def answer(case: Complaint, now: datetime, words: str = "Sudah") -> Complaint:
    return handling.resolve(case.pk, actor=factories.officer_of(case), now=now, answer=words)


def ask(lead: Complaint, now: datetime = MONDAY) -> None:
    verification.ask_citizen(lead.pk, actor=factories.officer_of(lead), now=now, question="Di mana?")


def promise(case: Complaint) -> tuple[Any, ...]:
    clock = Clock.objects.filter(complaint=case, stage="resolution").last()
    assert clock is not None
    pauses = list(case.pauses.values_list("started_at", "ended_at"))
    return fresh(case).target_at, clock.due_at, clock.promised_at, clock.amount, clock.cycle, pauses


def sound() -> bool:
    broken = what_is_broken()
    broken.pop("file_without_row", None)
    return not broken


def told(part: Complaint) -> list[Any]:
    events = Event.objects.filter(complaint=part, kind=EventKind.DEADLINES_MOVED).order_by("seq")
    return [{stage: new for stage, _old, new in event.data["moved"]} for event in events]


def test_what_had_happened_to_the_lead_before_counts_for_the_part() -> None:
    case = factories.awaiting()
    citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 28 * DAY, text="Di pasar")
    lead, part = shared(FRIDAY + 28 * DAY, case)
    # Fourteen working days, of which none had run when the question was asked.
    assert lead.target_at is not None and lead.target_at.date().isoformat() == "2027-01-06"
    assert promise(part) == promise(lead)
    begun = Event.objects.get(complaint=part).data
    assert {clock["stage"]: clock["due_at"] for clock in begun["rows"]["+clock"]} == {
        "first_response": Clock.objects.get(complaint=part, stage="first_response").due_at.isoformat(),
        "resolution": lead.target_at.isoformat(),
    }
    assert len(begun["rows"]["+pause"]) == 1
    assert sound()


def test_the_part_stands_still_while_the_lead_s_citizen_is_asked_and_goes_on_with_the_answer() -> None:
    lead, part = shared()
    accept(lead)
    ask(lead)
    assert fresh(part).target_at is None and fresh(part).state == State.ASSIGNED
    assert fresh(part).due_at == fresh(lead).due_at  # until then the citizen may answer
    assert "citizen_answer" in told(part)[-1] and sound()
    run_sweep(MONDAY + DAY)
    assert not Complaint.objects.filter(next_action_at__lte=MONDAY + DAY).exists() and sound()
    citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY + 10 * DAY, text="Di pasar")
    assert promise(part) == promise(lead)
    assert told(part)[-1]["resolution"] == fresh(lead).target_at.isoformat()
    assert sound()


def test_a_part_is_answered_while_the_lead_waits_for_the_citizen() -> None:
    lead, part = shared()
    accept(lead), accept(part)
    ask(lead)
    answer(part, MONDAY + DAY)
    assert fresh(part).target_at is not None and sound()
    citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY + 2 * DAY, text="Di pasar")
    answer(fresh(lead), MONDAY + 3 * DAY)
    # Both answers stand as long as the citizen may dispute them.
    assert fresh(part).due_at == fresh(lead).due_at and sound()


def test_whoever_leads_hears_that_a_part_was_answered() -> None:
    lead, part = shared()
    accept(lead), accept(part)
    answer(part, MONDAY)
    message = Message.objects.get(complaint=lead, template="part_answered")
    assert (message.reader, message.data) == (Reader.WORKERS, {"part": part.number})
    outbox.send_due(MONDAY + DAY)
    copy = Message.objects.get(complaint=lead, template="part_answered", user=fresh(lead).handler)
    assert part.number in letters.compose([copy]).body


def test_a_part_that_is_given_to_another_agency_still_stands_still() -> None:
    lead, part = shared()
    accept(lead)
    ask(lead)
    other = factories.make_agency("DISHUB")
    reassign(part.pk, actor=factories.make_user(Role.SUPERVISOR), now=MONDAY + DAY, agency=other)
    assert fresh(part).target_at is None and sound()
    citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY + 9 * DAY, text="Di pasar")
    assert promise(part) == promise(lead) and sound()


@pytest.mark.parametrize("named_on_part", [True, False])
def test_the_lead_is_taken_from_those_it_is_about_while_it_waits(named_on_part: bool) -> None:
    lead, part = shared()
    accept(lead)
    ask(lead)
    on = part if named_on_part else lead
    boss = factories.make_user(Role.SUPERVISOR)
    parties.name_party(on.pk, actor=boss, now=MONDAY + DAY, why="dilaporkan", agency=fresh(lead).agency)
    assert fresh(lead).state == State.SUBMITTED
    assert promise(part) == promise(lead) and fresh(part).target_at is not None
    assert sound()


def test_an_extension_of_the_lead_reaches_the_part_and_the_part_has_none_of_its_own() -> None:
    lead, part = shared()
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=2, amount=0, valid_from=FRIDAY.date())
    late = FRIDAY + 21 * DAY
    run_sweep(late)
    escalation = Escalation.objects.filter(complaint=lead).earliest("pk")
    judge = factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)
    before = fresh(part).target_at
    decide(escalation.pk, actor=judge, now=late + HOUR, ruling=Ruling(Decision.EXTEND, "Hujan", days=10))
    assert promise(part) == promise(lead) and fresh(part).target_at != before
    assert not allowance(fresh(part), judge).days
    run_sweep(late + 2 * HOUR)
    assert sound()


def test_a_late_day_off_moves_both() -> None:
    lead, part = shared()
    Holiday.objects.create(
        calendar=OfficeCalendar.objects.get(), on=(FRIDAY + 5 * DAY).date(), name_id="Libur"
    )
    for case in (lead, part):
        system.move_deadlines(case.pk, by=None, now=MONDAY, reason="Libur mendadak")
    assert promise(part) == promise(lead)
    assert sound()


def test_an_agency_s_own_calendar_changes_nothing_of_the_promise() -> None:
    other = factories.make_agency("DLHK")
    factories.make_city()
    own = OfficeCalendar.objects.create(name="Tujuh hari", agency=other)
    for weekday in range(7):
        OpeningHours.objects.create(calendar=own, weekday=weekday, opens_at=time(8), closes_at=time(16))
    calendars.forget()
    lead, part = shared()
    assert promise(part) == promise(lead)


def test_a_dispute_lets_both_agencies_look_again() -> None:
    lead, part = shared()
    accept(lead), accept(part)
    answer(part, MONDAY)
    answer(lead, MONDAY + DAY)
    citizen.dispute(lead.pk, actor=Citizen(lead.pk), now=MONDAY + 2 * DAY, why="Belum")
    assert (fresh(part).state, fresh(part).cycle) == (State.IN_PROGRESS, 2)
    assert promise(part) == promise(lead)
    with pytest.raises(NotPossible):
        answer(fresh(lead), MONDAY + 3 * DAY)
    answer(fresh(part), MONDAY + 3 * DAY)
    assert answer(fresh(lead), MONDAY + 3 * DAY).state == State.RESOLVED
    assert sound()


def test_a_question_that_runs_out_takes_the_part_along_however_late_the_sweep_is() -> None:
    lead, part = shared()
    accept(lead)
    ask(lead)
    result = run_sweep(FRIDAY + 60 * DAY, batch=1)
    assert (result.failed, fresh(lead).state, fresh(part).state) == (0, State.LAPSED, State.WITHDRAWN)
    assert sound()


@pytest.mark.parametrize("by_sweep", [True, False])
def test_the_next_case_has_the_parts_that_the_withdrawn_one_had(by_sweep: bool) -> None:
    lead, part = shared()
    case = factories.file_complaint(FRIDAY)
    verification.merge(case.pk, actor=verifier(), now=FRIDAY, into=lead.pk)
    if by_sweep:
        accept(lead)
        ask(lead)
        run_sweep(FRIDAY + 60 * DAY)
    else:
        citizen.withdraw(lead.pk, actor=Citizen(lead.pk), now=MONDAY)
    heir, next_part = fresh(case), case.children.get()
    assert (fresh(part).state, heir.agency, next_part.agency) == (State.WITHDRAWN, lead.agency, part.agency)
    assert promise(next_part) == promise(heir)
    assert next_part.description == heir.description
    assert sound()


def test_a_part_that_is_not_theirs_goes_back_to_the_verifiers_and_on_to_another() -> None:
    lead, part = shared()
    accept(lead)
    handling.hand_back(part.pk, actor=factories.officer_of(part), now=MONDAY, why="Bukan kami")
    assert (fresh(part).state, fresh(part).target_at) == (State.SUBMITTED, fresh(lead).target_at)
    with pytest.raises(NotPossible):
        answer(fresh(lead), MONDAY)
    with pytest.raises(NotPossible):  # it has the lead already
        verification.assign(
            part.pk,
            actor=verifier(),
            now=MONDAY,
            routing=verification.Routing([factories.make_agency("PUPR")]),
        )
    routing = verification.Routing([factories.make_agency("DISHUB")])
    verification.assign(part.pk, actor=verifier(), now=MONDAY, routing=routing)
    assert promise(part) == promise(lead) and sound()


def test_a_part_repeats_nothing_by_itself() -> None:
    _lead, part = shared()
    handling.hand_back(part.pk, actor=factories.officer_of(part), now=MONDAY, why="Bukan kami")
    with pytest.raises(NotPossible):
        verification.merge(part.pk, actor=verifier(), now=MONDAY, into=factories.file_complaint().pk)
