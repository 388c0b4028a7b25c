"""What an answer to the citizen needs, whatever form or page it came by."""

import pytest

from complaints.models import Attachment, Complaint
from complaints.services import handling
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


def test_a_category_that_asks_for_none_is_answered_by_words_alone() -> None:
    assert answer(factories.in_progress(category=factories.make_category())).state == State.RESOLVED
