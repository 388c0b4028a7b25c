"""The form for a pile of slips: what a pile has in common is kept from one to the next, and the number counts on."""

import re
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import Agency, User
from complaints import choices
from complaints.catalogue import catalogue
from complaints.clock.city_time import day_of, start_of
from complaints.files.storage import ACCEPT
from complaints.form_fields import LineField, PhoneField, TextField
from complaints.identity import Identity
from complaints.models import Category, Service
from complaints.models.complaint import Channel
from complaints.permissions import role_may
from complaints.services.intake import Filing
from complaints.states import Verb
from surveys.forums.inputs.services.saying import LONGEST_TEXT, Said
from surveys.forums.inputs.services.slips import Place
from surveys.forums.models import ForumInput

KEPT = ("came", "box", "batch", "received_on", "as_what", "agency")
OLDEST = timedelta(days=366)
Source = ForumInput.Source


class BatchForm(forms.Form):
    """One slip, or one call."""

    secret = forms.CharField(
        widget=forms.HiddenInput, max_length=64, validators=[RegexValidator(r"^[A-Za-z0-9_-]{32,64}$")]
    )
    came = forms.ChoiceField(
        label=_("Came by"), choices=[(s.value, s.label) for s in (Source.BOX, Source.CALL)]
    )
    box = LineField(label=_("Box or line"), max_length=60)
    batch = LineField(
        label=_("Round of emptying"), max_length=40, help_text=_("For example the day: 2026-11-20.")
    )
    number = LineField(label=_("Number of the slip"), max_length=40)
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    as_what = forms.ChoiceField(
        label=_("Keep it as"),
        choices=[("input", _("input: wish, idea, question")), ("complaint", _("report: something is wrong"))],
        widget=forms.RadioSelect,
        initial="input",
    )
    text = TextField(label=_("What is written there"), max_length=LONGEST_TEXT, rows=5)
    subject = LineField(
        label=_("In a few words"),
        max_length=150,
        required=False,
        help_text=_("Only for a report; empty: its first words."),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    name = LineField(label=_("Name"), max_length=120, required=False)
    phone = PhoneField(required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    in_own_name = forms.BooleanField(
        label=_("Wishes to be the one who reports, should it become a report"), required=False
    )
    photo = forms.FileField(
        label=_("Photo of the slip"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT})
    )

    def __init__(self, *args: Any, actor: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self.now = now
        lists = catalogue()
        self.fields["category"].choices = lists.category_choices()  # type: ignore[attr-defined]
        services = [(code, str(row)) for code, row in lists.services.items()]
        self.fields["service"].choices = [("", "–"), *services]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [("", _("not known yet")), *choices.agency_choices()]  # type: ignore[attr-defined]
        if not role_may(role_of(actor), Verb.SUBMIT):
            self.fields["as_what"].choices = self.fields["as_what"].choices[:1]  # type: ignore[attr-defined]
        if not self.is_bound:
            first = self.fields["text" if self.initial.get("box") else "box"]
            first.widget.attrs["autofocus"] = True

    def clean_category(self) -> Category | None:
        return catalogue().categories.get(self.cleaned_data["category"])

    def clean_service(self) -> Service | None:
        return catalogue().services.get(self.cleaned_data["service"])

    def clean_agency(self) -> Agency | None:
        return Agency.objects.filter(code=self.cleaned_data["agency"]).first()

    def clean_received_on(self) -> Any:
        day, today = self.cleaned_data["received_on"], day_of(self.now)
        if day > today:
            raise forms.ValidationError(_("This day lies ahead."))
        if day < today - OLDEST:
            raise forms.ValidationError(_("This is more than a year ago."))
        return day

    @property
    def place(self) -> Place:
        data = self.cleaned_data
        return Place(data["box"], data["batch"], data["number"])

    def what(self) -> Said | Filing:
        data = self.cleaned_data
        day = data["received_on"]
        received_at = self.now if day == day_of(self.now) else start_of(day)
        identity = Identity(data["name"], data["email"], data["phone"])
        if data["as_what"] == "input":
            return Said(
                data["text"],
                data["came"],
                agency=data["agency"],
                service=data["service"],
                identity=identity,
                in_own_name=data["in_own_name"],
                at=received_at,
            )
        return Filing(
            subject=data["subject"] or " ".join(data["text"].split())[:100],
            description=data["text"],
            category=data["category"],
            service=data["service"],
            identity=identity,
            is_anonymous=not identity,
            channel=Channel.BOX if data["came"] == Source.BOX else Channel.PHONE,
            received_at=received_at,
        )

    def kept(self) -> dict[str, Any]:
        """What the next form of the pile begins with: the same box and round, the next number."""
        kept = {name: self[name].value() for name in KEPT}
        return kept | {"number": next_number(self.cleaned_data["number"]), "secret": token_urlsafe(24)}


def next_number(number: str) -> str:
    """007 → 008, A-9 → A-10; what ends in no figure stays empty."""
    found = re.search(r"(\d{1,9})$", number)
    if found is None:
        return ""
    return number[: found.start()] + f"{int(found[1]) + 1:0{len(found[1])}d}"
