"""A case is taken away or referred by decision: the clocks, the people told, and what goes on for the new agency."""

from datetime import date

import pytest
from django.test import Client

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.history.timeline import timeline_for
from complaints.mail.letters import compose
from complaints.models import Clock, Complaint, Event, EventKind, Message, Pause
from complaints.services import handling, verification
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.reassignment import eligible_agencies, reassign
from complaints.states import State
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.readers import staff_messages
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db

LATE = FRIDAY + 17 * DAY  # a Monday: the first response is missed, the resolution is not due before Thursday


@pytest.fixture
def supervisor() -> User:
    return factories.make_user(Role.SUPERVISOR)


@pytest.fixture
def other() -> Agency:
    agency = factories.make_agency("DLHK")
    factories.make_user(Role.OFFICER, agency)
    return agency


@pytest.fixture
def case() -> Complaint:
    for trigger, level in ((Trigger.BREACH, 1), (Trigger.UNACKNOWLEDGED, 2), (Trigger.UNACKNOWLEDGED, 3)):
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))
    case = factories.in_progress(email="ani@warga.test")
    factories.make_user(Role.AGENCY_HEAD)
    run_sweep(LATE)
    return Complaint.objects.get(pk=case.pk)


def take_away(case: Complaint, by: User, agency: Agency) -> Escalation:
    escalation = Escalation.objects.open().filter(complaint=case).earliest("level")
    ruling = Ruling(Decision.REASSIGN, "Terlalu lama", agency=agency)
    return decide(escalation.pk, actor=by, now=LATE + HOUR, ruling=ruling)


def test_the_promise_stays_and_the_first_response_begins_anew(
    case: Complaint, supervisor: User, other: Agency
) -> None:
    promised, hand_backs = case.target_at, case.hand_backs
    take_away(case, supervisor, other)
    case.refresh_from_db()
    assert (case.state, case.agency, case.handler) == (State.ASSIGNED, other, None)
    assert (case.target_at, case.hand_backs) == (promised, hand_backs)
    first = Clock.objects.get(complaint=case, stage="first_response", stopped_at=None)
    assert first.started_at == LATE + HOUR
    assert not what_is_broken()


def test_everybody_concerned_is_told_in_words(case: Complaint, supervisor: User, other: Agency) -> None:
    old = list(User.objects.filter(agency=case.agency))
    take_away(case, supervisor, other)
    citizen_mail = compose([Message.objects.get(template="decision", user=None, reader="")])
    assert citizen_mail.to == ["ani@warga.test"]
    assert "Terlalu lama" in citizen_mail.body
    assert "Dinas DLHK" in citizen_mail.body
    told = Message.objects.filter(template="taken_away", user__isnull=False)
    assert {message.user for message in told} == set(old)
    line = compose([told.select_related("complaint", "user").earliest("pk")])
    assert case.number in line.body
    assert f"/staff/cases/{case.number}" not in line.body, "they cannot open it any more"
    assert staff_messages(template="assignment", user__agency=other).count() == 1
    assert any("Dinas DLHK" in item.title for item in timeline_for(case, Citizen(case.pk)))


def test_an_unanswered_question_does_not_keep_the_case(
    case: Complaint, supervisor: User, other: Agency
) -> None:
    officer = factories.officer_of(case)
    verification.ask_citizen(case.pk, actor=officer, now=LATE, question="Di mana?")
    take_away(case, supervisor, other)
    case.refresh_from_db()
    assert (case.state, case.returns_to) == (State.ASSIGNED, "")
    assert not Pause.objects.filter(ended_at=None).exists()
    assert case.target_at is not None
    assert not what_is_broken()


def test_the_ladder_goes_on_for_the_new_agency(case: Complaint, supervisor: User, other: Agency) -> None:
    decided = take_away(case, supervisor, other)
    running = Clock.objects.filter(complaint=case, stopped_at=None)
    assert decided.due_at == running.latest("due_at").due_at
    run_sweep(decided.due_at + HOUR)
    raised = Escalation.objects.open().filter(complaint=case)
    assert {(e.level, e.trigger) for e in raised} == {(1, Trigger.BREACH), (2, Trigger.UNACKNOWLEDGED)}


