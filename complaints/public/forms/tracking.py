"""Forms of the citizen who follows their case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.form_fields import FilesField, LineField, TextField, few_mails_field, personal_files_field
from complaints.numbers import normalise_receipt

WORDS_LENGTH = 5000
RECEIPT_LENGTH = 200
RATINGS = [
    (4, pgettext_lazy("rating", "Very satisfied")),
    (3, pgettext_lazy("rating", "Satisfied")),
    (2, pgettext_lazy("rating", "Less satisfied")),
    (1, pgettext_lazy("rating", "Not satisfied")),
]


class ReceiptForm(forms.Form):
    """The secret code. `symbols` is None where it cannot be one; the database need not be asked then."""

    receipt = forms.CharField(
        label=_("Receipt code"),
        help_text=_("20 letters and digits. Small letters, spaces and hyphens do not matter."),
        max_length=RECEIPT_LENGTH,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-from-hash": True,
                "placeholder": "XXXX-XXXX-XXXX-XXXX-XXXX",
            }
        ),
        error_messages={"required": _("Please enter the code on your receipt.")},
    )

    @property
    def symbols(self) -> str | None:
        return normalise_receipt(self.cleaned_data.get("receipt", ""))


class LostCodeForm(forms.Form):
    """By what a report is found whose code was lost."""

    number = LineField(
        label=_("Number of the report"),
        max_length=40,
        error_messages={"required": _("Please enter the number, such as KPG-2026-000012-3.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The address that you gave when you filed the report."),
        max_length=254,
        error_messages={
            "required": _("Please enter the address."),
            "invalid": _("Please enter one e-mail address, such as ani@example.com."),
        },
    )


class AnswerForm(forms.Form):
    """The answer to the city's question: words, files, or both. `has_files`: some came before, and wait."""

    has_files = False

    text = TextField(
        label=_("Your answer"),
        max_length=WORDS_LENGTH,
        required=False,
        rows=5,
    )
    attachments = FilesField(label=_("Photos or PDF files"), shrinks=True)
    personal_files = personal_files_field()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        has_files = self.has_files or cleaned.get("attachments")
        if not self.errors and not cleaned.get("text") and not has_files:
            self.add_error("text", _("Please write an answer or attach a file."))
        return cleaned


class FilesForm(forms.Form):
    """Files that come later. `has_files` as above."""

    has_files = False

    attachments = FilesField(label=_("Photos or PDF files"), shrinks=True)
    personal_files = personal_files_field()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.has_files and not cleaned.get("attachments"):
            self.add_error("attachments", _("Please choose a file."))
        return cleaned


class ConfirmForm(forms.Form):
    """The citizen accepts the answer and may rate it from 1 to 4."""

    rating = forms.TypedChoiceField(
        label=_("How satisfied are you with how it was handled?"),
        choices=RATINGS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    comment = TextField(label=_("Comment"), max_length=WORDS_LENGTH, required=False, rows=3)


class DisputeForm(forms.Form):
    why = TextField(
        label=_("What is not solved?"),
        max_length=WORDS_LENGTH,
        rows=4,
        error_messages={"required": _("Please say what is not solved.")},
    )


class MailForm(forms.Form):
    """How much mail the citizen gets about this report."""

    few_mails = few_mails_field()


class WithdrawForm(forms.Form):
    why = TextField(label=_("Why?"), max_length=WORDS_LENGTH, required=False, rows=2)


class OutsideForm(forms.Form):
    """Whether the body that a case was referred to has answered."""

    answered = forms.TypedChoiceField(
        label=_("Have they answered you?"),
        choices=[("yes", _("Yes, they have answered")), ("no", _("No, they have not"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    words = TextField(label=_("Your words"), max_length=WORDS_LENGTH, required=False, rows=3)


class MergedReactionForm(forms.Form):
    """What the citizen of a merged case says of the answer to the main case."""

    agrees = forms.TypedChoiceField(
        label=_("Does this answer also settle your report?"),
        choices=[("yes", _("Yes, it is settled")), ("no", _("No, it is not settled"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    words = TextField(label=_("Your words"), max_length=WORDS_LENGTH, required=False, rows=3)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("agrees") is False and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Please say what is not settled."))
        return cleaned
