"""Where two rules meet: a part and its lead, a merged case and the rounds of its main case, what comes back from
outside, what was taken over."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.integrity import check_integrity
from complaints.ledger.verify import verify_ledger
from complaints.mail import letters
from complaints.models import Clock, Complaint, Event, EventKind, Message
from complaints.models.catalogue import Kind
from complaints.public.standing import standing_of
from complaints.services import citizen, erasure, handling, referral, verification
from complaints.services.change import NotPossible
from complaints.services.reassignment import reassign
from complaints.states import State
from complaints.watching import unwatched
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation, Lifted, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.lifecycle import kinship
from tests.lifecycle.test_parts import MONDAY, accept, answer, fresh, promise, shared, verifier
from tests.sweep.test_moved_into_the_future import rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people_above() -> Iterator[None]:
    """Somebody on each level. After each story nobody is forgotten, unwatched or other than the history says."""
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    for agency in (*map(factories.make_agency, ("PUPR", "DLHK", "DISHUB")), inspectorate):
        factories.make_user(Role.OFFICER, agency)
        factories.make_user(Role.AGENCY_HEAD, agency)
    factories.make_user(Role.SUPERVISOR)
    factories.make_user(Role.VERIFIER)
    yield
    broken = check_integrity()
    broken.pop("file_without_row")
    assert not any(broken.values()), broken
    assert verify_ledger(files=False).first_bad is None
    assert [*kinship.forgotten(), *kinship.going_on(), *kinship.astray()] == []


def sari() -> User:
    return User.objects.filter(role=Role.SUPERVISOR)[0]


def merged(main: Complaint, now: datetime = FRIDAY + HOUR, **fields: Any) -> Complaint:
    case = factories.file_complaint(now, **fields)
    return verification.merge(case.pk, actor=verifier(), now=now, into=main.pk)


def confirm(case: Complaint, now: datetime) -> None:
    citizen.confirm(case.pk, actor=Citizen(case.pk), now=now)


def dispute(case: Complaint, now: datetime) -> None:
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=now, why="Belum selesai")


def disagree(case: Complaint, now: datetime) -> None:
    citizen.react_as_merged(case.pk, actor=Citizen(case.pk), now=now, agrees=False, words="Belum")


def refer(case: Complaint, now: datetime) -> None:
    body = Agency.objects.filter(code="PLN").first() or factories.make_agency("PLN", is_external=True)
    verification.refer(case.pk, actor=verifier(), now=now, body=body, reference="PLN-1")


def bring_back(case: Complaint, now: datetime) -> None:
    referral.bring_back(case.pk, actor=sari(), now=now, words="Tidak dijawab")


def test_a_part_waits_for_its_lead_however_long_and_answers_again_when_the_citizen_disputes() -> None:
    lead, part = shared(email="ani@warga.test")
    accept(lead)
    accept(part)
    answer(part, MONDAY)
    late = MONDAY + 35 * DAY
    for day in range(36):  # its own ten working days pass twice
        run_sweep(MONDAY + day * DAY)
        assert not unwatched(MONDAY + day * DAY).exists()
    assert fresh(part).state == State.RESOLVED
    answer(lead, late)
    ends = {c.due_at for c in Clock.objects.filter(stage="confirmation", stopped_at=None)}
    assert len(ends) == 1  # both close with the lead's answer
    dispute(lead, late + 2 * DAY)
    assert fresh(part).state == State.IN_PROGRESS
    assert promise(part)[:5] == promise(lead)[:5]


def test_a_part_that_waited_closes_with_its_lead() -> None:
    lead, part = shared(email="ani@warga.test")
    accept(lead)
    accept(part)
    answer(part, MONDAY)
    run_sweep(MONDAY + 20 * DAY)
    answer(lead, MONDAY + 20 * DAY)
    run_sweep(MONDAY + 40 * DAY)
    assert {fresh(part).state, fresh(lead).state} == {State.CLOSED}


def test_a_part_that_comes_back_from_outside_has_the_promise_of_its_lead() -> None:
    lead, part = shared(email="ani@warga.test")
    accept(lead)
    handling.hand_back(part.pk, actor=factories.officer_of(part), now=FRIDAY, why="Bukan kami")
    refer(part, MONDAY)
    run_sweep(MONDAY)
    bring_back(part, MONDAY + 5 * DAY)
    run_sweep(MONDAY + 5 * DAY)
    assert promise(part) == promise(lead)
    assert Escalation.objects.open().filter(complaint=part, trigger=Trigger.BROUGHT_BACK).exists()
    routing = verification.Routing([factories.make_agency("DISHUB")])
    verification.assign(part.pk, actor=verifier(), now=MONDAY + 7 * DAY, routing=routing)
    answer(accept(fresh(part), MONDAY + 7 * DAY), MONDAY + 7 * DAY)
    answer(lead, MONDAY + 8 * DAY)
    dispute(lead, MONDAY + 8 * DAY)
    assert fresh(part).outside_answer == ""  # this time nobody outside is waited for


def test_an_agency_that_leads_by_now_has_no_part_beside() -> None:
    lead, part = shared(email="ani@warga.test")
    for case in (lead, part):
        accept(case)
    other = merged(lead, email="budi@warga.test")
    answer(part, MONDAY)
    reassign(lead.pk, actor=sari(), now=MONDAY, agency=factories.make_agency("DLHK"))
    answer(accept(fresh(lead), MONDAY), MONDAY)
    dispute(lead, MONDAY + DAY)
    assert fresh(part).state == State.RESOLVED  # whoever answered it works on the whole now
    answer(fresh(lead), MONDAY + 2 * DAY)
    confirm(lead, MONDAY + 2 * DAY)
    disagree(other, MONDAY + 3 * DAY)
    assert (fresh(other).agency, fresh(other).children.count()) == (factories.make_agency("DLHK"), 0)


def test_who_disagreed_with_an_earlier_answer_goes_along_with_the_next_dissent() -> None:
    main = factories.resolved(email="ani@warga.test")
    budi, citra, dewi = (merged(main, email=f"{name}@warga.test") for name in ("budi", "citra", "dewi"))
    citizen.react_as_merged(dewi.pk, actor=Citizen(dewi.pk), now=MONDAY, agrees=True)
    disagree(budi, MONDAY)
    answer(fresh(main), MONDAY + DAY)
    confirm(main, MONDAY + 2 * DAY)
    disagree(citra, MONDAY + 3 * DAY)
    assert (fresh(budi).merged_into_id, fresh(dewi).merged_into_id) == (citra.pk, main.pk)


def test_what_came_back_from_outside_may_be_asked_about_anew() -> None:
    case = factories.file_complaint(email="ani@warga.test")
    for hour in range(2):
        verification.ask_citizen(case.pk, actor=verifier(), now=FRIDAY + hour * HOUR, question="Di mana?")
        citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + hour * HOUR, text="Di pasar")
    refer(case, MONDAY)
    bring_back(case, MONDAY + 5 * DAY)
    verification.ask_citizen(case.pk, actor=verifier(), now=MONDAY + 7 * DAY, question="Sejak kapan?")
    assert list(case.pauses.order_by("pk").values_list("stops_clock", flat=True)) == [True] * 3


def test_what_came_back_from_outside_was_disputed_once_and_has_no_old_instruction_over_it() -> None:
    rule(Trigger.DISPUTED, 1)
    rule(Trigger.UNACKNOWLEDGED, 2)
    rule(Trigger.UNACKNOWLEDGED, 3)
    case = factories.resolved(email="ani@warga.test")
    dispute(case, MONDAY)
    run_sweep(MONDAY)
    raised = Escalation.objects.get(complaint=case)
    head = User.objects.get(role=Role.AGENCY_HEAD, agency=case.agency)
    decide(raised.pk, actor=head, now=MONDAY, ruling=Ruling(Decision.INSTRUCT, "Segera", days=3))
    refer(case, MONDAY + DAY)
    bring_back(case, MONDAY + 35 * DAY)
    run_sweep(MONDAY + 35 * DAY)
    found = Escalation.objects.filter(complaint=case).order_by("pk")
    assert [(e.level, e.trigger) for e in found] == [(1, Trigger.DISPUTED), (2, Trigger.BROUGHT_BACK)]


def test_a_case_taken_over_as_history_takes_no_other_up() -> None:
    """Nobody works on it, so whoever were merged into it would wait for ever."""
    main = factories.file_complaint(email="ani@warga.test")
    case = factories.file_complaint(email="budi@warga.test")
    Complaint.objects.filter(pk=main.pk).update(is_live=False)
    with pytest.raises(NotPossible):
        verification.merge(case.pk, actor=verifier(), now=FRIDAY, into=main.pk)
    assert fresh(case).state == State.SUBMITTED
    Complaint.objects.filter(pk=main.pk).update(is_live=True)


def test_what_was_raised_before_a_merger_is_raised_anew_when_the_case_goes_on() -> None:
    """The main case took it before the inspectorate; with its end nobody has it there."""
    rule(Trigger.OVERSIGHT_KIND, 2)
    main = factories.file_complaint(kind=Kind.OVERSIGHT, email="ani@warga.test")
    case = factories.file_complaint(kind=Kind.OVERSIGHT, email="budi@warga.test")
    run_sweep(FRIDAY + HOUR)
    verification.merge(case.pk, actor=verifier(), now=FRIDAY + 2 * HOUR, into=main.pk)
    run_sweep(FRIDAY + 3 * HOUR)
    assert Escalation.objects.get(complaint=case).lifted_because == Lifted.MERGED
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=MONDAY)
    run_sweep(MONDAY)
    assert Escalation.objects.open().get(complaint=case).trigger == Trigger.OVERSIGHT_KIND
    assert Event.objects.filter(complaint=case, kind=EventKind.WENT_ON).count() == 1


def told(case: Complaint, template: str) -> list[Message]:
    return list(
        Message.objects.filter(complaint=case, template=template, user=None, reader="").order_by("pk")
    )


def test_who_follows_one_case_after_another_is_told_of_each_though_their_histories_are_as_long() -> None:
    main = factories.resolved(email="ani@warga.test")
    budi, citra = (merged(main, email=f"{name}@warga.test") for name in ("budi", "citra"))
    officer = factories.officer_of(main)
    for _ in range(2):
        handling.add_note(main.pk, actor=officer, now=FRIDAY + HOUR, text="Sudah dicek")
    confirm(main, MONDAY)
    disagree(budi, MONDAY + DAY)
    answer(accept(fresh(budi), MONDAY + DAY), MONDAY + DAY)
    while fresh(budi).version < fresh(main).version - 1:
        handling.add_note(budi.pk, actor=officer, now=MONDAY + DAY, text="Sudah dicek")
    run_sweep(MONDAY + 30 * DAY)
    assert (fresh(budi).state, fresh(budi).sweep_error) == (State.CLOSED, "")
    assert fresh(budi).version == fresh(main).version
    assert len(told(citra, "followed")) == 2


def test_a_mail_that_left_late_has_the_words_it_was_written_for() -> None:
    """The mail server was away; meanwhile its citizen follows another case, whose history has other words there."""
    main = factories.in_progress(email="ani@warga.test")
    budi, citra = (merged(main, email=f"{name}@warga.test") for name in ("budi", "citra"))
    answer(fresh(main), MONDAY, "Lubangnya ditambal")
    [message] = told(citra, "resolution")
    confirm(main, MONDAY)
    disagree(budi, MONDAY)
    officer = accept(fresh(budi), MONDAY).handler
    while fresh(budi).version < message.cause:
        handling.add_note(budi.pk, actor=officer, now=MONDAY, text="Catatan dalam")
    assert fresh(citra).merged_into_id == budi.pk
    body = letters.compose([Message.objects.get(pk=message.pk)]).body
    assert "Lubangnya ditambal" in body and "Catatan dalam" not in body


def test_whoever_leads_hears_of_each_answer_to_a_part() -> None:
    lead, part = shared(email="ani@warga.test")
    accept(lead)
    for day in (0, 2):
        answer(accept(fresh(part), MONDAY + day * DAY), MONDAY + day * DAY)
        if not day:
            refer(part, MONDAY)
            bring_back(part, MONDAY + DAY)
            routing = verification.Routing([factories.make_agency("DLHK")])
            verification.assign(part.pk, actor=verifier(), now=MONDAY + DAY, routing=routing)
    assert Message.objects.filter(complaint=lead, template="part_answered").count() == 2


def test_who_was_told_of_the_ombudsman_with_another_is_not_told_again() -> None:
    main = factories.in_progress(email="ani@warga.test")
    case = merged(main, email="budi@warga.test")
    run_sweep(FRIDAY + 61 * DAY)
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=FRIDAY + 62 * DAY)
    run_sweep(FRIDAY + 62 * DAY)
    assert fresh(case).state == State.ASSIGNED
    assert len(told(case, "ombudsman")) == 1


def test_a_mail_about_what_another_citizen_said_has_no_words() -> None:
    """Neither theirs nor, from the same place of a history, one's own."""
    main = factories.resolved(email="ani@warga.test")
    case = merged(main, email="budi@warga.test")
    dispute(main, MONDAY)
    [message] = told(case, "reopened")
    assert message.told_of == main.number
    context = letters._citizen(message, fresh(case))
    assert (context["words"], context["follows"]) == ("", False)


