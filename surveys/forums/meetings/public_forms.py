"""The forms by which citizens take part in a meeting. Name and address are never asked for in earnest."""

from secrets import token_hex
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.form_fields import LineField, TextField
from complaints.identity import Identity
from surveys.forums.meetings.models.people import Group
from surveys.forums.meetings.services.attending import Guest

NAME = {"autocomplete": "name"}


class PublicForm(forms.Form):
    """`secret` is minted when the form is shown: sent twice, it counts once."""

    secret = forms.CharField(widget=forms.HiddenInput, min_length=32, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"secret": token_hex(16)} | (kwargs.get("initial") or {})
        super().__init__(*args, **({"label_suffix": ""} | kwargs))


class GuestForm(PublicForm):
    group = forms.ChoiceField(
        label=_("You come as"), choices=Group.choices, initial=Group.USERS, widget=forms.RadioSelect
    )
    name = LineField(label=_("Name"), max_length=120, required=False, widget=forms.TextInput(attrs=NAME))
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    @property
    def guest(self) -> Guest:
        data = self.cleaned_data
        return Guest(Group(data["group"]), Identity(name=data["name"], email=data["email"].lower()))


class RegisterForm(GuestForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "We mail you a confirmation. Once you have opened its link, also a reminder the day before."
        )


class HereForm(GuestForm):
    code = LineField(
        label=_("Code on the wall"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    field_order = ("secret", "code", "group", "name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("We mail you the minutes, so that you can object to them.")


class YoursForm(forms.Form):
    code = LineField(
        label=_("Your code"),
        max_length=40,
        help_text=_("It stands in our mail, or on the page after you registered."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-from-hash": ""}),
    )


class ObjectionForm(PublicForm):
    pseudonym = LineField(
        label=_("Name to be shown"),
        max_length=60,
        required=False,
        help_text=_("Everybody can read it in the minutes. It need not be your own."),
    )
    text = TextField(
        label=_("What is wrong in the minutes"),
        max_length=3000,
        rows=5,
        help_text=_("It stands in the minutes with the answer of the office. Name nobody."),
    )


class SignForm(PublicForm):
    agree = forms.BooleanField(label=_("I have read the text and sign it for the public."))
