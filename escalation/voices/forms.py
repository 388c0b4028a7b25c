"""The form by which a single input gets a finding of its own."""

from secrets import token_hex
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.desk.forms.actions import StaffForm
from complaints.form_fields import LineField


class GatherOneForm(StaffForm):
    idempotency_key = forms.CharField(widget=forms.HiddenInput, min_length=32, max_length=32)
    title = LineField(label=_("What it comes to"), max_length=150, help_text=_("Everybody can read this."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"idempotency_key": token_hex(16)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
