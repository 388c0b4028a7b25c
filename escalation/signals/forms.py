"""What a head says to a sign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.desk.forms.actions import StaffForm, text_field


class AnswerForm(StaffForm):
    """`seen`: how many answers stood on the page."""

    words = text_field(
        _("What is behind it"),
        help_text=_("Read by the supervisors of the city, and kept as it is. Name no citizen."),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
