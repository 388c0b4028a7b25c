"""The forms by which staff act on inputs and findings, and by which they narrow the queue."""

from secrets import token_hex
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.roles import Role
from complaints import choices
from complaints.catalogue import catalogue
from complaints.desk.forms.actions import StaffForm, said_field
from complaints.form_fields import LineField
from complaints.models import Category
from complaints.models.catalogue import Kind
from surveys.forums.inputs.choices import DeclineReason, HideReason
from surveys.forums.inputs.services.answering import NewCase
from surveys.forums.models import Forum, ForumInput, InputState

ANY = ("", _("any"))
CHOOSE = ("", _("Please choose"))
LONGEST_SEARCH = 100
SPOKEN_OF = (Role.OFFICER, Role.AGENCY_HEAD, Role.CLERK, Role.VERIFIER)


class InputFilterForm(forms.Form):
    """What the queue is narrowed to; nothing set: what waits for an answer."""

    state = forms.ChoiceField(label=_("State"), required=False)
    forum = forms.ChoiceField(label=_("Forum"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    source = forms.ChoiceField(label=_("Came by"), required=False, choices=[ANY, *ForumInput.Source.choices])
    visibility = forms.ChoiceField(
        label=_("Shown"), required=False, choices=[ANY, *ForumInput.Visibility.choices]
    )
    q = LineField(label=_("Number or words"), max_length=LONGEST_SEARCH, required=False)
    overdue = forms.BooleanField(label=_("Overdue"), required=False)

    def __init__(self, data: Any, *, actor: User) -> None:
        super().__init__(data, label_suffix="")
        states = [("", _("waits for an answer")), ("all", _("any")), *InputState.choices[1:-1]]
        self.fields["state"].choices = states  # type: ignore[attr-defined]
        mine = ForumInput.objects.visible_to(actor).filter(forum__isnull=False).order_by()
        forums = Forum.objects.filter(pk__in=mine.values("forum")).values_list("code", "title")
        self.fields["forum"].choices = [ANY, *forums]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [ANY, *choices.agency_choices()]  # type: ignore[attr-defined]
        if len(actor.agency_scope) == 1:
            del self.fields["agency"]

    @property
    def is_active(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class AnswerForm(StaffForm):
    words = said_field(_("Answer"), help_text=_("Everybody can read this. Name nobody."))


class DeclineForm(StaffForm):
    reason = forms.TypedChoiceField(
        label=_("Why nothing comes of it"), choices=[CHOOSE, *DeclineReason.choices], coerce=DeclineReason
    )
    words = said_field(
        _("To those who said it"), rows=3, help_text=_("Everybody can read this. Name nobody.")
    )


class BecomeCaseForm(StaffForm):
    subject = LineField(label=_("In a few words"), max_length=150)
    category = forms.ChoiceField(label=_("Category"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("as the category says")), *Kind.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = catalogue().category_choices()  # type: ignore[attr-defined]

    def clean_category(self) -> Category | None:
        return catalogue().categories.get(self.cleaned_data["category"])

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"new": NewCase(data["subject"], data["category"], data["kind"])}


class PassOnForm(StaffForm):
    agency = forms.ChoiceField(label=_("To which agency"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [CHOOSE, *choices.agency_choices()]  # type: ignore[attr-defined]

    def clean_agency(self) -> Agency:
        found = Agency.objects.filter(code=self.cleaned_data["agency"]).first()
        if found is None:
            raise ValidationError(_("This is no longer on the list."))
        return found


class HideForm(StaffForm):
    reason = forms.TypedChoiceField(
        label=_("Hide it because"), choices=[CHOOSE, *HideReason.choices], coerce=HideReason
    )
    words = LineField(
        label=_("In more words"),
        max_length=300,
        required=False,
        help_text=_("Stands in its place, for everybody to read. Do not repeat what you hide."),
    )


class NameForm(StaffForm):
    user = forms.ChoiceField(
        label=_("It speaks of"), help_text=_("From now on this person does not see it on the desk.")
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, role__in=SPOKEN_OF).exclude(pk=actor.pk)
        self.people = {str(user.pk): user for user in people.select_related("agency").order_by("name")}
        names = [
            (pk, f"{u.name} · {u.agency.short_name}" if u.agency else u.name) for pk, u in self.people.items()
        ]
        self.fields["user"].choices = [CHOOSE, *names]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {"user": self.people[self.cleaned_data["user"]]}


class GatherForm(StaffForm):
    """What several inputs say together. `number`: the ticked rows; `into`: a finding that is there already."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, min_length=32, max_length=32)
    title = LineField(
        label=_("What they say together"),
        max_length=150,
        required=False,
        help_text=_("Everybody can read this."),
    )
    into = LineField(label=_("or number of a finding"), max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"idempotency_key": token_hex(16)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("title")) == bool(data.get("into")):
            raise ValidationError(_("Give a title for a new finding, or the number of one."))
        return data


class EraseForm(StaffForm):
    reason = LineField(label=_("Why"), max_length=200, help_text=_("Kept in the history. Name nobody."))
    with_words = forms.BooleanField(label=_("Also what they said"), required=False)
