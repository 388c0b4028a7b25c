"""The answer to the citizen, with what shows that the work was done; and pictures of before, taken on the spot."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.desk.forms.actions import AddFilesForm, CaseForm, StaffFilesField, said_field
from complaints.models.attachment import Shows


class _AnsweringForm(CaseForm):
    text = "answer"
    answer = said_field(_("Answer to the citizen"), rows=8, help_text=_("The citizen reads this."))


class ResolveForm(_AnsweringForm):
    """The answer, with whatever shows it."""

    attachments = StaffFilesField(
        label=_("Evidence"), required=False, help_text=_("The citizen sees these files.")
    )


class ProofForm(_AnsweringForm):
    """The answer where the category asks for evidence: what it looked like before and after, from the same place."""

    before = StaffFilesField(
        label=_("Before the work"),
        required=False,
        shows=Shows.BEFORE,
        help_text=_("A picture of how it was, from the place from which you take the other one."),
    )
    attachments = StaffFilesField(
        label=_("After the work"),
        required=True,
        shows=Shows.AFTER,
        help_text=_("A picture from the same place, or a document. The citizen sees both side by side."),
    )

    def arguments(self) -> dict[str, Any]:
        """What was there before and after are files of the same answer; each says which it is."""
        data = dict(self.cleaned_data)
        data["attachments"] = [*data.pop("before"), *data["attachments"]]
        return data


class AddProofFilesForm(AddFilesForm):
    """Files on the way, where the category asks for evidence: a picture of how it is before the work counts as that
    of the next answer."""

    before = StaffFilesField(
        label=_("How it is before the work"),
        required=False,
        shows=Shows.BEFORE,
        help_text=_("It stands beside the picture of the answer."),
    )
    field_order = ("before",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attachments"].required = False
        self.fields["attachments"].label = gettext("Other files")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.kept and not data.get("before") and not data.get("attachments"):
            self.add_error("attachments", gettext("Choose a file."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = super().arguments()
        return data | {"attachments": [*self.cleaned_data["before"], *data["attachments"]]}
