"""The answer to the citizen, with what shows that the work was done."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.desk.forms.actions import CaseForm, StaffFilesField, said_field
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
