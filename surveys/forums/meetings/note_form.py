"""The one field of the officer who writes down what is said, and what may stand beside it."""

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints.form_fields import LineField
from complaints.models import Service
from surveys.forums.inputs.services.saying import LONGEST_TEXT
from surveys.forums.meetings.models.people import Group
from surveys.forums.models import Forum

ONCE = RegexValidator(r"^[A-Za-z0-9_-]{32,64}$")


class NoteForm(forms.Form):
    """`once` is the line's token, minted with it: sent twice, it is one line. `at`: when it was typed, in
    milliseconds."""

    NOT_YET = _("Lines are taken from an hour before the meeting begins.")

    once = forms.CharField(widget=forms.HiddenInput, max_length=64, validators=[ONCE])
    at = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=4_000_000_000_000
    )
    text = LineField(
        label=_("What is said"),
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "enterkeyhint": "send"}),
        help_text=_("Enter saves. Name nobody."),
    )
    pseudonym = LineField(
        label=_("Who says it"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
        help_text=_("Everybody reads it: a group or a nickname, no name."),
    )
    agency_code = forms.ChoiceField(label=_("For which agency"), required=False)
    service_code = forms.ChoiceField(label=_("About which service"), required=False)

    def __init__(self, *args: Any, forum: Forum, **kwargs: Any) -> None:
        kwargs["initial"] = {"once": token_urlsafe(24)} | (kwargs.get("initial") or {})
        super().__init__(*args, **({"label_suffix": "", "auto_id": "note-%s"} | kwargs))
        others = forum.agencies.filter(is_active=True, is_external=False).exclude(pk=forum.agency_id)
        self.agencies = {each.code: each for each in [forum.agency, *others.order_by("name")]}
        self.own_services = {each.code: each for each in forum.services.order_by("code")}
        offered = [(code, each.local_name) for code, each in self.agencies.items()]
        self.fields["agency_code"].choices = offered  # type: ignore[attr-defined]
        services = [
            ("", _("none in particular")),
            *((code, row.name) for code, row in self.own_services.items()),
        ]
        self.fields["service_code"].choices = services  # type: ignore[attr-defined]
        if len(offered) == 1:
            del self.fields["agency_code"]
        if not self.own_services:
            del self.fields["service_code"]

    @property
    def groups(self) -> list[str]:
        """What is offered for who says it."""
        return [str(group.label) for group in Group]

    @property
    def agency(self) -> Agency | None:
        return self.agencies.get(self.cleaned_data.get("agency_code", ""))

    @property
    def service(self) -> Service | None:
        return self.own_services.get(self.cleaned_data.get("service_code", ""))
