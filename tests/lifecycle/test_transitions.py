"""Every transition, by every role, from every state: what the table says and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from accounts.actors import Actor, Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.mail import letters
from complaints.models import Complaint, Event, Message
from complaints.models.complaint import Conflict
from complaints.permissions import RIGHTS, waits_for_verification
from complaints.services import citizen, ending, handling, referral, system, verification
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.reassignment import reassign
from complaints.services.verification import Routing
from complaints.states import OPEN, STORED, TERMINAL, TRANSITIONS, State, Verb
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def _withdrawn() -> Complaint:
    case = factories.file_complaint()
    return citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY)


def _rejected() -> Complaint:
    case, verifier = factories.file_complaint(), factories.make_user(Role.VERIFIER)
    return verification.reject(
        case.pk, actor=verifier, now=FRIDAY, reason=factories.make_reason(), words="Maaf."
    )


def _merged() -> Complaint:
    main, case = factories.file_complaint(), factories.file_complaint()
    return verification.merge(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, into=main.pk)


def _referred() -> Complaint:
    case, body = factories.file_complaint(), factories.make_agency("PLN", is_external=True)
    verifier = factories.make_user(Role.VERIFIER)
    return verification.refer(case.pk, actor=verifier, now=FRIDAY, body=body, reference="X-1")


def _lapsed() -> Complaint:
    return system.lapse(factories.awaiting().pk, actor=None, now=FRIDAY + DAY)


def _asked_by_officer() -> Complaint:
    case = factories.in_progress()
    officer = factories.officer_of(case)
    return verification.ask_citizen(case.pk, actor=officer, now=FRIDAY, question="Kapan?")


MAKE: dict[str, Callable[[], Complaint]] = {
    "submitted": factories.file_complaint,
    "awaiting_citizen": factories.awaiting,
    "awaiting_citizen asked by officer": _asked_by_officer,
    "assigned": factories.assigned,
    "in_progress": factories.in_progress,
    "resolved": factories.resolved,
    "closed": factories.closed,
    "lapsed": _lapsed,
    "rejected": _rejected,
    "merged": _merged,
    "referred": _referred,
    "withdrawn": _withdrawn,
}


def test_every_stored_state_is_tried() -> None:
    assert {name.split()[0] for name in MAKE} == STORED
    assert OPEN | TERMINAL == STORED


def below_pupr() -> Agency:
    """An agency of the same line, to which its head too may give a case."""
    return factories.make_agency("BINA", parent=factories.make_agency())


def attempt(verb: Verb, case: Complaint, actor: Actor) -> Complaint:
    common: dict[str, Any] = {"actor": actor, "now": FRIDAY + HOUR}
    officer = User.objects.filter(role=Role.OFFICER, agency__code="PUPR").first() or factories.make_user(
        Role.OFFICER
    )
    calls: dict[Verb, Callable[[], Complaint]] = {
        Verb.ASK_CITIZEN: lambda: verification.ask_citizen(case.pk, question="Di mana?", **common),
        Verb.ASK_FOR_PART: lambda: verification.ask_for_part(
            case.pk, question="Di mana?", part=case, asker=None, **common
        ),
        Verb.ANSWER: lambda: citizen.answer(case.pk, text="Di pasar", **common),
        Verb.LAPSE: lambda: system.lapse(case.pk, **common),
        Verb.REJECT: lambda: verification.reject(
            case.pk, reason=factories.make_reason(), words="Maaf", **common
        ),
        Verb.MERGE: lambda: verification.merge(
            case.pk, into=factories.file_complaint(subject="Utama").pk, **common
        ),
        Verb.ASSIGN: lambda: verification.assign(
            case.pk, routing=Routing([factories.make_agency()]), **common
        ),
        Verb.HAND_BACK: lambda: handling.hand_back(case.pk, why="Bukan kami", **common),
        Verb.REASSIGN: lambda: reassign(case.pk, agency=below_pupr(), **common),
        Verb.ACCEPT: lambda: handling.accept(case.pk, handler=officer, **common),
        Verb.RESOLVE: lambda: handling.resolve(case.pk, answer="Sudah", **common),
        Verb.CONFIRM: lambda: citizen.confirm(case.pk, rating=3, **common),
        Verb.DISPUTE: lambda: citizen.dispute(case.pk, why="Belum", **common),
        Verb.AUTO_CLOSE: lambda: system.auto_close(case.pk, **common),
        Verb.REFER: lambda: verification.refer(
            case.pk, body=factories.make_agency("PLN", is_external=True), reference="1", **common
        ),
        Verb.WITHDRAW: lambda: citizen.withdraw(case.pk, **common),
        Verb.GO_ON: lambda: ending.go_on(case.pk, **common),
        Verb.BRING_BACK: lambda: referral.bring_back(case.pk, words="Belum dijawab", **common),
    }
    return calls[verb]()


def actor_for(role: Role, case: Complaint) -> Actor:
    if role == Role.SYSTEM:
        return None
    if role == Role.CITIZEN:
        return Citizen(case.pk)
    return User.objects.filter(role=role).first() or factories.make_user(role)


def allowed(verb: Verb, role: Role, case: Complaint) -> bool:
    """What the design's table says, written down anew."""
    if State(case.state) not in TRANSITIONS[verb].sources or role not in RIGHTS[verb]:
        return False
    if role in (Role.OFFICER, Role.AGENCY_HEAD) and case.agency is None:
        return False
    if role == Role.CLERK and case.entered_by is None:
        return False
    return not (role == Role.VERIFIER and verb != Verb.REFER and not waits_for_verification(case))


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("state", MAKE)
def test_only_the_roles_of_the_table_move_a_case(state: str, subtests: pytest.Subtests) -> None:
    """The case is made once; each verb and role finds it as it was."""
    pk = MAKE[state]().pk
    for verb, role in product(Verb, Role):
        if verb != Verb.SUBMIT:
            with subtests.test(verb=str(verb), role=str(role)), taken_back():
                check_attempt(verb, role, Complaint.objects.get(pk=pk))


