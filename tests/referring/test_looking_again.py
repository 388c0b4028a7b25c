"""Referred is not solved: the citizen is asked whether they were answered, and a "no" brings the case back."""

from datetime import timedelta

import pytest

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.integrity import check_integrity
from complaints.models import Complaint, Event, EventKind, Message, ServiceLevel
from complaints.services import handling, referral, verification
from complaints.services.change import NotPossible
from complaints.states import State
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db
CHECK, BACK, OPEN = "referral_check", "brought_back", "referral_open"


@pytest.fixture
def body() -> Agency:
    return factories.make_agency("PLN", is_external=True)


@pytest.fixture
def sari() -> User:
    return factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)


@pytest.fixture
def verifier() -> User:
    return factories.make_user(Role.VERIFIER)


def refer(case: Complaint, body: Agency, verifier: User, **fields: object) -> Complaint:
    return verification.refer(case.pk, actor=verifier, now=FRIDAY, body=body, reference="X-1", **fields)  # type: ignore[arg-type]


@pytest.fixture
def case(body: Agency, verifier: User) -> Complaint:
    return refer(factories.file_complaint(email="ani@warga.test"), body, verifier)


def letters(template: str) -> int:
    return Message.objects.filter(template=template, user=None, reader="").count()


def asked(case: Complaint) -> Complaint:
    run_sweep(FRIDAY + 31 * DAY)
    case.refresh_from_db()
    return case


def say(case: Complaint, answered: bool, at: timedelta = 32 * DAY, words: str = "") -> Complaint:
    return referral.speak_of_referral(
        case.pk, actor=Citizen(case.pk), now=FRIDAY + at, answered=answered, words=words
    )


def test_on_the_day_the_citizen_is_asked_once_and_two_weeks_later_once_more(case: Complaint) -> None:
    # Thirty days after the Friday is a Sunday: the office opens on Monday.
    run_sweep(FRIDAY + 30 * DAY)
    assert letters(CHECK) == 0
    assert asked(case).outside_asked == 1
    run_sweep(FRIDAY + 40 * DAY)
    assert letters(CHECK) == 1
    run_sweep(FRIDAY + 46 * DAY)
    assert letters(CHECK) == 2


def test_silence_brings_it_before_the_supervisors_until_somebody_says_what_became_of_it(
    case: Complaint, sari: User
) -> None:
    for day in range(0, 400, 5):
        run_sweep(FRIDAY + day * DAY)
    assert letters(CHECK) == 2
    told = Message.objects.filter(template=OPEN, reader="level_2").count()
    assert 10 <= told <= 12  # about once in thirty days
    assert list(Complaint.objects.visible_to(sari).referred_unanswered()) == [case]
    referral.settle_referral(case.pk, actor=sari, now=FRIDAY + 400 * DAY, words="PLN sudah menjawab")
    assert not Complaint.objects.referred_unanswered().exists()
    run_sweep(FRIDAY + 500 * DAY)
    assert Message.objects.filter(template=OPEN, reader="level_2").count() == told


def test_yes_ends_it_as_answered_by_the_other_body_and_not_as_resolved(case: Complaint) -> None:
    asked(case)
    case = say(case, answered=True)
    case.refresh_from_db()
    assert (case.state, case.outside_answer, case.check_at, case.next_action_at) == (
        State.REFERRED,
        "yes",
        None,
        None,
    )
    assert Event.objects.filter(complaint=case, kind=EventKind.OUTSIDE_ANSWERED).count() == 1
    with pytest.raises(NotPossible):
        say(case, answered=False)


def test_no_brings_it_back_to_the_supervisors_with_an_escalation(case: Complaint, sari: User) -> None:
    factories.make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN)
    asked(case)
    case = say(case, answered=False, words="Tidak ada kabar")
    now = FRIDAY + 32 * DAY
    assert (case.state, case.agency, case.cycle, case.ended_at) == (State.SUBMITTED, None, 2, None)
    assert case.target_at is not None
    assert case.target_at > now
    run_sweep(now)
    run_sweep(now + HOUR)
    raised = Escalation.objects.get(trigger=Trigger.BROUGHT_BACK)
    assert raised.level == 2
    assert Message.objects.filter(template="escalation", reader="level_2").count() == 1
    assert not any(check_integrity().values())


@pytest.mark.parametrize("decision", [Decision.REFER, Decision.REASSIGN, Decision.INSTRUCT])
def test_the_supervisor_refers_again_gives_it_to_an_agency_or_instructs(
    case: Complaint, sari: User, body: Agency, decision: Decision
) -> None:
    asked(case)
    now = FRIDAY + 32 * DAY
    say(case, answered=False)
    run_sweep(now)
    agency = factories.make_agency()
    ruling = Ruling(decision, "Segera", 5, agency=agency, body=body, reference="X-2")
    decide(Escalation.objects.get(trigger=Trigger.BROUGHT_BACK).pk, actor=sari, now=now, ruling=ruling)
    case.refresh_from_db()
    states = {Decision.REFER: "referred", Decision.REASSIGN: "assigned", Decision.INSTRUCT: "submitted"}
    assert case.state == states[decision]
    if decision == Decision.REFER:  # and so it begins anew
        assert (case.outside_asked, case.outside_answer) == (0, "")
        run_sweep(now + 35 * DAY)
        assert letters(CHECK) == 2


