"""The forms by which a unit runs its rounds."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints.desk.forms.actions import StaffForm, text_field
from complaints.form_fields import LineField
from complaints.models import Service
from surveys.questionnaires.models import Survey, SurveyVersion
from surveys.rounds.handing_out import MOST_CODES
from surveys.rounds.services import NewRound

MOST_PEOPLE = 10_000_000
USUAL_DAYS, USUAL_LATE = timedelta(days=29), timedelta(days=3)


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class RoundForm(StaffForm):
    """`arguments` has a NewRound."""

    agency = forms.ModelChoiceField(
        label=_("Unit that asks"), queryset=Agency.objects.none(), empty_label=None
    )
    version = forms.ModelChoiceField(
        label=_("Questionnaire"), queryset=SurveyVersion.objects.none(), empty_label=None
    )
    service = forms.ModelChoiceField(
        label=_("About one service"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("All services of the unit"),
    )
    opens_on = day_field(_("First day"))
    closes_on = day_field(_("Last day"), help_text=_("This day is still included."))
    enter_until = day_field(
        _("Slips are typed in until"),
        required=False,
        help_text=_("Then the round closes by itself. Empty: on the evening of the last day."),
    )
    population = forms.IntegerField(
        label=_("How many people used it in the period before"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_("From it follows how many should answer (Krejcie and Morgan): of 500 users 217."),
    )
    target = forms.IntegerField(
        label=_("A sample of your own"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_("Only where it was agreed on. That it was set by hand is said with the result."),
    )
    opens_itself = forms.BooleanField(
        label=_("Opens by itself on the first day"), required=False, initial=True
    )
    in_steps = forms.BooleanField(
        label=_("Ask section by section"),
        required=False,
        help_text=_("For long questionnaires: one page for each section."),
    )
    needs_token = forms.BooleanField(
        label=_("Only with a personal code"),
        required=False,
        help_text=_(
            "For a sample that was drawn: you hand out codes on paper. Poster and tablet are then not used."
        ),
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "opens_on": today,
            "closes_on": today + USUAL_DAYS,
            "enter_until": today + USUAL_DAYS + USUAL_LATE,
            "agency": user.agency_id,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.filter(pk__in=user.agency_scope, is_active=True, is_external=False)
        self._queryset("agency", agencies)
        services = Service.objects.filter(agency__in=agencies, is_active=True).select_related("agency")
        self._queryset("service", services)
        versions = SurveyVersion.objects.filter(published_at__isnull=False, survey__is_active=True)
        versions = versions.exclude(survey__purpose=Survey.Purpose.AFTER_CASE).select_related("survey")
        self._queryset("version", versions.order_by("-survey__purpose", "survey__name_id", "-number"))

    def _queryset(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        service, agency = cleaned.get("service"), cleaned.get("agency")
        if service and agency and service.agency_id != agency.pk:
            self.add_error("service", _("This service is another unit's."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {"new": NewRound(**self.cleaned_data)}


class ProlongForm(StaffForm):
    closes_on = day_field(_("New last day"))


class AnnulForm(StaffForm):
    reason = text_field(
        _("Why it counts for nothing"),
        rows=3,
        help_text=_("Everybody reads this, for good. Name nobody."),
    )


class CodesForm(StaffForm):
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_CODES, initial=50)
    as_file = forms.ChoiceField(
        label=_("As"),
        choices=[("page", _("slips to print")), ("csv", _("a list (CSV)"))],
        initial="page",
        widget=forms.RadioSelect,
    )


class DeviceForm(StaffForm):
    name = LineField(label=_("Place of the tablet"), max_length=80, help_text=_("Such as: counter 2"))
