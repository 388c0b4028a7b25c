"""What a sealed file never tells: whom the case is about, and to a citizen what staff keep among themselves."""

import pytest

from accounts.models import User
from accounts.roles import Role
from complaints.services import handling, parties
from reports.pages.case_file import case_file_context
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.promises.people import recommended
from tests.sealed.test_the_sealed_file import everything, seal, unpack

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def supervisor() -> User:
    return factories.make_user(Role.SUPERVISOR, name="Sari")


def test_whom_the_case_is_about_is_in_no_member(supervisor: User) -> None:
    case = factories.in_progress()
    olga = factories.make_user(Role.OFFICER, name="CNRY Olga")
    parties.name_party(case.pk, actor=supervisor, now=FRIDAY + DAY, user=olga, why="CNRY took money")
    row = case.reported_parties.get()
    parties.clear_party(case.pk, actor=supervisor, now=FRIDAY + DAY, party=row.pk, why="CNRY did not")
    for is_for_citizen in (False, True):
        assert "CNRY" not in everything(unpack(seal(case, supervisor, is_for_citizen=is_for_citizen)))


def test_an_edition_with_an_empty_history_does_not_show_the_whole_one_instead(supervisor: User) -> None:
    """As that of a case taken over from another system, of which its citizen sees nothing."""
    case = factories.in_progress()
    handling.add_note(case.pk, actor=factories.officer_of(case), now=FRIDAY + DAY, text="INTERNAL-note")
    assert case_file_context(case, supervisor, FRIDAY + DAY, [])["timeline"] == []


def test_findings_that_rest_on_other_cases_too_are_withheld(supervisor: User) -> None:
    case, other = factories.in_progress(), factories.in_progress()
    recommended(cases=(case,), findings="OWN-findings")
    recommended(cases=(case, other), findings="SHARED-findings", recommended="SHARED-advice")
    text = everything(unpack(seal(case, supervisor)))
    assert "OWN-findings" in text
    assert "SHARED" not in text and "rests on other reports as well" in text
