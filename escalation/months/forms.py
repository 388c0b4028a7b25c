"""What an officer says to their month."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.desk.forms.actions import StaffForm
from complaints.form_fields import TextField


class RemarkForm(StaffForm):
    text = TextField(
        label=_("Your remark"),
        max_length=1000,
        rows=3,
        help_text=_(
            "What these figures do not tell. The head of your agency reads it beside them. It cannot be changed later. "
            "Name no citizen."
        ),
    )

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}
