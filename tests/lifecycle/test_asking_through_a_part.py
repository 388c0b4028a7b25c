"""The environment office, which has a part, asks the citizen: through the whole, which public works leads."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.history.timeline import part_may_read
from complaints.mail import letters, outbox
from complaints.models import Attachment, Complaint, Event, EventKind, Message, Pause
from complaints.public.standing import standing_of
from complaints.services import citizen, handling, parties, verification
from complaints.services.change import NotPossible
from complaints.services.closing import hand_over_cases
from complaints.services.reassignment import reassign
from complaints.states import State
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.lifecycle.test_parts import accept, answer, fresh, promise, shared, sound, verifier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people_above")]
MONDAY = FRIDAY + 3 * DAY


@pytest.fixture
def people_above() -> None:
    """Somebody on each level, so that every open case is watched."""
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    for agency in (*map(factories.make_agency, ("PUPR", "DLHK", "DISHUB")), inspectorate):
        factories.make_user(Role.OFFICER, agency)
        factories.make_user(Role.AGENCY_HEAD, agency)
    factories.make_user(Role.SUPERVISOR)
    factories.make_user(Role.VERIFIER)


def ask(part: Complaint, now: datetime = MONDAY, question: str = "Pohon yang mana?") -> None:
    verification.ask_citizen(part.pk, actor=factories.officer_of(part), now=now, question=question)


def asked(**fields: Any) -> tuple[Complaint, Complaint]:
    """Lead and part; the part's officer has asked, and whoever leads has not even accepted."""
    lead, part = shared(**fields)
    accept(part)
    ask(part)
    return fresh(lead), fresh(part)


def test_the_citizen_sees_one_question_with_who_asks_and_answers_it_once() -> None:
    lead, part = asked(email="ani@warga.test")
    assert (lead.state, lead.returns_to, part.state) == ("awaiting_citizen", "assigned", "in_progress")
    assert lead.target_at is part.target_at is None and promise(lead) == promise(part)
    standing = standing_of(lead, Citizen(lead.pk), MONDAY)
    assert standing.question is not None and standing.can["answer"]
    assert standing.question.words == "Pohon yang mana?"
    assert part.agency is not None
    assert (
        part.agency.local_name in standing.question.title and part.agency.short_name in standing.question.who
    )
    letter = letters.compose([Message.objects.get(complaint=lead, template="question")])
    assert letter.to == ["ani@warga.test"] and part.agency.local_name in letter.body
    with pytest.raises(NotPossible):  # one question at a time, whoever asks
        ask(part)
    accepted = factories.officer_of(lead)
    with pytest.raises(NotPossible):
        handling.accept(lead.pk, actor=accepted, now=MONDAY, handler=accepted)
    citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY + 7 * DAY, text="Yang di depan pasar")
    assert (fresh(lead).state, fresh(lead).returns_to) == ("assigned", "")
    assert promise(lead) == promise(part) and fresh(lead).target_at is not None
    assert sound()


def test_whoever_asked_hears_of_the_answer_and_reads_it_on_the_page_of_the_part(client: Client) -> None:
    lead, part = asked()
    photo = Attachment.objects.create(
        key="ab" + "1" * 30,
        name="pohon.jpg",
        content_type="image/jpeg",
        size=3,
        sha256="d" * 64,
        added_at=FRIDAY,
    )
    citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY + DAY, text="Yang di pasar", files=[photo])
    outbox.send_due(MONDAY + 2 * DAY)
    officer = factories.officer_of(part)
    assert Message.objects.filter(complaint=part, template="answered", user=officer).exists()
    assert Message.objects.filter(complaint=lead, template="answered").exists()
    client.force_login(officer)
    page = client.get(reverse("complaints:case-detail", args=[part.number])).content.decode()
    assert "Pohon yang mana?" in page and "Yang di pasar" in page
    photo.refresh_from_db()
    assert part_may_read(photo) and reverse("complaints:file", args=[photo.key]) in page
    assert client.get(reverse("complaints:case-detail", args=[lead.number])).status_code == 404


def test_a_third_question_of_a_round_runs_on_whoever_asks() -> None:
    lead, part = shared()
    accept(lead), accept(part)
    for day, asker in enumerate((lead, part, part)):
        verification.ask_citizen(
            asker.pk, actor=factories.officer_of(asker), now=MONDAY + day * DAY, question="Di mana?"
        )
        assert (fresh(part).target_at is None) == (day < 2) == (fresh(lead).target_at is None)
        citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY + (day + 0.5) * DAY, text="Di sini")
    for case in (lead, part):
        found = Pause.objects.filter(complaint=case).order_by("started_at")
        assert list(found.values_list("stops_clock", flat=True)) == [True, True, False]
    assert sound()


def test_two_questions_at_one_moment_are_two() -> None:
    """As where a host's clock is behind, and everything is dated as the last event was."""
    lead, part = asked()
    citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY - DAY, text="Di pasar")
    ask(part, MONDAY - DAY)
    assert Pause.objects.filter(complaint=lead).count() == 2 and promise(lead) == promise(part)
    citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY - DAY, text="Di pasar")
    assert promise(lead) == promise(part) and sound()