def test_after_a_later_dispute_it_is_not_raised_as_unanswered_outside_again(
    case: Complaint, sari: User
) -> None:
    from complaints.services import citizen, reassignment

    asked(case)
    now = FRIDAY + 32 * DAY
    say(case, answered=False)
    run_sweep(now)
    reassignment.reassign(case.pk, actor=sari, now=now, agency=factories.make_agency())
    case.refresh_from_db()
    officer = factories.officer_of(case)
    handling.accept(case.pk, actor=officer, now=now, handler=officer)
    handling.resolve(case.pk, actor=officer, now=now, answer="Sudah")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=now + HOUR, why="Belum")
    run_sweep(now + HOUR)
    assert Escalation.objects.filter(trigger=Trigger.BROUGHT_BACK).count() == 1


def test_a_supervisor_takes_it_up_again_and_its_citizen_is_told(case: Complaint, sari: User) -> None:
    with pytest.raises(NotPossible):
        referral.bring_back(case.pk, actor=sari, now=FRIDAY + DAY)
    referral.bring_back(case.pk, actor=sari, now=FRIDAY + DAY, words="PLN menolak")
    assert letters(BACK) == 1


def test_whoever_refers_may_set_the_day_within_bounds(body: Agency, verifier: User) -> None:
    case = refer(factories.file_complaint(), body, verifier, check_days=10)
    assert case.check_at is not None
    assert case.check_at - FRIDAY < 11 * DAY
    other = factories.file_complaint(subject="Lain")
    for days in (6, 91):
        with pytest.raises(NotPossible):
            refer(other, body, verifier, check_days=days)


def test_the_policy_says_the_day_for_what_comes_from_its_day_on(body: Agency, verifier: User) -> None:
    factories.make_city()
    for level in ServiceLevel.objects.all():
        level.referral_check_days = 14
        level.save()
    case = refer(factories.file_complaint(), body, verifier)
    assert case.check_at is not None
    assert case.check_at - FRIDAY < 15 * DAY


def test_nobody_can_be_asked_by_mail_but_the_page_asks(body: Agency, verifier: User) -> None:
    case = refer(factories.file_complaint(is_anonymous=True), body, verifier)
    asked(case)
    assert letters(CHECK) == 0
    assert referral.may_speak(Complaint.objects.get(pk=case.pk))
    assert say(case, answered=False).state == State.SUBMITTED


def test_those_whose_case_was_merged_are_asked_too_and_speak_for_themselves(
    body: Agency, verifier: User
) -> None:
    main = factories.file_complaint(email="ani@warga.test")
    joined = factories.file_complaint(subject="Juga", email="bejo@warga.test")
    verification.merge(joined.pk, actor=verifier, now=FRIDAY, into=main.pk)
    refer(main, body, verifier)
    asked(main)
    assert letters(CHECK) == 2
    say(joined, answered=False)
    main.refresh_from_db()
    assert main.state == State.SUBMITTED
    assert letters(BACK) == 2  # both are told that it is with the city again


def test_a_merged_citizen_s_no_after_the_main_citizen_s_yes_lets_their_own_case_go_on(
    body: Agency, verifier: User
) -> None:
    main = factories.file_complaint(email="ani@warga.test")
    joined = factories.file_complaint(subject="Juga", email="bejo@warga.test")
    verification.merge(joined.pk, actor=verifier, now=FRIDAY, into=main.pk)
    refer(main, body, verifier)
    asked(main)
    say(main, answered=True)
    say(joined, answered=False)
    main.refresh_from_db()
    joined.refresh_from_db()
    assert (main.state, joined.state) == (State.REFERRED, State.SUBMITTED)


def test_a_part_that_was_referred_is_the_supervisors_to_look_after(
    body: Agency, verifier: User, sari: User
) -> None:
    whole = factories.file_complaint(email="ani@warga.test")
    routing = verification.Routing([factories.make_agency(), factories.make_agency("DLHK")])
    verification.assign(whole.pk, actor=verifier, now=FRIDAY, routing=routing)
    part = Complaint.objects.get(parent=whole)
    verification.refer(part.pk, actor=sari, now=FRIDAY, body=body, reference="X-9")
    asked(part)
    assert letters(CHECK) == 0
    assert Message.objects.filter(template=OPEN, complaint=part).count() == 1
    assert list(Complaint.objects.referred_unanswered()) == [part]
    back = referral.bring_back(part.pk, actor=sari, now=FRIDAY + 32 * DAY, words="Tidak dijawab")
    assert back.state == State.SUBMITTED


def test_what_was_taken_over_from_another_system_is_not_asked_about(case: Complaint) -> None:
    Complaint.objects.filter(pk=case.pk).update(is_live=False)
    assert not Complaint.objects.referred_unanswered().exists()
