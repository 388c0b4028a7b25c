"""Which case can take up which other one, whatever form or page asks for it."""

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.models import Complaint
from complaints.models.catalogue import Kind
from complaints.services import citizen, verification
from complaints.services.change import NotPossible
from complaints.states import State
from tests import factories
from tests.factories import FRIDAY

pytestmark = pytest.mark.django_db


def merge(case: Complaint, main: Complaint) -> Complaint:
    return verification.merge(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, into=main.pk)


def unmerged(case: Complaint) -> bool:
    stored = Complaint.objects.get(pk=case.pk)
    return (stored.state, stored.version, stored.merged_into) == (State.SUBMITTED, case.version, None)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.COMPLAINT])
def test_a_case_is_not_merged_with_one_of_another_kind(kind: Kind) -> None:
    case = factories.file_complaint(kind=Kind.COMPLAINT)
    with pytest.raises(NotPossible):
        merge(case, factories.file_complaint(kind=kind))
    assert unmerged(case)
    assert merge(case, factories.file_complaint(kind=Kind.COMPLAINT)).state == State.MERGED


def test_a_case_is_not_merged_with_itself_whoever_asks() -> None:
    case = factories.file_complaint()
    with pytest.raises(NotPossible):
        merge(case, case)
    assert unmerged(case)


def test_a_case_that_is_over_takes_no_other_up() -> None:
    case, over = factories.file_complaint(), factories.file_complaint()
    citizen.withdraw(over.pk, actor=Citizen(over.pk), now=FRIDAY)
    with pytest.raises(NotPossible):
        merge(case, over)
    assert unmerged(case)


def test_a_case_that_took_others_up_stays_the_main_case() -> None:
    first, main, other = (factories.file_complaint() for _ in range(3))
    merge(first, main)
    main.refresh_from_db()
    with pytest.raises(NotPossible):
        merge(main, other)
    assert unmerged(main)