def test_nobody_answers_and_the_oldest_merged_case_goes_on_with_the_part() -> None:
    lead, part = asked()
    case = factories.file_complaint(FRIDAY)
    verification.merge(case.pk, actor=verifier(), now=MONDAY, into=lead.pk)
    result = run_sweep(FRIDAY + 60 * DAY)
    assert (result.failed, fresh(lead).state, fresh(part).state) == (0, State.LAPSED, State.WITHDRAWN)
    heir = fresh(case)
    assert (heir.state, heir.children.get().agency) == (State.ASSIGNED, part.agency)
    ask(accept(heir.children.get(), FRIDAY + 60 * DAY), FRIDAY + 60 * DAY)
    assert fresh(heir).state == State.AWAITING_CITIZEN and sound()


def _answered(part: Complaint) -> None:
    answer(part, MONDAY + DAY)


def _handed_back(part: Complaint) -> None:
    handling.hand_back(part.pk, actor=factories.officer_of(part), now=MONDAY + DAY, why="Bukan kami")


def _given_to_another(part: Complaint) -> None:
    other = factories.make_agency("DISHUB")
    reassign(part.pk, actor=factories.make_user(Role.SUPERVISOR), now=MONDAY + DAY, agency=other)


def _about_the_unit(part: Complaint) -> None:
    boss = User.objects.filter(role=Role.SUPERVISOR).first()
    parties.name_party(part.pk, actor=boss, now=MONDAY + DAY, why="Dilaporkan", agency=part.agency)


def _about_the_unit_said_on_the_whole(part: Complaint) -> None:
    boss = User.objects.filter(role=Role.SUPERVISOR).first()
    assert part.parent is not None
    parties.name_party(part.parent.pk, actor=boss, now=MONDAY + DAY, why="Dilaporkan", agency=part.agency)


def _about_the_handler(part: Complaint) -> None:
    boss = User.objects.filter(role=Role.SUPERVISOR).first()
    parties.name_party(part.pk, actor=boss, now=MONDAY + DAY, why="Dilaporkan", user=part.handler)


@pytest.mark.parametrize(
    "end",
    [
        _answered,
        _handed_back,
        _given_to_another,
        _about_the_unit,
        _about_the_unit_said_on_the_whole,
        _about_the_handler,
    ],
)
def test_the_question_falls_with_the_part(end: Any) -> None:
    lead, part = asked()
    end(part)
    assert fresh(lead).state == State.ASSIGNED and fresh(lead).target_at is not None
    assert Event.objects.filter(complaint=lead, kind=EventKind.QUESTION_DROPPED).count() == 1
    assert not Pause.objects.filter(ended_at=None).exists() and sound()
    with pytest.raises(NotPossible):
        citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY + 2 * DAY, text="Di pasar")


def _whole_to_another(lead: Complaint) -> None:
    other = factories.make_agency("DISHUB")
    reassign(lead.pk, actor=factories.make_user(Role.SUPERVISOR), now=MONDAY + DAY, agency=other)


def _agency_of_whole_closed(lead: Complaint) -> None:
    other = factories.make_agency("DISHUB")
    Agency.objects.filter(code="PUPR").update(is_active=False, successor=other)
    assert hand_over_cases(MONDAY + DAY) == 1


def _about_the_unit_of_whole(lead: Complaint) -> None:
    boss = User.objects.filter(role=Role.SUPERVISOR).first()
    parties.name_party(lead.pk, actor=boss, now=MONDAY + DAY, why="Dilaporkan", agency=lead.agency)


@pytest.mark.parametrize(
    ("move", "agency", "back_to"),
    [
        (_whole_to_another, "DISHUB", State.ASSIGNED),
        (_agency_of_whole_closed, "DISHUB", State.ASSIGNED),
        (_about_the_unit_of_whole, None, State.SUBMITTED),
    ],
)
def test_the_question_of_a_part_goes_on_whoever_gets_the_whole(
    move: Any, agency: Any, back_to: State
) -> None:
    lead, part = asked()
    move(lead)
    moved = fresh(lead)
    assert (moved.state, moved.returns_to) == (State.AWAITING_CITIZEN, back_to)
    assert (moved.agency and moved.agency.code) == agency
    assert promise(lead) == promise(part) and fresh(part).target_at is None and sound()
    citizen.answer(lead.pk, actor=Citizen(lead.pk), now=MONDAY + 2 * DAY, text="Di pasar")
    assert fresh(lead).state == back_to and promise(lead) == promise(part) and sound()


def test_a_question_of_the_lead_stands_whatever_becomes_of_a_part() -> None:
    lead, part = shared()
    accept(lead), accept(part)
    ask(lead)
    answer(part, MONDAY + DAY)
    assert fresh(lead).state == State.AWAITING_CITIZEN and sound()


def test_whoever_is_named_in_a_case_that_is_merged_loses_the_part() -> None:
    lead, part = asked()
    case = factories.file_complaint(MONDAY)
    boss = User.objects.filter(role=Role.SUPERVISOR).first()
    parties.name_party(case.pk, actor=boss, now=MONDAY, why="Dilaporkan", agency=part.agency)
    verification.merge(case.pk, actor=verifier(), now=MONDAY + DAY, into=lead.pk)
    assert (fresh(part).state, fresh(part).agency) == (State.SUBMITTED, None)
    assert fresh(lead).state == State.ASSIGNED and sound()
