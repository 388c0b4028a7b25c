"""Forms of audits: what to draw from, one review, and what both reviewers agreed on."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints import choices
from complaints.desk.filters import SENSIBLE_DAYS
from complaints.desk.forms.actions import StaffForm
from complaints.form_fields import LineField, TextField
from complaints.models import Category
from complaints.models.catalogue import Kind
from escalation.audits.drawing import LARGEST_SAMPLE, second_reviewers
from escalation.audits.frames import SamplingFrame
from escalation.audits.models import Answer, AuditQuestion, AuditReview, AuditSample, Severity
from escalation.audits.services import Opinion

LONGEST_WORDS = 5000
LONGEST_DAYS = 3 * 366
USUAL_SIZE = 30
PREFIX = "q_"


def _day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=SENSIBLE_DAYS, **options)


class DrawForm(StaffForm):
    """`frame()` is what to draw from. There is no seed in it: a signature of the history gives it later."""

    basis = forms.ChoiceField(
        label=_("Cases"),
        choices=AuditSample.Basis.choices,
        widget=forms.RadioSelect,
        initial=AuditSample.Basis.ENDED,
    )
    first = _day(_("From"))
    last = _day(_("To"), help_text=_("This day is still included."))
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.filter(is_active=True, is_external=False),
        required=False,
        empty_label=_("The whole city"),
        help_text=_("With the agencies below it."),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("any")), *Kind.choices])
    category = forms.ChoiceField(label=_("Category"), required=False)
    size = forms.IntegerField(
        label=_("How many cases to draw"),
        min_value=1,
        max_value=LARGEST_SAMPLE,
        initial=USUAL_SIZE,
        help_text=_(
            "“Count the cases” below says how many are needed. Where there are fewer cases, all are drawn."
        ),
    )
    second = forms.ModelChoiceField(
        label=_("Second reviewer"),
        queryset=User.objects.none(),
        empty_label=_("Choose one"),
        help_text=_("Reviews a fifth of the cases as well, five at least, without seeing your answers."),
    )

    def __init__(self, *args: Any, actor: User, today: date, is_draw: bool = False, **kwargs: Any) -> None:
        first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        start = {"first": first, "last": today.replace(day=1) - timedelta(days=1)}
        super().__init__(*args, **({"initial": start} | kwargs))
        self._today = today
        self.fields["category"].choices = [("", _("any")), *choices.category_choices()]  # type: ignore[attr-defined]
        second = self.fields["second"]
        assert isinstance(second, forms.ModelChoiceField)
        second.required = is_draw  # to count, nobody need be named
        second.queryset = others = second_reviewers(actor)
        if not others.exists():
            second.required, second.empty_label = False, _("There is no other supervisor")

    def clean_last(self) -> date:
        """Not before the first day, not in the future, and not years later."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data["last"]
        if first and last < first:
            raise ValidationError(_("The period ends before it begins."))
        if last > self._today:
            raise ValidationError(_("This day is still to come."))
        if first and (last - first).days > LONGEST_DAYS:
            raise ValidationError(_("A sample covers three years at most."))
        found: date = last
        return found

    def clean_category(self) -> Category | None:
        code = self.cleaned_data["category"]
        return Category.objects.filter(code=code).first() if code else None

    def frame(self) -> SamplingFrame:
        data = self.cleaned_data
        return SamplingFrame(
            data["basis"], data["first"], data["last"], data["agency"], data["kind"], data["category"]
        )

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"frame": self.frame(), "size": data["size"], "second": data["second"]}


class CancelForm(StaffForm):
    """Why an announced draw is taken back."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=AuditSample.CancelReason.choices, help_text=_("Is published.")
    )
    words = LineField(
        label=_("In words"), max_length=300, help_text=_("For supervisors. No names of citizens.")
    )

    def arguments(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], "words": self.cleaned_data["words"]}


def _answer_field(question: AuditQuestion, *, required: bool, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=question.name,
        help_text=question.rule,
        choices=Answer.choices,
        widget=forms.RadioSelect,
        required=required,
        error_messages={"required": _("Choose an answer, or save as a draft.")},
        **options,
    )


class ReviewForm(StaffForm):
    """The checklist. A draft may have gaps; a final review answers every question."""

    severity = forms.ChoiceField(label=_("Finding"), choices=Severity.choices, initial=Severity.NONE)
    words = TextField(
        label=_("The finding in words"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=_("What was done or left undone, and what shows it. No names of citizens."),
    )

    def __init__(
        self,
        *args: Any,
        questions: Sequence[AuditQuestion],
        is_final: bool = False,
        review: AuditReview | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **({"initial": _said_in(review)} | kwargs))
        self._questions, self._is_final = questions, is_final
        asked = {PREFIX + q.code: _answer_field(q, required=is_final) for q in questions}
        self.fields = asked | self.fields

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self._is_final and data.get("severity") != Severity.NONE and not data.get("words"):
            self.add_error("words", _("Say what was found."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        given = {q.code: data[PREFIX + q.code] for q in self._questions if data[PREFIX + q.code]}
        return {"opinion": Opinion(given, Severity(data["severity"]), data["words"])}


def _said_in(review: AuditReview | None) -> dict[str, Any]:
    """A draft as a form begins with it."""
    if review is None:
        return {}
    said = {PREFIX + code: answer for code, answer in review.answers.items()}
    return said | {"severity": review.severity, "words": review.finding}


class AgreeForm(StaffForm):
    """One answer for each question on which the two reviewers differ, and why."""

    words = TextField(label=_("Why you agreed so"), max_length=LONGEST_WORDS, rows=3)

    def __init__(self, *args: Any, questions: Iterable[AuditQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "agree-%s"} | kwargs))
        self._questions = list(questions)
        asked = {PREFIX + q.code: _answer_field(q, required=True) for q in self._questions}
        self.fields = asked | self.fields

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"answers": {q.code: data[PREFIX + q.code] for q in self._questions}, "words": data["words"]}