def test_other_questions_on_the_decider_s_rungs_are_decided_with_it_those_above_stay(
    case: Complaint, other: Agency
) -> None:
    run_sweep(LATE + 7 * DAY)  # nobody acknowledged: level 2
    run_sweep(LATE + 14 * DAY)  # nor there: level 3
    inspector = factories.make_user(Role.SUPERVISOR, seat="inspectorate")
    second = Escalation.objects.filter(complaint=case, level=2).earliest("pk")
    ruling = Ruling(Decision.REASSIGN, "Terlalu lama", agency=other)
    decide(second.pk, actor=inspector, now=LATE + 15 * DAY, ruling=ruling)
    open_levels = set(Escalation.objects.open().filter(complaint=case).values_list("level", flat=True))
    assert open_levels == {3}


def test_a_head_gives_cases_within_their_own_line_only(case: Complaint, other: Agency) -> None:
    head = User.objects.get(role=Role.AGENCY_HEAD)
    below = factories.make_agency("BINA", parent=case.agency)
    assert eligible_agencies(case, head) == [below]
    with pytest.raises(NotPossible):
        reassign(case.pk, actor=head, now=LATE, agency=other)
    assert reassign(case.pk, actor=head, now=LATE, agency=below).agency == below


def test_outside_bodies_closed_agencies_and_the_one_that_has_it_do_not_get_it(
    case: Complaint, supervisor: User
) -> None:
    bad = [
        factories.make_agency("PLN", is_external=True),
        factories.make_agency("LAMA", is_active=False),
        case.agency,
    ]
    for agency in bad:
        assert agency is not None
        assert agency not in eligible_agencies(case, supervisor)
        with pytest.raises(NotPossible):
            reassign(case.pk, actor=supervisor, now=LATE, agency=agency)


def test_an_oversight_complaint_stays_with_the_inspectorate(supervisor: User, other: Agency) -> None:
    first = factories.make_agency("ITKOT", is_oversight=True)
    second = factories.make_agency("ITPROV", is_oversight=True)
    case = factories.assigned(agency=first, kind="oversight")
    assert eligible_agencies(case, supervisor) == [second]
    with pytest.raises(NotPossible):
        reassign(case.pk, actor=supervisor, now=LATE, agency=other)


def test_an_agency_that_works_on_a_part_does_not_get_the_whole(supervisor: User, other: Agency) -> None:
    case = factories.file_complaint()
    routing = verification.Routing([factories.make_agency(), other])
    verification.assign(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, routing=routing)
    part = case.children.get()
    with pytest.raises(NotPossible):
        reassign(case.pk, actor=supervisor, now=FRIDAY, agency=other)
    with pytest.raises(NotPossible):
        reassign(part.pk, actor=supervisor, now=FRIDAY, agency=factories.make_agency())


