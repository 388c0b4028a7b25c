"""The citizen's form. Field names are a contract that scripts rely on (design: What stays stable)."""

from copy import deepcopy
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.catalogue import Catalogue
from complaints.form_fields import (
    FilesField,
    LineField,
    PhoneField,
    TextField,
    few_mails_field,
    personal_files_field,
)
from complaints.models import Area, Category, Service
from complaints.plain_text import whole_signs

DESCRIPTION_LENGTH = 10_000
SUBJECT_LENGTH = 150
SUBJECT_WORDS_LENGTH = 80  # of a title made from the first words
FIRST_DAY = date(1950, 1, 1)

PERSONAL = ("name", "email", "phone")


class _AsTheyAre(dict[str, forms.Field]):
    """Fields that all forms share: to judge what was sent changes none of them, and to copy them takes as long as to
    judge it. A form that is shown has its own (`offer`)."""

    def __deepcopy__(self, _memo: Any) -> dict[str, forms.Field]:
        return dict(self)


class FilingForm(forms.Form):
    """What a citizen says. The lists come from the catalogue; `today` is the date in the city."""

    description = TextField(
        label=_("What happened?"),
        help_text=_("Say what is wrong, since when, and what you would like the city to do."),
        max_length=DESCRIPTION_LENGTH,
        rows=7,
        error_messages={"required": _("Please say what happened.")},
    )
    subject = LineField(
        label=_("Short title"),
        help_text=_("If you leave this empty, the first words of your report are used."),
        max_length=SUBJECT_LENGTH,
        required=False,
    )
    category = forms.CharField(
        label=_("What is it about?"),
        help_text=_("Choose what fits best. A verifier corrects it where needed."),
        required=False,
        widget=forms.Select,
    )
    service = forms.CharField(
        label=_("Which service?"),
        help_text=_("If your report is about a service of the city, such as an identity card."),
        required=False,
        widget=forms.Select,
    )
    area = forms.CharField(label=_("Ward"), required=False, widget=forms.Select)
    location = LineField(
        label=_("Place"),
        help_text=_("Street, house number, or something nearby that everybody knows."),
        max_length=200,
        required=False,
    )
    happened_on = forms.DateField(
        label=_("When did it happen?"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"],
        error_messages={"invalid": _("Please enter a date such as 2026-11-20.")},
    )
    attachments = FilesField(label=_("Photos or PDF files"), shrinks=True)
    personal_files = personal_files_field()
    anonymous = forms.BooleanField(
        label=_("Send without my name"),
        help_text=_(
            "Nobody learns who you are, not even the city: nothing about you is kept. You get no mail; "
            "the code on your receipt is the only way to see the answer and to reply to questions."
        ),
        required=False,
    )
    confidential = forms.BooleanField(
        label=_("Keep my name from the agency"),
        help_text=_(
            "Your name and contact are locked away from the agency that works on your report. Only a "
            "supervisor may open them, with a reason, and each time is recorded."
        ),
        required=False,
    )
    name = LineField(label=_("Name"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("You get the receipt, questions and the answer here."),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Please enter one e-mail address, such as ani@example.com.")},
    )
    recovery = forms.BooleanField(
        label=_("If I lose the code, send me a one-time code by e-mail"),
        help_text=_(
            "Only to the address above, only when somebody asks for it. Whoever reads that mail sees the report."
        ),
        required=False,
    )
    few_mails = few_mails_field()
    phone = PhoneField(required=False)
    # Not for people: what fills this in is a program. See views/filing.py.
    website = LineField(label=_("Leave this empty"), max_length=200, required=False)

    def __init__(self, *args: Any, lists: Catalogue, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lists, self.today = lists, today

    def offer(self) -> "FilingForm":
        """Puts the lists and limits into the controls: needed to show the form, not to read it."""
        self.fields = {name: deepcopy(field) for name, field in self.fields.items()}
        # They hold the fields by which the form was judged.
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]
        self._choose("category", self.lists.category_choices())
        self._choose("service", self.lists.service_choices())
        self._choose("area", self.lists.area_choices())
        self.fields["happened_on"].widget.attrs["max"] = self.today.isoformat()
        # Counted, never cut off: what is too long is said, and stays there to be shortened.
        self.fields["description"].widget.attrs.pop("maxlength", None)
        self.fields["description"].widget.attrs["data-max"] = DESCRIPTION_LENGTH
        return self

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)
        widget.choices = choices

    def clean_category(self) -> Category | None:
        return _chosen(self.lists.categories, self.cleaned_data["category"])

    def clean_service(self) -> Service | None:
        return _chosen(self.lists.services, self.cleaned_data["service"])

    def clean_area(self) -> Area | None:
        return _chosen(self.lists.areas, self.cleaned_data["area"])

    def clean_happened_on(self) -> date | None:
        day: date | None = self.cleaned_data["happened_on"]
        if day is not None and day > self.today:
            raise ValidationError(_("This day has not come yet."), code="future")
        if day is not None and day < FIRST_DAY:
            raise ValidationError(_("Please check the year."), code="past")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        named = {"category", "service"} & set(self.errors)
        if not named and not cleaned.get("category") and not cleaned.get("service"):
            self.add_error("category", _("Please choose what it is about, or the service below."))
        if not cleaned.get("subject") and "subject" not in self.errors:
            cleaned["subject"] = first_words(cleaned.get("description") or "")
        return cleaned


FilingForm.base_fields = _AsTheyAre(FilingForm.base_fields)

Row = TypeVar("Row")


def _chosen(rows: dict[str, Row], code: str) -> Row | None:
    if not code:
        return None
    if code not in rows:
        raise ValidationError(_("This is no longer on the list. Please choose again."), code="invalid_choice")
    return rows[code]


def first_words(text: str) -> str:
    """A title from the first words of a text, cut at a word where that is possible, never inside a sign."""
    line = " ".join(text.split())
    if len(line) <= SUBJECT_WORDS_LENGTH:
        return line
    head, _space, _rest = line[:SUBJECT_WORDS_LENGTH].rpartition(" ")
    return f"{head or line[: whole_signs(line, SUBJECT_WORDS_LENGTH - 1)]}…"


def page_language() -> str:
    """The language a case is filed in: one of the two of the pages, whatever the browser says."""
    return "en" if get_language() == "en" else "id"
