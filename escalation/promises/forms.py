"""The forms of recommendations and commitments."""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES
from complaints import choices
from complaints.desk.forms.actions import StaffFilesField, StaffForm, said_field, text_field
from complaints.form_fields import LineField
from complaints.models import Complaint, Service
from escalation.promises.models.commitment import CommitmentKind
from escalation.promises.models.recommendation import Maladministration, Verdict
from escalation.promises.origin import Origin, plan_form
from escalation.promises.services.commitments import Finding, NewCommitment
from escalation.promises.services.planning import Plan
from escalation.promises.services.recommendations import Advice, Judgement

CHOOSE = ("", _("Please choose"))
PERIODS = (30, 90, 180, 365)


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class OnceForm(StaffForm):
    """A form that makes something. `idempotency_key` is minted when it is shown: sent twice, it makes one row.

    `case` holds what it rests on: cases that were offered by the page, each still to be ticked or not.
    """

    idempotency_key = forms.CharField(widget=forms.HiddenInput, min_length=32, max_length=32)
    case = forms.MultipleChoiceField(
        label=_("It rests on these reports"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, cases: list[Complaint], **kwargs: Any) -> None:
        numbers = [case.number for case in cases]
        kwargs["initial"] = {"idempotency_key": token_hex(16), "case": numbers} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        self.cases = {case.number: case.pk for case in cases}
        self.fields["case"].choices = [(case.number, f"{case.number} · {case.subject}") for case in cases]  # type: ignore[attr-defined]
        if not cases:
            del self.fields["case"]

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(self.cases[number] for number in self.cleaned_data.get("case", []))


class RecommendationForm(OnceForm):
    agency = forms.ChoiceField(label=_("To which agency"))
    subject = LineField(
        label=_("Subject"),
        max_length=150,
        help_text=_("Name nobody: this is made public if the agency does not comply."),
    )
    findings = text_field(_("Findings"), rows=6, help_text=_("The agency reads this. Name no citizen."))
    maladministration = forms.ChoiceField(
        label=_("Maladministration"), choices=[CHOOSE, *Maladministration.choices]
    )
    recommended = text_field(_("What you recommend"), rows=5)
    due_on = DayField(label=_("To be carried out by"), help_text=_("The law on the ombudsman gives 60 days."))
    field_order = (
        "idempotency_key",
        "agency",
        "subject",
        "case",
        "findings",
        "maladministration",
        "recommended",
        "due_on",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [CHOOSE, *choices.agency_choices()]  # type: ignore[attr-defined]

    def clean_agency(self) -> Agency:
        return _agency(self.cleaned_data["agency"])

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        advice = Advice(
            agency=data["agency"],
            subject=data["subject"],
            findings=data["findings"],
            recommended=data["recommended"],
            maladministration=Maladministration(data["maladministration"]),
            due_on=data["due_on"],
            cases=self.chosen,
        )
        return {"advice": advice, "idempotency_key": data["idempotency_key"]}


class CommitmentForm(OnceForm):
    agency = forms.ChoiceField(label=_("Agency"))
    kind = forms.ChoiceField(label=_("What changes"), choices=[CHOOSE, *CommitmentKind.choices])
    title = LineField(
        label=_("The promise"),
        max_length=150,
        help_text=_("In one line, as everybody will read it: what will be different."),
    )
    description = text_field(
        _("More about it"), required=False, rows=4, help_text=_("Everybody can read this. Name nobody.")
    )
    service = forms.ChoiceField(
        label=_("About which service"),
        required=False,
        help_text=_("Then it stands on the page of the service, and whether it helped is counted there."),
    )
    owner = forms.ChoiceField(label=_("Who sees to it"))
    due_on = DayField(label=_("Kept by"), help_text=_("This day is public and cannot be moved later."))
    field_order = (
        "idempotency_key",
        "case",
        "agency",
        "service",
        "kind",
        "title",
        "description",
        "owner",
        "due_on",
    )

    def __init__(self, *args: Any, agencies: list[Agency], origin: Origin, **kwargs: Any) -> None:
        """`origin`: what was chosen before the form was opened."""
        kwargs["initial"] = (kwargs.get("initial") or {}) | origin.initial()
        super().__init__(*args, **kwargs)
        self.origin = origin
        self.plan_form = plan_form(origin, self.data if self.is_bound else None)
        services = Service.objects.filter(agency__in=agencies, is_active=True).select_related("agency")
        self.services = {row.code: row for row in services}
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            ("", _("none in particular")),
            *((row.code, row.name) for row in self.services.values()),
        ]
        self.agencies = {agency.code: agency for agency in agencies}
        people = User.objects.filter(agency__in=agencies, role__in=sorted(AGENCY_ROLES), is_active=True)
        self.people = {str(user.pk): user for user in people.select_related("agency")}
        offered = [(agency.code, agency.local_name) for agency in agencies]
        self.fields["agency"].choices = offered if len(offered) == 1 else [CHOOSE, *offered]  # type: ignore[attr-defined]
        names = [(pk, _named(user, len(offered) > 1)) for pk, user in self.people.items()]
        self.fields["owner"].choices = [CHOOSE, *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        owner, agency = self.people.get(data.get("owner", "")), self.agencies.get(data.get("agency", ""))
        if owner is not None and agency is not None and owner.agency_id != agency.pk:
            self.add_error("owner", _("This person does not work at the agency."))
        return data

    def is_valid(self) -> bool:
        plan_is_valid = self.plan_form is None or self.plan_form.is_valid()
        return super().is_valid() and plan_is_valid

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        new = NewCommitment(
            agency=self.agencies[data["agency"]],
            kind=CommitmentKind(data["kind"]),
            title=data["title"],
            description=data["description"],
            owner=self.people[data["owner"]],
            due_on=data["due_on"],
            cases=self.chosen,
            recommendation=self.origin.recommendation,
            elements=self.origin.elements,
            findings=self.origin.findings,
            service=self.services.get(data["service"]),
            plan=self._plan(),
        )
        return {"new": new, "idempotency_key": data["idempotency_key"]}

    def _plan(self) -> Plan | None:
        target = self.origin.target
        if target is None or self.plan_form is None:
            return None
        starts_on = self.plan_form.cleaned_data["starts_on"]
        return Plan(target.part, self.plan_form.after(), starts_on, target.service, target.counter)


def _named(user: User, with_agency: bool) -> str:
    return f"{user.name} · {user.agency.short_name}" if with_agency and user.agency else user.name


class AnswerForm(StaffForm):
    accepts = forms.TypedChoiceField(
        label=_("Do you accept it?"),
        choices=[("yes", _("Yes, and this is what we do")), ("no", _("No, for this reason"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = text_field(_("Your answer"), help_text=_("What was done or will be done, by whom and by when."))
    attachments = StaffFilesField(label=_("Evidence"), required=False)


class JudgeRecommendationForm(StaffForm):
    verdict = forms.ChoiceField(label=_("Compliance"), choices=Verdict.choices, widget=forms.RadioSelect)
    words = text_field(_("How you know"), rows=4, help_text=_("The agency reads this."))
    due_on = DayField(
        label=_("The rest by"),
        required=False,
        help_text=_("With a new day the agency has to do more. Without one the recommendation ends here."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == Verdict.COMPLIED and data.get("due_on"):
            self.add_error("due_on", _("What was complied with needs no new day."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"judgement": Judgement(Verdict(data["verdict"]), data["words"], data["due_on"])}


class WithdrawForm(StaffForm):
    words = text_field(_("Why it is withdrawn"), rows=3, help_text=_("The agency reads this."))


class ReportForm(StaffForm):
    words = text_field(
        _("What was done"), rows=4, help_text=_("Only staff read this. A supervisor checks it.")
    )
    attachments = StaffFilesField(label=_("Evidence"), required=False)


class JudgeCommitmentForm(StaffForm):
    finding = forms.TypedChoiceField(label=_("The promise is"), coerce=Finding, widget=forms.RadioSelect)
    words = said_field(
        _("How you know"), rows=4, help_text=_("Everybody can read this. Name nobody and no report.")
    )

    def __init__(self, *args: Any, reported: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(Finding.BROKEN, _("broken: it will not be kept any more"))]
        if reported:
            kept = (Finding.KEPT, _("kept"))
            offered = [kept, (Finding.NOT_YET, _("not kept yet: the agency has to do more")), *offered]
        self.fields["finding"].choices = [(each.value, words) for each, words in offered]  # type: ignore[attr-defined]


class PatternForm(StaffForm):
    """Which cases to look through for a pattern; everything may be left open but the period."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    area = forms.ChoiceField(label=_("District or ward"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    days = forms.ChoiceField(label=_("Received in the last"), initial=90, required=False)

    def __init__(self, data: Any, *, actor: User) -> None:
        super().__init__(data, initial={"days": 90})
        anything = ("", _("any"))
        self.fields["category"].choices = [anything, *choices.category_choices()]  # type: ignore[attr-defined]
        self.fields["area"].choices = [anything, *choices.area_choices()]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [anything, *choices.agency_choices()]  # type: ignore[attr-defined]
        spans = [(days, _("%(days)d days") % {"days": days}) for days in PERIODS]  # in the reader's language
        self.fields["days"].choices = spans  # type: ignore[attr-defined]
        if len(actor.agency_scope) == 1:
            del self.fields["agency"]

    @property
    def since(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["days"] or 90))


def _agency(code: str) -> Agency:
    found = Agency.objects.filter(code=code, is_active=True, is_external=False).first()
    if found is None:
        raise ValidationError(_("This is no longer on the list."))
    return found


class DeclineForm(StaffForm):
    words = said_field(
        _("Why nothing is promised"), rows=4, help_text=_("Everybody can read this. Name nobody.")
    )
