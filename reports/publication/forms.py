"""The forms of the desk and of the public pages of reports."""

from datetime import date
from secrets import token_hex
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints.desk.forms.actions import LONGEST_TEXT, StaffForm, text_field
from complaints.form_fields import LineField
from complaints.models import Complaint
from reports.figures.periods import Period, add_months
from reports.publication.models.report import Kind, WithdrawReason
from reports.publication.periods import LAST, MONTHS, PeriodKind

EARLIEST = 12  # periods back that can be chosen


class AgencyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, agency: Any) -> str:
        name: str = agency.local_name
        return name if agency.is_active else gettext("%(agency)s (closed)") % {"agency": name}


class PrepareForm(StaffForm):
    """Begins a report by hand: a kind, how many periods ago, and whose. An agency that was closed answers for what
    ended with it."""

    period = forms.ChoiceField(label=_("Period"))
    agency = AgencyChoice(
        label=_("Agency"), queryset=Agency.objects.none(), required=False, empty_label=_("The whole city")
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._periods = dict(_choices(today))
        period, agency = self.fields["period"], self.fields["agency"]
        assert isinstance(period, forms.ChoiceField)
        assert isinstance(agency, forms.ModelChoiceField)
        period.choices = [
            (str(kind.label).capitalize(), [(key, key_label(key, each)) for key, each in rows])
            for kind in Kind
            if (rows := [(key, each) for key, each in self._periods.items() if key.startswith(kind.value)])
        ]
        had_cases = Exists(Complaint.objects.filter(agency=OuterRef("pk")))
        agencies = Agency.objects.filter(Q(is_active=True) | had_cases, is_external=False).order_by("name")
        if user.agency_id is not None:
            agencies = agencies.filter(pk__in=user.agency_scope)
            agency.required, agency.empty_label, agency.initial = True, None, user.agency_id
        agency.queryset = agencies

    def arguments(self) -> dict[str, Any]:
        return {"period": self._periods[self.cleaned_data["period"]], "agency": self.cleaned_data["agency"]}


def _choices(today: date) -> list[tuple[str, Period]]:
    found = []
    for kind in (PeriodKind.QUARTER, PeriodKind.MONTH, PeriodKind.HALF, PeriodKind.YEAR):
        last = LAST[kind](today)
        for ago in range(EARLIEST if kind != PeriodKind.YEAR else 3):
            first = add_months(last.first, -ago * MONTHS[kind])
            following = add_months(first, MONTHS[kind])
            found.append((f"{kind.value}-{ago}", Period(first, date.fromordinal(following.toordinal() - 1))))
    return found


def key_label(key: str, period: Period) -> str:
    return f"{period.first:%d.%m.%Y} – {period.last:%d.%m.%Y}"


class SentenceForm(StaffForm):
    language = forms.CharField(widget=forms.HiddenInput, max_length=2)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    # Beside it stands which figures are behind it, in the same line.
    text = LineField(
        label=_("Sentence"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ForewordForm(StaffForm):
    foreword_id = text_field(_("In Indonesian"), required=False, rows=8)
    foreword_en = text_field(_("In English"), required=False, rows=8)
    foreword_by = LineField(
        label=_("Whose words these are"),
        max_length=150,
        required=False,
        help_text=_("Name and office, as they stand below it."),
    )


class RecipientsForm(StaffForm):
    recipients = forms.ModelMultipleChoiceField(
        label=_("Who is told when it is published"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "They get a link in office hours, never the file. The next report begins with the same people."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipients"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = User.objects.filter(is_active=True).select_related("agency").order_by("name")


class RemarkForm(StaffForm):
    secret = forms.CharField(widget=forms.HiddenInput, min_length=32, max_length=32)
    figure = forms.ChoiceField(label=_("Beside which figure"))
    text = text_field(_("Remark"), rows=3)

    def __init__(self, *args: Any, figures: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs["initial"] = {"secret": token_hex(16)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        field = self.fields["figure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = figures


class AnswerForm(StaffForm):
    text = text_field(_("Answer"), rows=3)


class SettleForm(StaffForm):
    is_public = forms.BooleanField(label=_("Print it beside the figure, with its answer"), required=False)


class SeenForm(StaffForm):
    """Which snapshot, or which text, its reader has read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class GiveBackForm(StaffForm):
    why = text_field(_("What has to be done"), rows=3)


class DropForm(StaffForm):
    why = text_field(_("Why it is not needed"), rows=3)


class WithdrawForm(StaffForm):
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=WithdrawReason.choices,
        widget=forms.RadioSelect,
        help_text=_("Where a person could be recognised, its files are not handed out any more."),
    )
    words = text_field(_("In words"), rows=3)


class SubscribeForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_(
            "We send a link. Only when you open it and confirm do mails begin; each has a link that ends them."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
