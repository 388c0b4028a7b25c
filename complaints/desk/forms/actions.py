"""The small forms by which staff act on a case. Each carries the version of the case that its reader saw."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.roles import Role
from complaints import choices
from complaints.catalogue import catalogue
from complaints.clock.deadlines import Clockwork
from complaints.desk.forms.asking import INSPECTORATE, answer_field, ask_where_named, inspectorate_for
from complaints.desk.routing import eligible_agencies, suggest
from complaints.form_fields import FilesField, LineField, SaidField, TextField
from complaints.identity import SHORTEST_MOTIVE
from complaints.models import Attachment, Category, Complaint, Draft, RejectReason
from complaints.models.catalogue import Kind
from complaints.models.policy import LONGEST_CHECK, SHORTEST_CHECK
from complaints.numbers import is_number
from complaints.recusal import recusal_of
from complaints.services.colleagues import readers_of_notes, takers
from complaints.services.verification import Routing

LONGEST_TEXT = 5000
STOPS = _("The clock stands still until the answer.")
RUNS_ON = _(
    "The citizen was asked often enough in this round: the clock runs on. If they do not answer in time, the report "
    "lapses all the same."
)
NO_CHANGE = ("", _("leave as it is"))


def text_field(label: Any, *, required: bool = True, rows: int = 5, **options: Any) -> TextField:
    return TextField(label=label, required=required, max_length=LONGEST_TEXT, rows=rows, **options)


def said_field(label: Any, *, required: bool = True, rows: int = 5, **options: Any) -> SaidField:
    """Words that somebody is owed: the citizen, or whoever gets the case back."""
    return SaidField(label=label, required=required, max_length=LONGEST_TEXT, rows=rows, **options)


class StaffFilesField(FilesField):
    """Several files, which may be compulsory. Its help says first what is taken."""

    def __init__(self, *, help_text: Any = "", **options: Any) -> None:
        limits = FilesField(shows=options.get("shows", "")).help_text
        super().__init__(help_text=format_lazy("{} {}", help_text, limits), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        found = super().clean(data, initial)
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found


class StaffForm(forms.Form):
    """A form that says what a service is given (`perform`). `kept`: files that were taken before, with it or with its
    draft; None where uploads are taken when all else is right.

    What is typed in it is kept as a draft (`unsent.attach`), if `is_drafted`: under `draft_of`, the place where it
    stands. `about` is the number of a case: the draft goes when that is erased.
    """

    is_drafted: ClassVar[bool] = True
    about: str = ""
    draft_of: str = ""
    draft: Draft | None = None
    kept: list[Attachment] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))

    def has_kept(self, files: list[Attachment]) -> None:
        """These were taken before, and are enough where files are compulsory; where those are to show one side of the
        work, not those that show the other."""
        self.kept = files
        compulsory = self.fields.get("attachments")
        side = getattr(compulsory, "shows", "")
        if compulsory and any(not side or file.shows in ("", side) for file in files):
            compulsory.required = False

    def arguments(self) -> dict[str, Any]:
        """The arguments of the service: the fields, where a form does not say otherwise."""
        return dict(self.cleaned_data)


class CaseForm(StaffForm):
    """`text` names the field that a standard reply fills. The page of the case keeps its draft (`action_panels`)."""

    is_drafted = False
    text: ClassVar[str] = ""
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, case: Complaint, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": case.version} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.case, self.actor = case, actor
        for field in self.fields.values():
            if isinstance(field, SaidField):
                field.quoted = f"{case.subject}\n{case.description}"
        self.prepare()

    def prepare(self) -> None:
        """Fills in choices that depend on the case."""

    @property
    def seen_version(self) -> int | None:
        """The version in what was sent, None when it makes no sense."""
        value: int | None = getattr(self, "cleaned_data", {}).get("version")
        return value


class AskForm(CaseForm):
    text = "question"
    question = said_field(_("Question to the citizen"))

    def prepare(self) -> None:
        asked = self.case.parent or self.case  # through a part the citizen of the whole is asked
        # In a later round the clocks say since when questions count.
        is_first = asked.cycle == 1
        clockwork = Clockwork(asked, [], list(asked.pauses.all())) if is_first else Clockwork.load(asked)
        stops = clockwork.next_question_pauses
        self.fields["question"].help_text = STOPS if stops else RUNS_ON


class RejectForm(CaseForm):
    text = "words"
    reason = forms.ChoiceField(label=_("Reason"))
    words = said_field(_("Words for the citizen"), help_text=_("Say also where else they can turn."))

    def prepare(self) -> None:
        self.fields["reason"].choices = [("", _("Please choose")), *choices.reason_choices()]  # type: ignore[attr-defined]

    def clean_reason(self) -> RejectReason:
        found: RejectReason = found_active(RejectReason, self.cleaned_data["reason"])
        return found


class MergeForm(CaseForm):
    into = LineField(
        label=_("Number of the case that it repeats"),
        max_length=24,
        widget=forms.TextInput(attrs={"list": "merge-similar", "autocomplete": "off"}),
    )

    def clean_into(self) -> int:
        return number_in_scope(self.cleaned_data["into"], self.actor)


class AssignForm(CaseForm):
    agency = forms.ChoiceField(label=_("Agency"))
    others = forms.MultipleChoiceField(
        label=_("Also to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets a case of its own; the agency above leads and answers."),
    )
    answer = answer_field()
    kind = forms.ChoiceField(label=_("Correct the kind"), required=False, choices=[NO_CHANGE, *Kind.choices])
    category = forms.ChoiceField(
        label=_("Correct the category"),
        required=False,
        help_text=_("The promised day becomes what it would have been, had the report been filed so."),
    )
    remark = text_field(_("Remark for the agency"), required=False, rows=2)

    def prepare(self) -> None:
        likely = suggest(self.case)
        # An oversight complaint is offered to the inspectorate only; the kind may still be corrected here.
        able = [(row.code, row.label_to_assign) for row in eligible_agencies(self.case)]
        everyone = choices.agency_choices_to_assign() if self.is_bound else able
        grouped: list[Any] = [("", _("Please choose")), (_("All agencies"), everyone)]
        if likely:
            grouped.insert(1, (_("Suggested"), [(each.row.code, each.label) for each in likely]))
            self.initial.setdefault("agency", likely[0].row.code)
            told = [f"{each.row.short_name} ({each.because})" for each in likely if each.because]
            # A narrow screen cuts what stands behind the name in the list.
            self.fields["agency"].help_text = _("Suggested because of: %(words)s") % {
                "words": "; ".join(told)
            }
        self.fields["agency"].choices = grouped  # type: ignore[attr-defined]
        self.fields["others"].choices = everyone  # type: ignore[attr-defined]
        self.fields["category"].choices = [NO_CHANGE, *catalogue().category_choices()[1:]]  # type: ignore[attr-defined]
        ask_where_named(self, self.case, self._chosen(), may_redirect=True)

    def _chosen(self) -> list[str]:
        if not self.is_bound:
            return []
        others = self.fields["others"].widget.value_from_datadict(self.data, self.files, "others")
        return [self.data.get("agency", ""), *(others or [])]

    def clean_agency(self) -> Agency:
        found: Agency = found_active(Agency, self.cleaned_data["agency"])
        return found

    def clean_others(self) -> list[Agency]:
        return list(Agency.objects.filter(code__in=self.cleaned_data["others"], is_active=True))

    def clean_category(self) -> Category | None:
        code = self.cleaned_data["category"]
        return found_active(Category, code) if code else None

    def arguments(self) -> dict[str, Any]:
        """The leading agency first, none twice."""
        data, answer = self.cleaned_data, self.cleaned_data.get("answer", "")
        agencies, kind = list(dict.fromkeys([data["agency"], *data["others"]])), data["kind"]
        instead = inspectorate_for(self.case, self._chosen()) if answer == INSPECTORATE else None
        if instead is not None:
            agencies, kind, answer = [instead], Kind.OVERSIGHT.value, ""
        routing = Routing(agencies, kind, data["category"], data["remark"], answer)
        return {"routing": routing, "version": data["version"]}


class AcceptForm(CaseForm):
    handler = forms.ChoiceField(label=_("Handled by"))

    def prepare(self) -> None:
        officers = choices.officers([self.case.agency_id]) if self.case.agency_id else []
        aside = recusal_of(self.case).people.get(self.case.pk, set())
        self.fields["handler"].choices = [(str(pk), name) for pk, name in officers if pk not in aside]  # type: ignore[attr-defined]
        self.initial.setdefault("handler", str(self.actor.pk))

    def clean_handler(self) -> User:
        officers = User.objects.filter(role=Role.OFFICER, agency=self.case.agency, is_active=True)
        found = officers.filter(pk=int(self.cleaned_data["handler"])).first()
        if found is None:
            raise ValidationError(_("This person no longer works here."))
        return found


class HandBackForm(CaseForm):
    text = "why"
    why = said_field(_("Why it is not yours"), rows=3, help_text=_("Only staff read this."))


class AddFilesForm(CaseForm):
    attachments = StaffFilesField(label=_("Files"), required=True)
    is_public = forms.BooleanField(
        label=_("The citizen may see them"),
        required=False,
        initial=True,
        help_text=_("Otherwise only staff do."),
    )

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"attachments": data["attachments"], "is_public": data["is_public"]}


class MarkFilesForm(CaseForm):
    personal = forms.MultipleChoiceField(
        label=_("These show a person or papers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are not on the page for the spot, nor on its print. What is no picture never is."),
    )

    def prepare(self) -> None:
        pictures = [file for file in self.case.attachments.all() if file.content_type.startswith("image/")]
        self.fields["personal"].choices = [(file.key, file.name) for file in pictures]  # type: ignore[attr-defined]
        self.initial.setdefault("personal", [file.key for file in pictures if file.is_personal])

    def arguments(self) -> dict[str, Any]:
        return {"personal": self.cleaned_data["personal"]}


class AnswerForm(CaseForm):
    answer = text_field(_("What the citizen answered"))
    attachments = StaffFilesField(label=_("Files"), required=False)

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"text": data["answer"], "attachments": data["attachments"], "version": data["version"]}


class ReferForm(CaseForm):
    body = forms.ChoiceField(label=_("Outside body"))
    reference = LineField(
        label=_("Their reference"), max_length=80, help_text=_("For example a LAPOR! tracking id.")
    )
    check_days = forms.IntegerField(
        label=_("Ask the citizen after so many days"),
        min_value=SHORTEST_CHECK,
        max_value=LONGEST_CHECK,
        required=False,
        help_text=_("7 to 90 calendar days; empty: what the service level says."),
    )
    words = said_field(_("Words for the citizen"), required=False, rows=3)

    def prepare(self) -> None:
        outside = choices.agency_choices(external=True)
        self.fields["body"].choices = [("", _("Please choose")), *outside]  # type: ignore[attr-defined]

    def clean_body(self) -> Agency:
        found: Agency = found_active(Agency, self.cleaned_data["body"])
        return found


class SettleReferralForm(CaseForm):
    words = said_field(_("What became of it"), rows=3, help_text=_("The citizen reads this."))


class BringBackForm(CaseForm):
    words = said_field(_("Why it comes back"), rows=3, help_text=_("The citizen reads this."))


class AuditNoteForm(CaseForm):
    note = text_field(_("Internal note"), rows=3, help_text=_("Only staff read this."))

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["note"]}


class NoteForm(AuditNoteForm):
    told = forms.MultipleChoiceField(
        label=_("Tell"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They get a line in their next mail that a note is for them, without its words."),
    )

    def prepare(self) -> None:
        self.people = {str(each.pk): each for each in readers_of_notes(self.case, self.actor)}
        self.fields["told"].choices = [(pk, each.name) for pk, each in self.people.items()]  # type: ignore[attr-defined]
        if not self.people:
            del self.fields["told"]

    def arguments(self) -> dict[str, Any]:
        told = [self.people[pk] for pk in self.cleaned_data.get("told", [])]
        return super().arguments() | {"told": told}


class HandOnForm(CaseForm):
    handler = forms.ChoiceField(label=_("Who goes on"))
    remark = text_field(
        _("What they should know"), required=False, rows=2, help_text=_("Only staff read this.")
    )

    def prepare(self) -> None:
        self.people = {str(each.pk): each for each in takers(self.case)}
        chosen = [(pk, each.name) for pk, each in self.people.items()]
        self.fields["handler"].choices = [("", _("Please choose")), *chosen]  # type: ignore[attr-defined]

    def clean_handler(self) -> User:
        return self.people[self.cleaned_data["handler"]]


class ProgressForm(CaseForm):
    text = "words"
    words = said_field(
        _("How far it is"),
        rows=4,
        help_text=_("The citizen reads this, and gets it by mail. The promised day stays the same."),
    )
    expected_on = forms.DateField(
        label=_("Not done yet: by when will it be?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Say above why. The day is told as yours; what was promised stays promised."),
    )
    attachments = StaffFilesField(
        label=_("Files"), required=False, help_text=_("The citizen sees these files.")
    )


class OpenIdentityForm(CaseForm):
    motive = text_field(
        _("Why you need to know"),
        rows=2,
        min_length=SHORTEST_MOTIVE,
        help_text=_("Your look and this reason stay in the history, and every supervisor sees them."),
    )


def found_active(model: Any, code: str) -> Any:
    """The row of this code, as long as it is offered."""
    row = model.objects.filter(code=code, is_active=True).first()
    if row is None:
        raise ValidationError(_("This is no longer on the list."))
    return row


def number_in_scope(typed: str, actor: User) -> int:
    """The key of the case of this number, if it is in the scope of `actor`."""
    number = typed.upper()
    if not is_number(number):
        raise ValidationError(_("This is not a case number. Look for a mistyped digit."))
    found: Complaint | None = Complaint.objects.visible_to(actor).filter(number=number).first()
    if found is None:
        raise ValidationError(_("There is no case with this number."))
    return found.pk
