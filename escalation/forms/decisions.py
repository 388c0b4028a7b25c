"""The form of a decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.models import Decision
from escalation.services.decisions import LONGEST_EXTENSION, Ruling

OFFERED = (Decision.INSTRUCT, Decision.EXTEND, Decision.UNFOUNDED)


class DecisionForm(forms.Form):
    """Instruct and extend need a number of working days; every decision needs words for the citizen."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(d.value, d.label) for d in OFFERED],
        widget=forms.RadioSelect,
        initial=Decision.INSTRUCT,
    )
    days = forms.IntegerField(
        label=_("Working days"),
        help_text=_("How long the agency is given, or how much later the answer may come."),
        min_value=1,
        max_value=LONGEST_EXTENSION,
        required=False,
    )
    words = forms.CharField(
        label=_("Reason, as citizen and agency will read it"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needs_days = data.get("decision") in (Decision.INSTRUCT, Decision.EXTEND)
        if needs_days and not data.get("days") and "days" not in self.errors:
            self.add_error("days", _("Say how many working days."))
        return data

    def ruling(self) -> Ruling:
        data = self.cleaned_data
        return Ruling(Decision(data["decision"]), data["words"], data.get("days") or 0)
