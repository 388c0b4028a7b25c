"""Asking for a report: a period by name or by days, and whose cases."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from reports.documents.models import Purpose
from reports.figures.periods import Period, last_month, last_quarter, last_year, this_year

PRESETS = {
    "month": (_("Last month"), last_month),
    "quarter": (_("Last quarter"), last_quarter),
    "last_year": (_("Last year"), last_year),
    "this_year": (_("This year so far"), this_year),
}
CHOSEN = "days"
LONGEST_DAYS = 3 * 366
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)


class SealForm(forms.Form):
    """What a sealed file is for."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Purpose.choices, initial=Purpose.OMBUDSMAN, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Who asked for it, and why"),
        help_text=_("This becomes part of the history of the report. Staff can read it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_for_citizen = forms.BooleanField(
        label=_("Leave internal notes out"),
        help_text=_(
            "The file then shows what the citizen's own page shows. For the citizen's appeal this is always so."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)


class ReportAskForm(forms.Form):
    """`period` and `agency` in cleaned_data are a Period and an Agency or None (the whole city)."""

    preset = forms.ChoiceField(
        label=_("Period"),
        choices=[*((code, label) for code, (label, _make) in PRESETS.items()), (CHOSEN, _("From … to …"))],
        initial="month",
    )
    first = forms.DateField(
        label=_("From"),
        help_text=_("Only for “From … to …”"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("To"),
        help_text=_("This day is still included."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.none(), required=False, empty_label=_("The whole city")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("id", "Bahasa Indonesia"), ("en", "English")], initial="id"
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self._today = today
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        agencies = Agency.objects.filter(is_active=True, is_external=False)
        if user.agency_id is not None:
            agencies = agencies.filter(pk__in=user.agency_scope)
            field.required, field.empty_label, field.initial = True, None, user.agency_id
        field.queryset = agencies

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if preset := PRESETS.get(cleaned.get("preset", "")):
            cleaned["period"] = preset[1](self._today)
        elif cleaned.get("preset") == CHOSEN:
            cleaned["period"] = self._chosen(cleaned)
        return cleaned

    def _chosen(self, cleaned: dict[str, Any]) -> Period | None:
        first, last = cleaned.get("first"), cleaned.get("last")
        for name, value in (("first", first), ("last", last)):
            if value is None and name not in self.errors:
                self.add_error(name, _("Please choose a day."))
        if first is None or last is None:
            return None
        if last < first:
            self.add_error("last", _("The period ends before it begins."))
        elif (last - first).days > LONGEST_DAYS:
            self.add_error("last", _("A report covers three years at most."))
        elif first < FIRST_DAY or last > LAST_DAY:
            self.add_error("first", _("There are no cases then."))
        else:
            return Period(first, last)
        return None
