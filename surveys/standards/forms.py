"""The forms by which the head of an agency changes a standard."""

from secrets import token_hex
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from complaints.desk.forms.actions import StaffForm, text_field
from complaints.form_fields import LineField
from surveys.standards import hours
from surveys.standards.models import Part
from surveys.standards.services import MOST_PROMISED, Change


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ChangeForm(StaffForm):
    """What every change says: from when, for how long, and why. `thing`: what is changed, as `Change` names it."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, min_length=32, max_length=32)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    starts_on = DayField(
        label=_("From"), help_text=_("The first day on which it holds: today or later. It is public at once.")
    )
    ends_on = DayField(
        label=_("Until"),
        required=False,
        help_text=_(
            "Only for what holds for a while, such as hours in the month of fasting: then the old holds again."
        ),
    )
    reason = text_field(_("Why"), rows=3, help_text=_("Everybody can read this. Name nobody."))

    def __init__(
        self, *args: Any, part: Part, thing: dict[str, Any], seen: int, value: dict[str, Any], **kwargs: Any
    ) -> None:
        self.part, self.thing = part, thing
        kwargs["initial"] = {"idempotency_key": token_hex(16), "seen": seen} | (kwargs.get("initial") or {})
        kwargs["initial"] |= self.said(value)
        super().__init__(*args, **kwargs)

    def said(self, value: dict[str, Any]) -> dict[str, Any]:
        """The value as the fields have it."""
        raise NotImplementedError

    def after(self) -> dict[str, Any]:
        """The value as it was typed."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        new = Change(
            part=self.part,
            after=self.after(),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            reason=data["reason"],
            seen=data["seen"],
            **self.thing,
        )
        return {"new": new, "idempotency_key": data["idempotency_key"]}


class WordsForm(ChangeForm):
    """A part in words, in both languages; of the time also the working days, which reports are held against."""

    days = forms.IntegerField(
        label=_("Working days"),
        min_value=1,
        max_value=MOST_PROMISED,
        required=False,
        help_text=_(
            "Reports that come in from the first day on are held against it; earlier ones against the old."
        ),
    )
    text_id = text_field(_("In Indonesian"), required=False, rows=6)
    text_en = text_field(
        _("In English"),
        required=False,
        rows=6,
        help_text=_("Left empty, readers of English see the Indonesian."),
    )
    field_order = ("idempotency_key", "seen", "days", "text_id", "text_en", "starts_on", "ends_on", "reason")

    def __init__(self, *args: Any, part: Part, **kwargs: Any) -> None:
        super().__init__(*args, part=part, **kwargs)
        if part != Part.TIME:
            del self.fields["days"]
            self.fields["text_id"].required = part != Part.CLOSURE
        if part == Part.CLOSURE:
            self.fields["ends_on"].required = True
            self.fields["ends_on"].help_text = _("The last day on which it is closed.")
            self.fields["starts_on"].help_text = _("The first day on which it is closed.")
            self.fields["text_id"].help_text = _(
                "What people are told. Left empty in both languages, a closure from that day is taken back."
            )

    def said(self, value: dict[str, Any]) -> dict[str, Any]:
        if self.part == Part.CLOSURE:
            return {}
        return {"days": value.get("days"), "text_id": value.get("id", ""), "text_en": value.get("en", "")}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.part == Part.TIME and not data.get("days") and not data.get("text_id") and not self.errors:
            self.add_error("days", _("Say the working days, or in words how long it takes."))
        return data

    def after(self) -> dict[str, Any]:
        data = self.cleaned_data
        value = {"id": data["text_id"], "en": data["text_en"], "days": data.get("days")}
        return {name: each for name, each in value.items() if each}


class HoursForm(ChangeForm):
    """A week: `08.00-12.00, 13.00-15.00` each day, nothing where it is closed."""

    field_order = (
        "idempotency_key",
        "seen",
        *(f"day{weekday}" for weekday in range(7)),
        "starts_on",
        "ends_on",
        "reason",
    )

    def said(self, value: dict[str, Any]) -> dict[str, Any]:
        weekly = value.get("weekly", {})
        return {
            f"day{weekday}": hours.day_text(weekly.get(str(weekday), [])).replace("–", "-")
            for weekday in range(7)
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["weekly"] = weekly = {}
        for weekday in range(7):
            name = f"day{weekday}"
            try:
                found = hours.read_day(data.get(name) or "")
            except hours.BadHours:
                self.add_error(name, _("Write for example 08.00-12.00, 13.00-15.00, or leave it empty."))
                continue
            if found:
                weekly[str(weekday)] = found
        return data

    def after(self) -> dict[str, Any]:
        return {"weekly": self.cleaned_data["weekly"]}


for _weekday in range(7):
    # Seven fields of one kind, declared as a form declares its own.
    _field = LineField(label=WEEKDAYS[_weekday], required=False, max_length=80)
    if not _weekday:
        _field.help_text = _(
            "For example 08.00-12.00, 13.00-15.00: what lies between is the break. Empty: closed."
        )
    HoursForm.base_fields[f"day{_weekday}"] = _field


def form_class(part: Part) -> type[ChangeForm]:
    return HoursForm if part == Part.HOURS else WordsForm
