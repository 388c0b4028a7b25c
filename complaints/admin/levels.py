"""Service levels: dated rows. What is in force is history and only shown; a change is a new row."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin_base import SettingsAdmin
from complaints.clock.arithmetic import Unit
from complaints.clock.city_time import day_of
from complaints.clock.samples import Promise, promises
from complaints.models import ServiceLevel
from complaints.models.policy import Stage, UnitChoice


def amount_words(amount: int, unit: str) -> str:
    """ "3 working days"."""
    words = {
        Unit.WORKING_DAYS: ngettext("%(amount)d working day", "%(amount)d working days", amount),
        Unit.WORKING_HOURS: ngettext("%(amount)d working hour", "%(amount)d working hours", amount),
        Unit.CALENDAR_DAYS: ngettext("%(amount)d calendar day", "%(amount)d calendar days", amount),
    }
    return words[Unit(unit)] % {"amount": amount}


EXTENSION_FIELDS = ("head_extension_days", "inspectorate_extension_days", "ombudsman_extension_days")


PREVIEW = "_preview"


class ServiceLevelForm(forms.ModelForm):  # type: ignore[type-arg]
    @property
    def promises(self) -> list[Promise]:
        """What it would promise as typed; [] while something is wrong with it, and when it is not asked for."""
        if not self.is_bound or self.errors or PREVIEW not in self.data:
            return []
        return promises(self.instance, timezone.now())

    def is_valid(self) -> bool:
        """A preview is never saved: the page comes again with what it would promise."""
        return super().is_valid() and PREVIEW not in self.data

    def clean_valid_from(self) -> Any:
        valid_from = self.cleaned_data["valid_from"]
        if valid_from < day_of(timezone.now()):
            raise forms.ValidationError(_("A promise cannot be changed for days that are over."))
        return valid_from


@admin.register(ServiceLevel)
class ServiceLevelAdmin(SettingsAdmin):
    form = ServiceLevelForm
    change_form_template = "admin/complaints/servicelevel/change_form.html"
    list_display = ("kind", "category", "valid_from", "in_words")
    list_filter = ("kind",)
    list_select_related = ("category",)
    readonly_fields = ("in_words",)
    fields = (
        ("kind", "category"),
        "valid_from",
        *[(f"{stage}_amount", f"{stage}_unit") for stage in Stage.values],
        "warn_at_percent",
        "pausing_questions",
        ("extensions_a_level", *EXTENSION_FIELDS),
        "referral_check_days",
        "ombudsman_after_days",
        "update_is_response",
        "note",
        "in_words",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of one that is in force the targets stand in words."""
        if self.has_change_permission(request, obj):
            return self.fields
        stages = [(f"{stage}_amount", f"{stage}_unit") for stage in Stage.values]
        return [row for row in self.fields if row not in stages]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        level = context.get("original")
        if level is not None and not context["adminform"].form.is_bound:
            context["promises"] = promises(level, timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        stage, _sep, part = db_field.name.rpartition("_")
        if field is not None and stage in Stage.values:
            field.label = Stage(stage).label if part == "amount" else gettext_lazy("unit")
            if part == "unit":
                field.widget.choices = UnitChoice.choices
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (
            obj and obj.valid_from <= day_of(timezone.now())
        )

    @admin.display(description=gettext_lazy("in words"))
    def in_words(self, level: Any) -> str:
        if level.pk is None:
            return _("Shown here once it is saved.")
        targets = {
            stage: amount_words(getattr(level, f"{stage}_amount"), getattr(level, f"{stage}_unit"))
            for stage in Stage.values
        }
        words = _(
            "Checked within %(verification)s, first answer within %(first_response)s, settled within "
            "%(resolution)s. The citizen has %(citizen_answer)s to answer a question and %(confirmation)s to "
            "confirm. The handler is reminded when %(percent)d per cent of the time is used. A "
            "referral is looked at again after %(check)d days."
        ) % (targets | {"percent": level.warn_at_percent, "check": level.referral_check_days})
        return f"{words} {_limits(level)}"


def _limits(level: Any) -> str:
    """How far a promise may be moved."""
    return _(
        "In one round %(questions)d questions stop the clock, and each level may give more time %(times)d times: "
        "%(head)d, %(inspectorate)d or %(ombudsman)d working days."
    ) % {
        "questions": level.pausing_questions,
        "times": level.extensions_a_level,
        "head": level.head_extension_days,
        "inspectorate": level.inspectorate_extension_days,
        "ombudsman": level.ombudsman_extension_days,
    }