def check_attempt(verb: Verb, role: Role, case: Complaint) -> None:
    before, actor = case.state, actor_for(role, case)
    events, messages = Event.objects.filter(complaint=case).count(), Message.objects.count()
    if allowed(verb, role, case):
        moved = attempt(verb, case, actor)
        case.refresh_from_db()
        assert State(case.state) in TRANSITIONS[verb].targets
        assert Event.objects.filter(complaint=case).count() == events + 1
        assert moved.version == case.version
    else:
        with pytest.raises((NotAllowed, NotPossible, Complaint.DoesNotExist)):
            attempt(verb, case, actor)
        case.refresh_from_db()
        assert case.state == before
        assert Event.objects.filter(complaint=case).count() == events
        assert Message.objects.filter(complaint=case).count() <= messages


def test_the_rights_table_is_the_design_s() -> None:
    """Role by role, apart from the code."""
    by_role = {role: {str(v) for v in Verb if role in RIGHTS[v]} for role in Role}
    assert by_role[Role.CLERK] == {"submit", "answer"}
    assert by_role[Role.VERIFIER] == {"ask_citizen", "reject", "merge", "assign", "refer"}
    assert by_role[Role.OFFICER] == {"ask_citizen", "hand_back", "accept", "resolve"}
    # Beyond that table, by a decision on an escalation (docs/decisions/0026).
    assert by_role[Role.AGENCY_HEAD] == {"reassign"}
    assert by_role[Role.SUPERVISOR] == {"refer", "reassign", "bring_back"}
    assert by_role[Role.ADMINISTRATOR] == set()
    assert by_role[Role.CITIZEN] == {"submit", "answer", "confirm", "dispute", "withdraw", "bring_back"}


def test_another_agency_s_officer_finds_no_such_case() -> None:
    case = factories.in_progress()
    stranger = factories.make_user(Role.OFFICER, factories.make_agency("DLHK"))
    with pytest.raises(Complaint.DoesNotExist):
        attempt(Verb.RESOLVE, case, stranger)


