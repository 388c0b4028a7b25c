"""Forms for naming whom a case is about, and for taking a name back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints import choices
from complaints.desk.forms.actions import CaseForm, text_field
from complaints.form_fields import LineField
from complaints.recusal import active_parties

SHORTEST = 3  # of a part of a name that is looked for
MOST_ALIKE = 5


class NamePartyForm(CaseForm):
    """A unit from the list, or a person by their whole name or e-mail address."""

    agency = forms.ChoiceField(
        label=_("Unit"),
        required=False,
        help_text=_("Nobody in it or below it sees the case from now on."),
    )
    user = LineField(
        label=_("Or one person: whole name or e-mail address"),
        max_length=254,
        required=False,
        help_text=_(
            "Only people with an account need to be named; nobody else sees the case anyway. With an agency's "
            "head everybody below them is meant."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    why = text_field(
        _("Why"),
        rows=2,
        help_text=_("Only staff read this. A case that lies with them is taken away from them at once."),
    )

    def prepare(self) -> None:
        self.fields["agency"].choices = [("", _("none")), *choices.agency_choices()]  # type: ignore[attr-defined]

    def clean_agency(self) -> Agency | None:
        code = self.cleaned_data["agency"]
        return Agency.objects.filter(code=code, is_external=False).first() if code else None

    def clean_user(self) -> User | None:
        typed: str = self.cleaned_data["user"]
        if not typed:
            return None
        found = list(User.objects.filter(Q(email=typed.lower()) | Q(name__iexact=typed))[:2])
        if len(found) == 1:
            return found[0]
        raise ValidationError(_several(typed) if found else _nobody(typed))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and (data.get("agency") is None) == (data.get("user") is None):
            raise ValidationError(_("Name either a person or a unit."))
        return data


def _nobody(typed: str) -> str:
    if alike := _alike(typed):
        return gettext("Nobody has exactly this name or address. Do you mean: %(people)s?") % {
            "people": alike
        }
    return gettext("Nobody with an account has this name or address.")


def _several(typed: str) -> str:
    return gettext("Several people have this name: %(people)s. Write the e-mail address.") % {
        "people": _alike(typed)
    }


def _alike(typed: str) -> str:
    if len(typed) < SHORTEST:
        return ""
    people = User.objects.filter(name__icontains=typed).select_related("agency").order_by("name", "pk")
    return "; ".join(_who(user) for user in people[:MOST_ALIKE])


def _who(user: User) -> str:
    where = user.agency.short_name if user.agency else user.get_role_display()
    return f"{user.name} ({where}, {user.email})"


class ClearPartyForm(CaseForm):
    party = forms.ChoiceField(label=_("Who"))
    why = text_field(_("Why"), rows=2, help_text=_("Only staff read this. The name stays in the history."))

    def prepare(self) -> None:
        rows = [(str(row.pk), str(row.user or row.agency)) for row in active_parties(self.case)]
        self.fields["party"].choices = rows  # type: ignore[attr-defined]

    def clean_party(self) -> int:
        return int(self.cleaned_data["party"])
