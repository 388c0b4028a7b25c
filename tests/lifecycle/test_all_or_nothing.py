"""A service that dies half-way leaves nothing behind, its files and its second case included."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.models import Attachment, Clock, Complaint, Event, EventKind
from complaints.models.policy import Stage
from complaints.services import citizen, handling, verification
from complaints.services.verification import Routing
from complaints.states import State
from tests import factories
from tests.factories import FRIDAY, HOUR
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def draft() -> Attachment:
    return Attachment.objects.create(
        key="0" * 32, name="a.jpg", content_type="image/jpeg", size=1, sha256="ab", added_at=FRIDAY
    )


def die(*args: Any, **options: Any) -> None:
    raise RuntimeError("killed")


ACTS: dict[str, tuple[Callable[[], Complaint], Callable[[Complaint, list[Attachment]], object]]] = {
    "resolve": (
        factories.in_progress,
        lambda case, files: handling.resolve(
            case.pk, actor=factories.officer_of(case), now=FRIDAY + HOUR, answer="Sudah", files=files
        ),
    ),
    "add_files": (
        factories.file_complaint,
        lambda case, files: handling.add_files(
            case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, files=files
        ),
    ),
    "answer": (
        factories.awaiting,
        lambda case, files: citizen.answer(
            case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, text="Di pasar", files=files
        ),
    ),
}


@pytest.mark.parametrize("verb", ACTS)
def test_an_event_never_names_files_that_the_case_did_not_get(
    verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, do = ACTS[verb]
    case, file = make(), draft()
    monkeypatch.setattr(f"complaints.services.{'citizen' if verb == 'answer' else 'handling'}.attach", die)
    with pytest.raises(RuntimeError):
        do(case, [file])
    after = Complaint.objects.get(pk=case.pk)
    assert (after.state, after.version) == (case.state, case.version)
    assert after.events.count() == case.version
    file.refresh_from_db()
    assert file.complaint_id is None


def test_the_dissent_of_a_merged_cases_citizen_is_heard_or_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    main, case = factories.in_progress(), factories.file_complaint()
    verification.merge(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, into=main.pk)
    handling.resolve(main.pk, actor=factories.officer_of(main), now=FRIDAY, answer="Sudah")
    with monkeypatch.context() as patch:
        patch.setattr(citizen, "reopen", die)
        with pytest.raises(RuntimeError):
            citizen.react_as_merged(
                case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, agrees=False, words="Belum"
            )
    citizen.react_as_merged(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, agrees=False, words="Belum")
    assert Complaint.objects.get(pk=main.pk).state == State.IN_PROGRESS


def test_nobody_can_be_asked_through_a_whole_which_has_no_receipt() -> None:
    """It is asked on the whole after the part is stored: refused there, nothing of it stays on the part."""
    first, second = factories.make_agency("PUPR"), factories.make_agency("DLH")
    case = factories.file_complaint(email="ani@tuntas.test")
    verification.assign(
        case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, routing=Routing([first, second])
    )
    Complaint.objects.filter(pk=case.pk).update(receipt_digest=None)  # as where it was taken over
    part = Complaint.objects.get(parent=case.pk)
    officer = factories.officer_of(part)
    part = handling.accept(part.pk, actor=officer, now=FRIDAY, handler=officer)
    with refused(verification.NOBODY_TO_ASK):
        verification.ask_citizen(part.pk, actor=officer, now=FRIDAY, question="Di mana?")
    assert Complaint.objects.get(pk=part.pk).version == part.version
    assert not Event.objects.filter(kind=EventKind.QUESTION_PASSED_ON).exists()
    assert Clock.objects.filter(complaint=part, stage=Stage.FIRST_RESPONSE, stopped_at=None).exists()
