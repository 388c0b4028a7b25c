"""What a clerk types in from a call, the counter, a letter or the suggestion box."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from complaints.catalogue import catalogue
from complaints.clock.city_time import day_of, moment_in_city, start_of
from complaints.desk.forms.actions import StaffForm
from complaints.desk.forms.picking import Option, PickField
from complaints.form_fields import FilesField, LineField, PhoneField, TextField
from complaints.models import Area, Category
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel
from complaints.public.forms.filing import DESCRIPTION_LENGTH, SUBJECT_LENGTH

# What reaches the city by itself is not typed in.
TYPED = [choice for choice in Channel.choices if choice[0] not in (Channel.WEB, Channel.LAPOR, Channel.FORUM)]
PICKED = ("category", "area")
KEPT = ("channel", "received_on", "area")  # "Save and next" keeps these: a pile is of one kind
OLDEST = timedelta(days=366)


def line(label: Any, length: int, *, required: bool = False) -> LineField:
    return LineField(label=label, max_length=length, required=required)


class IntakeForm(StaffForm):
    """One case. `now` bounds when it can have come."""

    secret = forms.CharField(
        widget=forms.HiddenInput, max_length=64, validators=[RegexValidator(r"^[A-Za-z0-9_-]{32,64}$")]
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=TYPED)
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    received_time = forms.TimeField(
        label=_("at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Empty: now, or the start of an earlier day."),
    )
    subject = line(_("In a few words"), SUBJECT_LENGTH, required=True)
    description = TextField(label=_("What happened"), max_length=DESCRIPTION_LENGTH, rows=5)
    category = PickField(lambda: catalogue().category_choices(), label=_("Category"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("as the category says")), *Kind.choices]
    )
    area = PickField(lambda: catalogue().area_choices(), label=_("Ward"), required=False)
    location = line(_("Place"), 200)
    name = line(_("Name"), 120)
    phone = PhoneField(required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    few_mails = forms.BooleanField(
        label=_("Mail only when it matters"),
        required=False,
        help_text=_("Questions, decisions and the answer, not each step."),
    )
    is_anonymous = forms.BooleanField(
        label=_("Anonymous"), required=False, help_text=_("No name and no address are kept.")
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential"), required=False, help_text=_("The agency does not learn who it is.")
    )

    attachments = FilesField(label=_("Scan or photo of the letter or slip"))
    is_covered = forms.BooleanField(
        label=_("On the file nobody reads who it is"),
        required=False,
        help_text=_(
            "For an anonymous or confidential report: cover name, address and telephone before you scan it."
        ),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        if not self.is_bound:
            # In the midst of a pile the channel stays, so typing goes on with the words.
            first = self.fields["subject" if self.initial.get("channel") else "channel"]
            first.widget.attrs["autofocus"] = True
        for name in PICKED:
            self.fields[name].widget.attrs |= {"list": f"{name}-list", "autocomplete": "off"}

    @property
    def picked(self) -> list[tuple[str, list[Option]]]:
        """What the lists beside the fields for typing offer."""
        found: list[tuple[str, Any]] = [(name, self.fields[name]) for name in PICKED]
        return [(name, picking.options) for name, picking in found]

    def clean_category(self) -> Category | None:
        return catalogue().categories.get(self.cleaned_data["category"])

    def clean_area(self) -> Area | None:
        return catalogue().areas.get(self.cleaned_data["area"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day = data.get("received_on")
        if day is not None and "received_time" in data:
            data["received_at"] = self._moment(data)
        if data.get("is_anonymous") and (data.get("name") or data.get("phone") or data.get("email")):
            self.add_error(
                "is_anonymous", _("Take the name, telephone and e-mail away, or do not tick this.")
            )
        return data

    def check_covered(self, files: Sequence[object]) -> None:
        """Of whoever is not to be known the agency must not read it on the scan."""
        data = self.cleaned_data
        if files and (data.get("is_anonymous") or data.get("is_confidential")) and not data.get("is_covered"):
            self.add_error(
                "is_covered", _("The agency sees this file. Cover on it who it is, and tick this.")
            )

    def _moment(self, data: dict[str, Any]) -> datetime | None:
        """When it came, in the city's time. Not in the future, not more than a year ago."""
        day, clock = data["received_on"], data["received_time"]
        today = day_of(self.now)
        if day > today:
            self.add_error("received_on", _("This day lies ahead."))
            return None
        if day < today - OLDEST:
            self.add_error("received_on", _("This is more than a year ago."))
            return None
        if clock is None:
            return self.now if day == today else start_of(day)
        moment = moment_in_city(datetime.combine(day, clock.replace(second=0, microsecond=0)))
        if moment > self.now:
            self.add_error("received_time", _("This time lies ahead."))
        return moment

    def for_the_next(self) -> dict[str, Any]:
        """What the next form of the pile begins with."""
        kept = {name: self[name].value() for name in KEPT}
        return kept | {"area": self.cleaned_data["area"].code if self.cleaned_data["area"] else ""}
