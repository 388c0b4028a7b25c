"""What an answer needs and leaves behind, the city's to the citizen and the citizen's to a question."""

import pytest

from accounts.actors import Citizen
from complaints.models import Attachment, Complaint
from complaints.services import citizen, handling, verification
from complaints.services.change import NotPossible
from complaints.states import State
from tests import factories
from tests.factories import FRIDAY

pytestmark = pytest.mark.django_db


def answer(case: Complaint, *files: Attachment) -> Complaint:
    actor = factories.officer_of(case)
    return handling.resolve(case.pk, actor=actor, now=FRIDAY, answer="Sudah ditambal.", files=files)


def photo() -> Attachment:
    return Attachment.objects.create(
        key="0" * 32, name="a.jpg", content_type="image/jpeg", size=1, sha256="ab", added_at=FRIDAY
    )


def test_a_category_that_asks_for_evidence_is_not_answered_without_a_file() -> None:
    case = factories.in_progress(category=factories.make_category(needs_evidence=True))
    with pytest.raises(NotPossible):
        answer(case)
    stored = Complaint.objects.get(pk=case.pk)
    assert (stored.state, stored.version) == (State.IN_PROGRESS, case.version)
    assert answer(case, photo()).state == State.RESOLVED


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_PROGRESS])
def test_what_the_citizen_answers_goes_back_to_where_it_was_and_waits_for_nobody_else(state: State) -> None:
    case = factories.awaiting() if state == State.SUBMITTED else asked_by_the_agency()
    case = citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY, text="Di depan pasar")
    assert (case.state, case.returns_to) == (state, "")


def asked_by_the_agency() -> Complaint:
    case = factories.in_progress()
    officer = factories.officer_of(case)
    return verification.ask_citizen(case.pk, actor=officer, now=FRIDAY, question="Kapan?")


def test_a_category_that_asks_for_none_is_answered_by_words_alone() -> None:
    assert answer(factories.in_progress(category=factories.make_category())).state == State.RESOLVED