def test_a_case_referred_by_decision_ends_and_lifts_what_is_open(case: Complaint, supervisor: User) -> None:
    run_sweep(LATE + 7 * DAY)
    body = factories.make_agency("OMBUDSMAN", is_external=True)
    first = Escalation.objects.get(complaint=case, level=1, trigger="breach", cause__startswith="first")
    ruling = Ruling(Decision.REFER, "Bukan wewenang kota", body=body, reference="0123/2026")
    decide(first.pk, actor=supervisor, now=LATE + 7 * DAY, ruling=ruling)
    case.refresh_from_db()
    assert (case.state, case.referred_to, case.external_reference) == (State.REFERRED, body, "0123/2026")
    kinds = list(Event.objects.filter(complaint=case).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == [LadderEvent.ESCALATION_DECIDED, EventKind.REFERRED]
    assert Message.objects.filter(complaint=case, template="referral").count() == 1
    assert not Message.objects.filter(complaint=case, template="decision", user=None, reader="").exists()
    run_sweep(LATE + 8 * DAY)
    assert not Escalation.objects.open().exists()


def test_a_referral_that_fails_leaves_the_escalation_open(case: Complaint, supervisor: User) -> None:
    escalation = Escalation.objects.get(complaint=case)
    inside = factories.make_agency("DISHUB")
    ruling = Ruling(Decision.REFER, "Bukan wewenang kota", body=inside, reference="1")
    with pytest.raises(NotPossible):
        decide(escalation.pk, actor=supervisor, now=LATE, ruling=ruling)
    escalation.refresh_from_db()
    case.refresh_from_db()
    assert escalation.is_open and case.state == State.IN_PROGRESS


def test_a_head_does_not_refer(case: Complaint) -> None:
    escalation = Escalation.objects.get(complaint=case)
    body = factories.make_agency("PLN", is_external=True)
    ruling = Ruling(Decision.REFER, "Bukan kami", body=body, reference="1")
    with pytest.raises(NotAllowed):
        decide(escalation.pk, actor=User.objects.get(role=Role.AGENCY_HEAD), now=LATE, ruling=ruling)


def test_an_extension_shows_the_citizen_both_days(case: Complaint, supervisor: User) -> None:
    escalation = Escalation.objects.get(complaint=case)
    decide(
        escalation.pk, actor=supervisor, now=LATE, ruling=Ruling(Decision.EXTEND, "Menunggu aspal", days=5)
    )
    mail = compose([Message.objects.get(template="decision", user=None, reader="")]).body
    told = " ".join(item.title for item in timeline_for(case, Citizen(case.pk)))
    for day in ("10 Desember 2026", "17 Desember 2026"):
        assert day in mail
        assert day in told


def test_an_extended_promise_that_is_missed_again_is_raised_again(case: Complaint, supervisor: User) -> None:
    run_sweep(LATE + 4 * DAY)  # the resolution is missed
    missed = Escalation.objects.get(complaint=case, cause__startswith="resolution")
    inspector = factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)
    for times, actor in ((1, inspector), (2, supervisor)):
        now = LATE + (4 + 10 * times) * DAY
        decide(missed.pk, actor=actor, now=now, ruling=Ruling(Decision.EXTEND, "Hujan", days=10 * times))
        case.refresh_from_db()
        assert case.target_at is not None
        run_sweep(case.target_at)
        missed = Escalation.objects.open().get(complaint=case, cause__endswith=f":x{times}", trigger="breach")


def test_answering_ends_what_the_new_agency_was_told(
    case: Complaint, supervisor: User, other: Agency
) -> None:
    take_away(case, supervisor, other)
    officer = User.objects.get(role=Role.OFFICER, agency=other)
    handling.accept(case.pk, actor=officer, now=LATE + 2 * HOUR, handler=officer)
    handling.resolve(case.pk, actor=officer, now=LATE + 3 * HOUR, answer="Sudah")
    run_sweep(LATE + 5 * DAY)
    assert not Escalation.objects.open().exists()


def test_whoever_takes_a_case_away_is_asked_whether_it_is_about_the_new_agency(
    client: Client, case: Complaint, supervisor: User, other: Agency
) -> None:
    factories.make_conduct_phrases("minta uang")
    Complaint.objects.filter(pk=case.pk).update(description="Petugas Dinas DLHK minta uang")
    escalation = Escalation.objects.open().filter(complaint=case).earliest("level")
    client.force_login(supervisor)
    path = f"/staff/escalations/{escalation.pk}/decide/"
    sent = {"decision": "reassign", "agency": other.code, "words": "Terlalu lama"}
    asked = client.post(path, sent)
    assert asked.status_code == 422 and 'name="answer"' in asked.content.decode()
    assert Complaint.objects.get(pk=case.pk).agency != other
    assert client.post(path, sent | {"answer": "not_about"}).status_code == 302
    event = Event.objects.filter(complaint=case, kind=EventKind.REASSIGNED).get()
    assert (event.data["named"], event.data["answer"]) == ({"DLHK": ["unit"]}, "not_about")
    assert Complaint.objects.get(pk=case.pk).agency == other
