"""Typing in a published index with its element means."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints.desk.forms.actions import StaffForm
from surveys.index.columns import ELEMENTS
from surveys.index.services import Typed
from surveys.questionnaires.models import Element

DECIMAL = {"inputmode": "decimal"}


class CommaDecimal(forms.DecimalField):
    """Takes a comma or a point, as people write it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value).strip().replace(",", ".") if value is not None else value)


class PublishedForm(StaffForm):
    """`arguments()` is what `enter_published` takes."""

    name = forms.CharField(label=_("Unit that published it"), max_length=150)
    period = forms.CharField(
        label=_("Period"), max_length=60, help_text=_("As it was published: “first half of 2026”.")
    )
    source = forms.CharField(
        label=_("Where it was published"),
        max_length=300,
        help_text=_("An address, a report, a notice board."),
    )
    index = CommaDecimal(
        label=_("Published index"),
        help_text=_("With as many decimals as it was published with."),
        min_value=Decimal(25),
        max_value=Decimal(100),
        max_digits=6,
        decimal_places=3,
        localize=False,
        widget=forms.TextInput(attrs=DECIMAL),
    )
    agency = forms.ModelChoiceField(
        label=_("Agency of this city"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("none of this city"),
    )
    respondents = forms.IntegerField(label=_("Respondents"), required=False, min_value=1)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.filter(is_active=True, is_external=False)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        if user.agency_id is not None:
            agencies = agencies.filter(pk__in=user.agency_scope)
            field.required, field.empty_label, field.initial = True, None, user.agency_id
        field.queryset = agencies
        for key in ELEMENTS:
            self.fields[f"mean_{key}"] = self._number(
                str(Element(key).label), Decimal(1), Decimal(4), is_asked=True
            )
        for key in ELEMENTS:
            self.fields[f"weighted_{key}"] = self._number(
                str(Element(key).label), Decimal(0), Decimal(4), is_asked=False
            )

    @staticmethod
    def _number(label: str, least: Decimal, most: Decimal, *, is_asked: bool) -> forms.DecimalField:
        return CommaDecimal(
            label=label,
            required=is_asked,
            min_value=least,
            max_value=most,
            max_digits=8,
            decimal_places=6,
            localize=False,
            widget=forms.TextInput(attrs=DECIMAL),
        )

    @property
    def mean_fields(self) -> list[forms.BoundField]:
        return [self[f"mean_{key}"] for key in ELEMENTS]

    @property
    def weighted_fields(self) -> list[forms.BoundField]:
        return [self[f"weighted_{key}"] for key in ELEMENTS]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "agency", "period", "source", "index", "respondents")]

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        means = {key: data[f"mean_{key}"] for key in ELEMENTS}
        weighted = {key: data[f"weighted_{key}"] for key in ELEMENTS if data[f"weighted_{key}"] is not None}
        names = ("name", "period", "source", "index", "agency", "respondents")
        return {
            "typed": Typed(
                **{name: data[name] for name in names},
                means=means,
                weighted=weighted if len(weighted) == len(ELEMENTS) else {},
            )
        }


class TakeBackForm(StaffForm):
    why = forms.CharField(label=_("Why it was taken back"), max_length=300)

    def arguments(self) -> dict[str, Any]:
        return {"why": self.cleaned_data["why"]}