def test_a_mail_about_a_merger_names_the_case_though_the_other_goes_on_by_itself_since() -> None:
    main = factories.in_progress(email="ani@warga.test")
    case = merged(main, email="budi@warga.test")
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=MONDAY)
    assert main.number in letters.compose(told(case, "merger")).body


def test_the_page_names_no_agency_for_a_part_that_nobody_has(in_english: None) -> None:
    lead, part = shared(email="ani@warga.test")
    accept(lead)
    handling.hand_back(part.pk, actor=factories.officer_of(part), now=FRIDAY, why="Bukan kami")
    labels = [step["label"] for step in standing_of(fresh(lead), Citizen(lead.pk), FRIDAY).steps]
    assert "Worked on by Dinas PUPR" in labels


def test_who_was_content_with_a_shared_answer_can_be_erased_at_once() -> None:
    """The other agency's part is answered; that it closes by itself later is no reason to wait."""
    lead, part = shared(email="ani@warga.test")
    answer(accept(part), MONDAY)
    answer(accept(lead), MONDAY)
    confirm(lead, MONDAY)
    erasure.erase_person(lead.pk, by=None, now=MONDAY + HOUR, reason="Diminta")
    assert fresh(part).description == fresh(lead).description != "Lubang besar di depan pasar."
    run_sweep(MONDAY + 30 * DAY)
    assert fresh(part).state == State.CLOSED