def test_a_stale_form_changes_nothing() -> None:
    case = factories.file_complaint()
    verifier = factories.make_user(Role.VERIFIER)
    seen = case.version
    verification.ask_citizen(case.pk, actor=verifier, now=FRIDAY, question="Di mana?", version=seen)
    with pytest.raises(Conflict):
        citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY, text="Di sini", version=seen)


def test_the_state_cannot_be_written_past_the_transitions() -> None:
    case = factories.file_complaint()
    with pytest.raises(AttributeError):
        case.state = State.CLOSED
    with pytest.raises(ValueError, match="transition"):
        Complaint.objects.filter(pk=case.pk).update(state=State.CLOSED)
    with pytest.raises(TransitionNotAllowed):
        case.confirm()


def test_a_copy_read_earlier_never_overwrites_a_later_one() -> None:
    first = factories.file_complaint()
    second = Complaint.objects.get(pk=first.pk)
    first.version += 1
    first.save()
    second.version += 1
    with pytest.raises(Conflict):
        second.save()


def test_a_case_for_several_agencies_waits_for_all_of_them() -> None:
    case = factories.file_complaint()
    verifier = factories.make_user(Role.VERIFIER)
    lead, other = factories.make_agency(), factories.make_agency("DLHK")
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=Routing([lead, other]))
    child = case.children.get()
    assert (child.agency, child.state) == (other, State.ASSIGNED)
    officer = factories.make_user(Role.OFFICER, lead)
    handling.accept(case.pk, actor=officer, now=FRIDAY, handler=officer)
    with pytest.raises(NotPossible):
        handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Sudah")
    helper = factories.make_user(Role.OFFICER, other)
    handling.accept(child.pk, actor=helper, now=FRIDAY, handler=helper)
    handling.resolve(child.pk, actor=helper, now=FRIDAY, answer="Bagian kami selesai")
    assert handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Sudah").state == State.RESOLVED


def test_oversight_complaints_go_to_the_inspectorate_only() -> None:
    case = factories.file_complaint(kind="oversight")
    verifier = factories.make_user(Role.VERIFIER)
    with pytest.raises(NotPossible):
        verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=Routing([factories.make_agency()]))
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=Routing([inspectorate]))
    unit = Agency.objects.get(code="PUPR")
    Complaint.objects.filter(pk=case.pk).update(agency=unit)  # even if a row were wrong
    officer = factories.make_user(Role.OFFICER, unit)
    assert not Complaint.objects.visible_to(officer).exists()


def test_the_dissent_of_a_merged_citizen_reopens_the_main_case() -> None:
    main, case = factories.in_progress(), factories.file_complaint()
    verification.merge(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, into=main.pk)
    handling.resolve(main.pk, actor=factories.officer_of(main), now=FRIDAY, answer="Sudah")
    citizen.react_as_merged(
        case.pk, actor=Citizen(case.pk), now=FRIDAY, agrees=False, words="Di tempat saya belum"
    )
    main.refresh_from_db()
    assert (main.state, main.cycle) == (State.IN_PROGRESS, 2)
    with pytest.raises(NotPossible):
        citizen.react_as_merged(case.pk, actor=Citizen(case.pk), now=FRIDAY, agrees=True)


def test_a_disabled_account_may_do_nothing() -> None:
    case, verifier = factories.file_complaint(), factories.make_user(Role.VERIFIER, is_active=False)
    with pytest.raises(PermissionError):
        verification.ask_citizen(case.pk, actor=verifier, now=FRIDAY, question="?")


def test_citizens_of_merged_cases_are_told_of_the_answer() -> None:
    main, case = factories.in_progress(), factories.file_complaint(email="ani@warga.test")
    verification.merge(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, into=main.pk)
    handling.resolve(main.pk, actor=factories.officer_of(main), now=FRIDAY, answer="Lubang sudah ditambal.")
    letter = letters.compose([Message.objects.get(complaint=case, template="resolution")])
    assert letter.to == ["ani@warga.test"]
    assert "Lubang sudah ditambal." in letter.body
