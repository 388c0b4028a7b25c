"""Ani and Budi report the same; Budi's case was merged into Ani's. Whatever Ani does, Budi is not forgotten."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.integrity import check_integrity
from complaints.mail import letters
from complaints.models import Clock, Complaint, Event, EventKind, Message, Reader, RejectReason
from complaints.models.catalogue import Kind
from complaints.public.figures import figures
from complaints.public.standing import Standing, standing_of
from complaints.services import citizen, handling, parties, system, verification
from complaints.services.change import NotPossible
from complaints.states import State
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db

LATER = FRIDAY + 3 * DAY  # the Monday


@pytest.fixture(autouse=True)
def people_above() -> None:
    """Somebody on each level, so that every open case is watched."""
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    for agency in (*map(factories.make_agency, ("PUPR", "DLHK", "DISHUB")), inspectorate):
        factories.make_user(Role.OFFICER, agency)
        factories.make_user(Role.AGENCY_HEAD, agency)
    factories.make_user(Role.SUPERVISOR)
    factories.make_user(Role.VERIFIER)


def merged(
    main: Complaint, now: datetime = FRIDAY + HOUR, filed: datetime | None = None, **fields: Any
) -> Complaint:
    case = factories.file_complaint(filed or now, **fields)
    verifier = User.objects.filter(role=Role.VERIFIER).first() or factories.make_user(Role.VERIFIER)
    return verification.merge(case.pk, actor=verifier, now=now, into=main.pk)


def withdraw(case: Complaint, now: datetime = LATER) -> Complaint:
    return citizen.withdraw(case.pk, actor=Citizen(case.pk), now=now, why="Sudah pindah")


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.select_related("merged_into__agency").get(pk=case.pk)


def page(case: Complaint, now: datetime = LATER) -> Standing:
    return standing_of(fresh(case), Citizen(case.pk), now)


def mails_to(case: Complaint) -> list[str]:
    return list(
        Message.objects.filter(complaint=case, user=None, reader="")
        .order_by("pk")
        .values_list("template", flat=True)
    )


def letter(case: Complaint, template: str) -> str:
    return str(letters.compose([Message.objects.get(complaint=case, user=None, template=template)]).body)


def sound() -> bool:
    broken = check_integrity()
    broken.pop("file_without_row")
    return not any(broken.values())


def test_the_first_citizen_withdraws_and_the_second_goes_on_where_the_case_lay() -> None:
    main = factories.in_progress(email="ani@warga.test")
    case = merged(main, email="budi@warga.test")
    promised = factories.file_complaint(case.received_at).target_at
    withdraw(main)
    heir = fresh(case)
    assert (heir.state, heir.merged_into, heir.agency, heir.handler) == (
        State.ASSIGNED,
        None,
        main.agency,
        None,
    )
    assert (heir.target_at, heir.cycle, heir.ended_at) == (promised, 1, None)
    assert "goes_on" in mails_to(case) and main.number not in mails_to(main)
    body = letter(case, "goes_on")
    assert "Dinas PUPR" in body and case.number in body
    told = Message.objects.get(complaint=case, template="successor")
    assert told.user == main.handler
    went = Event.objects.get(complaint=case, kind=EventKind.WENT_ON)
    assert (went.role, went.data["from"], went.data["agency"]) == (Role.SYSTEM, main.number, "PUPR")
    assert went.data["rows"]["+clock"][0]["due_at"] == promised.isoformat()
    assert Event.objects.get(complaint=main, kind=EventKind.WITHDRAWN).said == {"goes_on": case.number}
    assert sound()


def test_a_merged_case_is_open_as_long_as_its_main_case() -> None:
    main = factories.in_progress()
    merged(main)
    assert Complaint.objects.not_over().count() == 2
    assert (figures(LATER)["open"], figures(LATER)["late"]) == (2, 0)
    assert figures(LATER + 30 * DAY)["late"] == 2
    body = factories.make_agency("PLN", is_external=True)
    verification.refer(
        main.pk, actor=factories.make_user(Role.SUPERVISOR), now=LATER, body=body, reference="L-7"
    )
    assert Complaint.objects.not_over().count() == 0 == figures(LATER)["open"]


def test_an_unassigned_case_goes_on_with_the_verifiers() -> None:
    main = factories.file_complaint()
    case = merged(main)
    withdraw(main)
    heir = fresh(case)
    assert (heir.state, heir.agency, heir.next_level) == (State.SUBMITTED, None, 1)
    assert Clock.objects.filter(complaint=case, stopped_at=None).count() == 2
    assert sound()


def test_a_question_that_the_first_citizen_leaves_unanswered_lapses_for_them_alone() -> None:
    main = factories.awaiting()
    case = merged(main, email="budi@warga.test")
    result = run_sweep(FRIDAY + 40 * DAY)
    assert (result.lapsed, result.failed) == (1, 0)
    assert fresh(main).state == State.LAPSED
    heir = fresh(case)
    assert heir.state == State.SUBMITTED
    # Its own promise has gone by meanwhile, and somebody hears of that at once.
    run_sweep(FRIDAY + 40 * DAY + HOUR)
    assert Event.objects.filter(complaint=case, kind__in=["breached", "escalated"]).exists()
    assert sound()


def test_the_others_hang_on_the_one_that_goes_on() -> None:
    main = factories.in_progress()
    # Received in another order than merged.
    younger = merged(main, FRIDAY + 3 * HOUR, email="citra@warga.test")
    older = merged(main, FRIDAY + 4 * HOUR, filed=FRIDAY + HOUR)
    withdraw(main)
    assert fresh(older).state == State.ASSIGNED
    assert (fresh(younger).state, fresh(younger).merged_into) == (State.MERGED, fresh(older))
    again = Message.objects.filter(complaint=younger, template="merger").latest("pk")
    assert older.number in letters.compose([again]).body
    officer = factories.officer_of(fresh(older))
    handling.accept(older.pk, actor=officer, now=LATER, handler=officer)
    handling.resolve(older.pk, actor=officer, now=LATER, answer="Sudah ditambal.")
    citizen.react_as_merged(younger.pk, actor=Citizen(younger.pk), now=LATER, agrees=False, words="Belum")
    assert fresh(older).state == State.IN_PROGRESS
    assert sound()


def test_one_after_the_other_goes_on() -> None:
    main = factories.in_progress()
    cases = [merged(main, FRIDAY + hours * HOUR) for hours in (1, 2, 3)]
    withdraw(main)
    withdraw(cases[0], LATER + HOUR)
    withdraw(cases[1], LATER + 2 * HOUR)
    assert [fresh(case).state for case in cases] == [State.WITHDRAWN, State.WITHDRAWN, State.ASSIGNED]
    withdraw(cases[2], LATER + 3 * HOUR)
    assert not Complaint.objects.open().exists()
    assert sound()


def test_an_anonymous_one_goes_on_and_reads_it_on_its_page() -> None:
    main = factories.in_progress()
    case = merged(main, is_anonymous=True)
    withdraw(main)
    assert mails_to(case) == []
    titles = [item.title for item in page(case).timeline]
    assert any(main.number in title and "Dinas PUPR" in title for title in titles)
    assert page(case).can["withdraw"] and page(case).main is None


def test_an_erased_one_has_nobody_to_answer_and_is_passed_over() -> None:
    from complaints.services.erasure import erase_person

    main = factories.in_progress()
    erased, case = merged(main), merged(main, FRIDAY + 2 * HOUR)
    erase_person(erased.pk, by=None, now=FRIDAY + 3 * HOUR, reason="diminta")
    withdraw(main)
    assert (fresh(erased).state, fresh(case).state) == (State.MERGED, State.ASSIGNED)
    assert sound()


@pytest.mark.parametrize("own", [True, False])
def test_rejected_for_a_reason_of_the_sender_or_of_the_matter(own: bool) -> None:
    main = factories.file_complaint()
    case = merged(main, email="budi@warga.test")
    reason = factories.make_reason()
    RejectReason.objects.filter(pk=reason.pk).update(is_senders_own=own)
    reason.refresh_from_db()
    verifier = factories.make_user(Role.VERIFIER)
    verification.reject(main.pk, actor=verifier, now=LATER, reason=reason, words="Ini wewenang pengadilan.")
    if own:
        assert fresh(case).state == State.SUBMITTED
        assert "rejection" not in mails_to(case)
    else:
        assert fresh(case).state == State.MERGED
        assert "Ini wewenang pengadilan." in letter(case, "rejection")
        assert main.number in page(case).joined
    assert sound()


def test_referred_citizens_all_learn_where_it_went() -> None:
    main = factories.in_progress()
    case = merged(main, email="budi@warga.test")
    body = factories.make_agency("PLN", name="PLN Kupang", is_external=True)
    verification.refer(
        main.pk, actor=factories.make_user(Role.SUPERVISOR), now=LATER, body=body, reference="L-77"
    )
    assert "PLN Kupang" in letter(case, "referral") and "L-77" in letter(case, "referral")
    assert "PLN Kupang" in page(case).joined


@pytest.mark.parametrize("by_word", [True, False])
def test_whoever_was_merged_may_still_disagree_after_the_first_citizen_is_content(by_word: bool) -> None:
    main = factories.in_progress(email="ani@warga.test")
    case = merged(main, email="budi@warga.test")
    handling.resolve(main.pk, actor=factories.officer_of(main), now=LATER, answer="Sudah")
    if by_word:
        citizen.confirm(main.pk, actor=Citizen(main.pk), now=LATER + HOUR, rating=4)
    else:
        system.auto_close(main.pk, actor=None, now=LATER + HOUR)
    assert "followed" in mails_to(case)
    shown = page(case, LATER + DAY)
    assert shown.can["second"] and shown.due is not None
    citizen.react_as_merged(
        case.pk, actor=Citizen(case.pk), now=LATER + DAY, agrees=False, words="Belum", cycle=1
    )
    assert (fresh(main).state, fresh(main).rating) == (State.CLOSED, 4 if by_word else None)
    again = fresh(case)
    assert (again.state, again.agency, again.cycle) == (State.ASSIGNED, main.agency, 2)
    assert again.disputed_at == LATER + DAY and again.target_at > LATER + 14 * DAY
    assert Message.objects.filter(complaint=case, template="dispute", user=main.handler).exists()
    assert any(item.kind == EventKind.RESOLVED for item in page(case, LATER + DAY).timeline)
    assert sound()


def test_nobody_disagrees_after_their_own_time() -> None:
    main = factories.in_progress()
    case = merged(main)
    handling.resolve(main.pk, actor=factories.officer_of(main), now=LATER, answer="Sudah")
    citizen.confirm(main.pk, actor=Citizen(main.pk), now=LATER + HOUR)
    long_after = LATER + 30 * DAY
    assert not page(case, long_after).can["second"]
    with pytest.raises(NotPossible):
        citizen.react_as_merged(case.pk, actor=Citizen(case.pk), now=long_after, agrees=False, words="Belum")
    assert fresh(case).state == State.MERGED


def test_of_two_who_were_merged_the_silent_one_goes_along_and_the_content_one_stays() -> None:
    main = factories.in_progress()
    content, silent, cross = (merged(main, FRIDAY + hours * HOUR) for hours in (1, 2, 3))
    handling.resolve(main.pk, actor=factories.officer_of(main), now=LATER, answer="Sudah")
    citizen.react_as_merged(content.pk, actor=Citizen(content.pk), now=LATER, agrees=True)
    citizen.confirm(main.pk, actor=Citizen(main.pk), now=LATER + HOUR)
    citizen.react_as_merged(cross.pk, actor=Citizen(cross.pk), now=LATER + DAY, agrees=False, words="Belum")
    assert fresh(cross).state == State.ASSIGNED
    assert fresh(silent).merged_into == fresh(cross)
    assert fresh(content).merged_into == fresh(main)
    assert sound()


def test_a_case_taken_back_after_the_answer_leaves_the_others_their_word() -> None:
    main = factories.in_progress()
    case = merged(main, email="budi@warga.test")
    handling.resolve(main.pk, actor=factories.officer_of(main), now=LATER, answer="Sudah")
    withdraw(main, LATER + HOUR)
    assert fresh(case).state == State.MERGED and page(case, LATER + DAY).can["second"]
    assert "Ditarik" not in str(page(case, LATER + DAY).steps)
    citizen.react_as_merged(case.pk, actor=Citizen(case.pk), now=LATER + DAY, agrees=False, words="Belum")
    assert fresh(case).state == State.ASSIGNED


def test_disputed_by_the_first_citizen_and_then_withdrawn() -> None:
    """The second one had an answer, and was silent: they wait for the next one since the dispute."""
    main = factories.in_progress()
    silent, content = merged(main), merged(main, FRIDAY + 2 * HOUR)
    handling.resolve(main.pk, actor=factories.officer_of(main), now=LATER, answer="Sudah")
    citizen.react_as_merged(content.pk, actor=Citizen(content.pk), now=LATER, agrees=True)
    citizen.dispute(main.pk, actor=Citizen(main.pk), now=LATER + HOUR, why="Belum")
    disputed = fresh(main).target_at
    withdraw(main, LATER + DAY)
    heir = fresh(silent)
    assert (heir.state, heir.cycle, heir.disputed_at, heir.target_at) == (
        State.ASSIGNED,
        2,
        LATER + HOUR,
        disputed,
    )
    assert fresh(content).state == State.MERGED
    assert sound()


def test_a_merger_is_told_to_whoever_works_on_the_main_case() -> None:
    main = factories.in_progress()
    merged(main)
    assert Message.objects.get(complaint=main, template="also_told").reader == Reader.WORKERS


def test_the_dissent_of_another_is_told_to_the_first_citizen() -> None:
    main = factories.in_progress(email="ani@warga.test")
    case = merged(main)
    handling.resolve(main.pk, actor=factories.officer_of(main), now=LATER, answer="Sudah")
    citizen.react_as_merged(case.pk, actor=Citizen(case.pk), now=LATER, agrees=False, words="Belum")
    assert "reopened" in mails_to(main) and "reopened" not in mails_to(case)
    assert main.number in letter(main, "reopened")


def test_the_dispute_of_the_first_citizen_is_told_to_the_others() -> None:
    main = factories.in_progress(email="ani@warga.test")
    case = merged(main, email="budi@warga.test")
    handling.resolve(main.pk, actor=factories.officer_of(main), now=LATER, answer="Sudah")
    citizen.dispute(main.pk, actor=Citizen(main.pk), now=LATER, why="Belum")
    assert "reopened" in mails_to(case) and "reopened" not in mails_to(main)
    assert case.number in letter(case, "reopened")


def test_what_was_corrected_in_the_main_case_is_so_of_the_next() -> None:
    main = factories.file_complaint()
    case = merged(main)
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    routing = verification.Routing([inspectorate], kind=Kind.OVERSIGHT)
    verification.assign(main.pk, actor=factories.make_user(Role.VERIFIER), now=LATER, routing=routing)
    withdraw(main, LATER + HOUR)
    heir = fresh(case)
    assert (heir.kind, heir.agency, heir.target_at) == (Kind.OVERSIGHT, inspectorate, fresh(main).target_at)
    assert sound()


@pytest.mark.parametrize(
    "heir_of_the_agency", ["nobody", "another", "another that closed too", "whom it is about"]
)
def test_of_an_agency_that_was_closed_whoever_took_over_gets_the_next(heir_of_the_agency: str) -> None:
    main = factories.in_progress()
    case = merged(main)
    last = factories.make_agency("DLHK")
    between = factories.make_agency("LAMA", is_active=False, successor=last)
    factories.make_user(Role.OFFICER, last)
    successor = {"nobody": None, "another that closed too": between}.get(heir_of_the_agency, last)
    assert main.agency is not None
    Agency.objects.filter(pk=main.agency.pk).update(is_active=False, successor=successor)
    if heir_of_the_agency == "whom it is about":
        boss = factories.make_user(Role.SUPERVISOR)
        parties.name_party(case.pk, actor=boss, now=LATER, why="Dilaporkan", agency=last)
    withdraw(main, LATER + HOUR)
    heir, gets_it = fresh(case), heir_of_the_agency.startswith("another")
    assert (heir.state, heir.agency) == ((State.ASSIGNED, last) if gets_it else (State.SUBMITTED, None))
    assert sound()


def test_whoever_took_over_the_agency_of_a_part_gets_the_part_of_the_next() -> None:
    lead = factories.file_complaint()
    agencies = [factories.make_agency(), factories.make_agency("DLHK")]
    verifier, last = factories.make_user(Role.VERIFIER), factories.make_agency("DISHUB")
    verification.assign(lead.pk, actor=verifier, now=FRIDAY, routing=verification.Routing(agencies))
    case = merged(lead)
    Agency.objects.filter(pk=agencies[1].pk).update(is_active=False, successor=last)
    withdraw(fresh(lead))
    assert (fresh(case).agency, case.children.get().agency) == (agencies[0], last)


def test_merged_into_a_part_means_into_the_whole() -> None:
    lead = factories.file_complaint()
    routing = verification.Routing([factories.make_agency(), factories.make_agency("DLHK")])
    verification.assign(lead.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, routing=routing)
    assert merged(lead.children.get()).merged_into_id == lead.pk


def test_what_the_first_citizen_wrote_stays_theirs() -> None:
    main = factories.in_progress()
    case = merged(main)
    withdraw(main)
    assert "pindah" not in str([(item.title, item.words) for item in page(case).timeline])
    officer = factories.officer_of(fresh(case))
    assert timeline_for(fresh(case), officer)
    assert timedelta(0) == fresh(case).received_at - case.received_at
