"""What citizens send: a contribution, a reply, a support with an address."""

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from complaints.form_fields import LineField, TextField
from complaints.identity import Identity
from surveys.forums.inputs.services.saying import LONGEST_TEXT, PUBLIC_SOURCES, Said
from surveys.forums.models import Forum, ForumInput

SECRET = RegexValidator(r"^[A-Za-z0-9_-]{32,64}$")


class SayForm(forms.Form):
    """A contribution, or with `parent` a reply. The secret is minted with the form: sent twice it is one input."""

    secret = forms.CharField(widget=forms.HiddenInput, max_length=64, validators=[SECRET])
    text = TextField(label=_("What you want to say"), max_length=LONGEST_TEXT, rows=5)
    pseudonym = LineField(
        label=_("Shown as"),
        max_length=60,
        required=False,
        help_text=_("Everybody sees this. A nickname is enough; empty: “Somebody”."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("Nobody sees it. We write to you when something comes of it; one link ends that."),
    )
    in_own_name = forms.BooleanField(
        label=_("If this becomes a report, I want to be the one who reports"),
        required=False,
        help_text=_("Then you follow it with a receipt of your own. Needs your name and e-mail."),
    )
    name = LineField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Only for the report. Nobody else sees it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"secret": token_urlsafe(24)} | (kwargs.get("initial") or {})
        super().__init__(*args, **({"label_suffix": ""} | kwargs))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("in_own_name") and "email" not in self.errors and not data.get("email"):
            self.add_error("email", _("Give an address, so that we can send you the receipt."))
        if data.get("in_own_name") and not data.get("name"):
            self.add_error("name", _("Give your name, or do not tick this."))
        return data

    def said(self, forum: Forum, source: str, language: str, parent: ForumInput | None = None) -> Said:
        assert source in PUBLIC_SOURCES
        data = self.cleaned_data
        return Said(
            text=data["text"],
            source=source,
            forum=forum,
            parent=parent,
            pseudonym=data["pseudonym"],
            identity=Identity(data.get("name", ""), data.get("email", "")),
            in_own_name=data.get("in_own_name", False),
            language=language,
        )


class ReplyForm(SayForm):
    """A reply asks for no answer of the city, so it becomes nothing by itself."""

    text = TextField(label=_("Your reply"), max_length=LONGEST_TEXT, rows=3)
    in_own_name = None  # type: ignore[assignment]
    name = None  # type: ignore[assignment]


class SupportForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_(
            "We send a link. Once you open it, your support counts as confirmed and we write to you."
        ),
    )
