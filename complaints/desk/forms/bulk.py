"""What is done to several cases at once; they are ticked in the table around these forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints import choices
from complaints.desk.forms.actions import (
    MergeForm,
    NoteForm,
    RejectForm,
    StaffForm,
    found_active,
    number_in_scope,
)
from complaints.form_fields import LineField, check_said
from complaints.models import RejectReason
from complaints.services.verification import Routing


class BulkForm(StaffForm):
    """Several stand side by side in one form of the page, of which one is sent: no browser may insist on the others."""

    use_required_attribute = False
    is_drafted = False

    def __init__(self, *args: Any, actor: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "bulk-%s"} | kwargs))
        self.actor = actor
        self.prepare()

    def prepare(self) -> None:
        """Fills in choices."""


class BulkAssignForm(BulkForm):
    agency = forms.ChoiceField(label=_("Agency"))

    def prepare(self) -> None:
        self.fields["agency"].choices = [("", _("Please choose")), *choices.agency_choices_to_assign()]  # type: ignore[attr-defined]

    def clean_agency(self) -> Agency:
        found: Agency = found_active(Agency, self.cleaned_data["agency"])
        return found

    def arguments(self) -> dict[str, Any]:
        return {"routing": Routing([self.cleaned_data["agency"]])}


class BulkHandBackForm(BulkForm):
    why = LineField(label=_("Why they are not yours"), max_length=500, validators=[check_said])


class BulkMergeForm(BulkForm):
    into = MergeForm.base_fields["into"]

    def prepare(self) -> None:
        self.fields["into"].label = _("Number of the case that they repeat")

    def clean_into(self) -> int:
        assert self.actor is not None
        return number_in_scope(self.cleaned_data["into"], self.actor)


class BulkRejectForm(BulkForm):
    reason = RejectForm.base_fields["reason"]
    words = RejectForm.base_fields["words"]

    def prepare(self) -> None:
        self.fields["reason"].choices = [("", _("Please choose")), *choices.reason_choices()]  # type: ignore[attr-defined]
        self.fields["words"].label = _("Words for each of the citizens")

    def clean_reason(self) -> RejectReason:
        found: RejectReason = found_active(RejectReason, self.cleaned_data["reason"])
        return found


class BulkNoteForm(BulkForm):
    note = NoteForm.base_fields["note"]

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["note"]}
