"""What a case was filed as, put right: prefilled with what it says now."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.catalogue import catalogue
from complaints.desk.forms.actions import NO_CHANGE, CaseForm, said_field
from complaints.form_fields import LineField
from complaints.models import Area, Category
from complaints.public.forms.filing import SUBJECT_LENGTH
from complaints.services.correction import Correction


class CorrectForm(CaseForm):
    text = "reason"
    subject = LineField(label=_("Title"), max_length=SUBJECT_LENGTH)
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        help_text=_("The promised day becomes what it would have been, had the report been filed so."),
    )
    area = forms.ChoiceField(label=_("Ward"), required=False)
    location = LineField(label=_("Place"), max_length=200, required=False)
    reason = said_field(
        _("Why it is put right"), rows=2, help_text=_("The citizen reads this, and what was changed.")
    )

    def prepare(self) -> None:
        known, case = catalogue(), self.case
        self.fields["category"].choices = [NO_CHANGE, *known.category_choices()[1:]]  # type: ignore[attr-defined]
        self.fields["area"].choices = [NO_CHANGE, *known.area_choices()[1:]]  # type: ignore[attr-defined]
        self.initial.update(subject=case.subject, location=case.location)
        self.initial.update(
            {name: row.code for name, row in (("category", case.category), ("area", case.area)) if row}
        )

    def clean_category(self) -> Category | None:
        return catalogue().categories.get(self.cleaned_data["category"])

    def clean_area(self) -> Area | None:
        return catalogue().areas.get(self.cleaned_data["area"])

    def arguments(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        corrected = Correction(*(data.pop(name) for name in ("subject", "location", "area", "category")))
        return data | {"corrected": corrected}
