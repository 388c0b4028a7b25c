"""Telephone numbers as people paste them: every form takes the same ones."""

import pytest
from django.core.exceptions import ValidationError

from complaints.desk.forms.intake import IntakeForm
from complaints.form_fields import PhoneField
from complaints.public.forms.filing import FilingForm
from surveys.forums.inputs.batch_forms import BatchForm


@pytest.mark.parametrize("form", [FilingForm, IntakeForm, BatchForm])
def test_every_form_asks_for_it_in_the_same_way(form):
    assert isinstance(form.base_fields["phone"], PhoneField)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\u202a+62 812-3456-7890\u202c", "+62 812-3456-7890"),  # from a list of contacts
        ("\u20660812\u00a0345\u20116789\u2069 ", "0812 345-6789"),
        ("(0380)\t821 234", "(0380) 821 234"),
        ("０８１２\u2013３４５６", "0812-3456"),
        ("\ufeff0812.345.678\u200b", "0812.345.678"),
        ("٠٨١٢٣٤٥٦", "08123456"),
    ],
)
def test_a_pasted_number_is_kept_as_it_is_dialled(pasted, kept):
    assert PhoneField().clean(pasted) == kept


@pytest.mark.parametrize("typed", ["(((((((", "- - - - -", "0812", "0812 345 x9", "+", "1" * 16, "08+123456"])
def test_what_nobody_can_dial_is_refused(typed):
    with pytest.raises(ValidationError):
        PhoneField().clean(typed)


def test_none_is_fine_where_none_is_asked_for():
    assert PhoneField(required=False).clean("\u202a\u202c ") == ""
