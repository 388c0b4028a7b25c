"""The forms by which an office prepares and runs a meeting."""

import re
from datetime import datetime, time
from secrets import token_hex
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints import choices
from complaints.clock.city_time import day_of, local, moment_in_city
from complaints.desk.forms.actions import StaffFilesField, StaffForm, said_field, text_field
from complaints.form_fields import LineField, TextField
from complaints.identity import Identity
from complaints.models import Complaint, Service
from surveys.forums.meetings.models.people import Group
from surveys.forums.meetings.services.announcing import Plan, cases_by_number
from surveys.forums.meetings.services.attending import Guest
from surveys.forums.models import Forum

MOST_LINES = 500
CHOOSE = ("", _("Please choose"))


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class HourField(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)


class ForumForm(StaffForm):
    """A plan, from scratch or of the forum that is to be changed."""

    title = LineField(label=_("Title"), max_length=150)
    topic = text_field(_("Topic"), rows=4, help_text=_("Everybody reads this. Name nobody."))
    agenda = text_field(_("Agenda"), required=False, rows=5, help_text=_("A line for each point."))
    agency = forms.ChoiceField(label=_("Held by"))
    has_meeting = forms.BooleanField(label=_("People meet in a place"), required=False, initial=True)
    place = LineField(label=_("Place"), max_length=200, required=False)
    day = DayField(label=_("Day"))
    begins = HourField(label=_("Begins"))
    ends = HourField(label=_("Ends"))
    seats = forms.IntegerField(
        label=_("Number of places"),
        required=False,
        min_value=1,
        max_value=5000,
        help_text=_("Leave it empty where anybody can come."),
    )
    has_thread = forms.BooleanField(
        label=_("It can be discussed online as well"), required=False, initial=True
    )
    thread_until = DayField(label=_("Online until"), required=False)
    moderation = forms.ChoiceField(
        label=_("What is written online is looked at"),
        choices=Forum.Moderation.choices,
        initial=Forum.Moderation.AFTER,
        widget=forms.RadioSelect,
    )
    agencies = forms.MultipleChoiceField(
        label=_("Agencies concerned"), required=False, widget=forms.CheckboxSelectMultiple
    )
    services = forms.MultipleChoiceField(
        label=_("Services concerned"), required=False, widget=forms.CheckboxSelectMultiple
    )
    cases = LineField(
        label=_("Numbers of reports that it is about"),
        max_length=500,
        required=False,
        help_text=_("With commas. Whoever such a report complains about has nothing to do with this forum."),
    )

    def __init__(self, *args: Any, actor: User, forum: Forum | None = None, **kwargs: Any) -> None:
        self.actor, self.forum = actor, forum
        kwargs["initial"] = (_initial(forum, actor) if forum else {}) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        mine = Agency.objects.filter(pk__in=actor.agency_scope, is_active=True, is_external=False)
        self.mine = {agency.code: agency for agency in mine}
        offered = [(code, agency.local_name) for code, agency in self.mine.items()]
        self.fields["agency"].choices = offered if len(offered) == 1 else [CHOOSE, *offered]  # type: ignore[attr-defined]
        self.fields["agencies"].choices = choices.agency_choices()  # type: ignore[attr-defined]
        services = Service.objects.filter(agency_id__in=actor.agency_scope, is_active=True)
        self.own_services = {service.code: service for service in services.order_by("code")}
        self.fields["services"].choices = [(code, row.name) for code, row in self.own_services.items()]  # type: ignore[attr-defined]
        if not self.own_services:
            del self.fields["services"]

    def clean_cases(self) -> tuple[int, ...]:
        numbers = [part.upper() for part in re.split(r"[\s,;]+", self.cleaned_data["cases"]) if part]
        try:
            return tuple(cases_by_number(numbers, self.actor))
        except Complaint.DoesNotExist:
            raise ValidationError(_("One of these is not a report that you see.")) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("begins") and data.get("ends") and data["ends"] <= data["begins"]:
            self.add_error("ends", _("The end has to lie after the beginning."))
        if data.get("has_meeting") and not data.get("place") and "place" not in self.errors:
            self.add_error("place", _("Say where people meet."))
        until, day = data.get("thread_until"), data.get("day")
        if until and day and until < day:
            self.add_error("thread_until", _("Choose a day that is not before the meeting."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        codes = data["agencies"]
        return {
            "plan": Plan(
                title=data["title"],
                topic=data["topic"],
                agenda=data["agenda"],
                agency=self.mine[data["agency"]],
                starts_at=moment_in_city(datetime.combine(data["day"], data["begins"])),
                ends_at=moment_in_city(datetime.combine(data["day"], data["ends"])),
                place=data["place"] if data["has_meeting"] else "",
                seats=data["seats"] if data["has_meeting"] else None,
                agencies=tuple(Agency.objects.filter(code__in=codes)) if codes else (),
                services=tuple(self.own_services[code] for code in data.get("services", [])),
                cases=data["cases"],
                has_meeting=data["has_meeting"],
                has_thread=data["has_thread"],
                thread_until=data["thread_until"],
                moderation=data["moderation"],
            )
        }


def _initial(forum: Forum, actor: User) -> dict[str, Any]:
    cases = Complaint.objects.visible_to(actor).filter(forums=forum)
    begins, ends = local(forum.starts_at), local(forum.ends_at)
    names = (
        "title",
        "topic",
        "agenda",
        "place",
        "seats",
        "has_meeting",
        "has_thread",
        "thread_until",
        "moderation",
    )
    return {name: getattr(forum, name) for name in names} | {
        "agency": forum.agency.code,
        "day": day_of(forum.starts_at),
        "begins": time(begins.hour, begins.minute),
        "ends": time(ends.hour, ends.minute),
        "agencies": list(forum.agencies.values_list("code", flat=True)),
        "services": list(forum.services.values_list("code", flat=True)),
        "cases": ", ".join(cases.order_by("pk").values_list("number", flat=True)),
    }


class CancelForm(StaffForm):
    why = said_field(_("Why it is cancelled"), rows=3, help_text=_("Everybody reads this."))


class PeopleForm(StaffForm):
    """A list of people of one group, a line each: name, and where there is one, an address."""

    group = forms.ChoiceField(label=_("Group"), choices=[CHOOSE, *Group.choices])
    people = TextField(
        label=_("Names"),
        rows=8,
        max_length=40_000,
        help_text=_("A line each: name; e-mail. The address may be left out."),
    )
    secret = forms.CharField(widget=forms.HiddenInput, min_length=32, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"secret": token_hex(16)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean_people(self) -> list[Identity]:
        lines = [line for line in self.cleaned_data["people"].split("\n") if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("These are too many lines at once. Send at most 500."))
        return [_person(number, line) for number, line in enumerate(lines, start=1)]

    @property
    def guests(self) -> list[Guest]:
        group = Group(self.cleaned_data["group"])
        return [Guest(group, who) for who in self.cleaned_data["people"]]

    def arguments(self) -> dict[str, Any]:
        return {"guests": self.guests}


class ListForm(PeopleForm):
    def arguments(self) -> dict[str, Any]:
        return {"guests": self.guests, "secret": self.cleaned_data["secret"]}


def _person(number: int, line: str) -> Identity:
    """ "Ani; ani@contoh.id": parts by semicolon or tab; what holds an @ is the address."""
    parts = [" ".join(part.split()) for part in re.split(r"[;\t]", line)]
    email = next((part for part in parts if "@" in part), "")
    name = ", ".join(part for part in parts if part and part != email)[:120]
    if email:
        try:
            validate_email(email)
        except ValidationError:
            words = gettext("Line %(number)d: “%(email)s” is not an e-mail address.")
            raise ValidationError(words % {"number": number, "email": email[:80]}) from None
    return Identity(name=name, email=email.lower())


class PhotosForm(StaffForm):
    attachments = StaffFilesField(label=_("Photos"), required=True)
    caption = LineField(label=_("What they show"), max_length=150, required=False)
