"""Text fields that take what people paste: invisible and control characters are put right, not complained about."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext, gettext_lazy

from complaints.files.storage import ACCEPT
from complaints.plain_text import as_dialled, left_open, one_line, says_too_little, several_lines

LONGEST_PHONE = 30
PHONE = re.compile(r"\+?[0-9 ()./-]+")
PHONE_DIGITS = range(5, 16)  # E.164 has fifteen at most


class LineField(forms.CharField):
    """One line: line ends become spaces, other control characters vanish."""

    def to_python(self, value: Any) -> str:
        if isinstance(value, str):
            value = one_line(value)
        return str(super().to_python(value))


class TextField(forms.CharField):
    """Several lines, with plain line feeds; kept as written otherwise."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        if isinstance(value, str):
            value = several_lines(value)
        return str(super().to_python(value))


def check_said(text: str, quoted: str = "") -> None:
    """For what somebody is owed: an answer, a question, a reason. ValidationError while a place of a standard reply is
    not filled in, and when it says nothing. `quoted` is what the text may repeat, brackets and all."""
    if places := left_open(text, quoted):
        still = gettext(
            "%(places)s is still to be filled in. Write it, or take it out; use round brackets where you mean brackets."
        )
        raise ValidationError(still % {"places": ", ".join(places[:3])}, code="left_open")
    if text.strip() and says_too_little(text):
        too_little = gettext("This says too little to whoever reads it. Write it in a sentence.")
        raise ValidationError(too_little, code="too_little")


class SaidField(TextField):
    """Words that somebody is owed (`check_said`)."""

    quoted = ""

    def validate(self, value: str) -> None:
        super().validate(value)
        check_said(value, self.quoted)


class PhoneField(forms.CharField):
    """A telephone number, as it is written or as it is copied from a list of contacts."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Telephone"))
        options.setdefault("max_length", LONGEST_PHONE)
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        if isinstance(value, str):
            value = as_dialled(value)
        return str(super().to_python(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and (not PHONE.fullmatch(value) or sum(map(str.isdigit, value)) not in PHONE_DIGITS):
            raise forms.ValidationError(
                gettext("Please enter digits only, such as 0812 3456 789."), code="invalid"
            )


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class _Limits:
    """The limits of files in words, in the language of whoever reads them."""

    def __init__(self, template: Callable[[], str]) -> None:
        self.template = template

    def __str__(self) -> str:
        size = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
        return self.template() % {"files": settings.ATTACHMENT_MAX_FILES, "size": size}


def proof_words() -> str:
    return gettext(
        "Photos (JPG, PNG, WebP, HEIC) or PDF, together up to %(files)d files of %(size)d MB each. Where and when a "
        "photo was taken is taken out of it; only staff see that."
    )


def limits_words() -> str:
    return gettext(
        "Photos (JPG, PNG, WebP, HEIC) or PDF, up to %(files)d files of %(size)d MB each. Where and when a photo was "
        "taken is removed."
    )


class FilesField(forms.FileField):
    """Several uploads, as a list; whether they can be taken is found out by complaints.files. `shrinks`: photos are
    made smaller in the browser, and leave it without where and when they were taken (static/js/photos.js). `shows`:
    which side of the work they show, if that is asked."""

    widget = FilesInput

    def __init__(self, *, shrinks: bool = False, shows: str = "", **options: Any) -> None:
        self.shrinks, self.shows = shrinks, shows
        options.setdefault("required", False)
        options.setdefault("help_text", lazystr(_Limits(proof_words if shows else limits_words)))
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        shrinks = {"data-shrink": True} if self.shrinks else {}
        return shrinks | {
            "accept": ACCEPT,
            "data-max-files": settings.ATTACHMENT_MAX_FILES,
            "data-max-bytes": settings.ATTACHMENT_MAX_BYTES,
            "data-too-many": _Limits(lambda: gettext("Please choose up to %(files)d files.")),
            "data-wrong-kind": gettext_lazy("This kind of file cannot be attached."),
            "data-remove": gettext_lazy("Remove"),
            "data-wait": gettext_lazy("The photo is being made smaller …"),
            "data-too-big": _Limits(lambda: gettext("The file is larger than %(size)d MB.")),
        }

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [upload for upload in data or [] if upload]


def personal_files_field() -> forms.BooleanField:
    """Beside the files of a citizen."""
    return forms.BooleanField(
        label=gettext_lazy("These files show me or my papers"),
        help_text=gettext_lazy("Whoever visits the place will not see them."),
        required=False,
    )


def few_mails_field() -> forms.BooleanField:
    """How much mail a citizen gets, beside their address."""
    return forms.BooleanField(
        label=gettext_lazy("Write to me only when it matters"),
        help_text=gettext_lazy(
            "Questions to you, decisions and the answer always come. Without this you also get a mail at each step: "
            "when an agency gets your report, when work begins, and when there is word on how far it is."
        ),
        required=False,
    )
