"""What a supervisor types after a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.desk.forms.actions import StaffForm
from escalation.callbacks.models import Said


class CallForm(StaffForm):
    said = forms.ChoiceField(
        label=_("What came of the call"),
        choices=Said.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "What the citizen says, without advice. Partly: something was done, and something is left."
        ),
        error_messages={"required": _("Choose what the citizen says.")},
    )
