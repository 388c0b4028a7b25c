"""The file that somebody wants to have checked."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 20_000_000


class RecountForm(forms.Form):
    file = forms.FileField(
        label=_("The report as PDF"),
        help_text=_("As you got it, up to 20 MB. It is looked at and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("Choose the PDF of a report."),
            "empty": _("This file is empty."),
        },
    )

    def clean_file(self) -> Any:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 20 MB. Count it with the program on your own computer.")
            )
        if file.read(5) != b"%PDF-":
            raise forms.ValidationError(_("This is not a PDF."))
        file.seek(0)
        return file
