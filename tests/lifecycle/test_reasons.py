"""Why something cannot be done is said to whoever tried, in their language."""

import pytest
from django.utils import translation

from complaints.services import handling
from complaints.services.change import NOT_NOW, REASON_NEEDED, NotPossible
from tests import factories
from tests.factories import FRIDAY
from tests.refusals import refused


def test_a_reason_is_said_in_the_language_of_the_reader() -> None:
    error = NotPossible(REASON_NEEDED)
    with translation.override("en"):
        assert str(error) == "Give a reason."
    with translation.override("id"):
        assert str(error) == "Tuliskan alasannya."


def test_a_reason_that_was_never_translated_cannot_be_given() -> None:
    """mypy refuses it too: without the error, the comment that expects it would be one."""
    with pytest.raises(TypeError):
        NotPossible("give a reason")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_transition_that_the_state_forbids_has_words_too() -> None:
    case = factories.in_progress()
    officer = factories.officer_of(case)
    with refused(NOT_NOW):
        handling.accept(case.pk, actor=officer, now=FRIDAY, handler=officer)
