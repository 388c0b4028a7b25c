"""The rules of the ladder, dated. A rule that has raised a case stays; a change is a new row."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import SettingsAdmin
from complaints.admin.levels import amount_words
from escalation.models import EscalationRule, Trigger


def today() -> date:
    return timezone.now().astimezone(settings.CITY.tz).date()


class EscalationRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_valid_from(self) -> Any:
        valid_from = self.cleaned_data["valid_from"]
        if valid_from < today():
            raise forms.ValidationError(_("A rule cannot begin on a day that is over."))
        return valid_from


@admin.register(EscalationRule)
class EscalationRuleAdmin(SettingsAdmin):
    form = EscalationRuleForm
    list_display = ("trigger", "kind", "level", "valid_from", "is_active", "in_words")
    list_filter = ("is_active", "trigger", "level", "kind")
    readonly_fields = ("in_words",)
    fields = (
        "trigger",
        "kind",
        ("amount", "unit"),
        "level",
        ("acknowledge_amount", "acknowledge_unit"),
        "valid_from",
        "is_active",
        "in_words",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.valid_from > today():
            return self.readonly_fields
        # In force: it can be switched off, not rewritten.
        return [
            "trigger",
            "kind",
            "amount",
            "unit",
            "level",
            "acknowledge_amount",
            "acknowledge_unit",
            "valid_from",
            "in_words",
        ]

    @admin.display(description=gettext_lazy("in words"))
    def in_words(self, rule: Any) -> str:
        if rule.pk is None:
            return _("Shown here once it is saved.")
        why = {
            Trigger.BREACH: _("When a deadline has passed"),
            Trigger.DISPUTED: _("When the citizen does not accept the answer"),
            Trigger.HANDED_BACK: _("When a case was handed back %(amount)d times"),
            Trigger.UNACKNOWLEDGED: _("When nobody answered an escalation in time"),
            Trigger.OVERSIGHT_KIND: _("When an oversight complaint arrives"),
        }[Trigger(rule.trigger)] % {"amount": rule.amount}
        kind = rule.get_kind_display() if rule.kind else _("any kind of case")
        return _("%(why)s (%(kind)s): to %(level)s, who has %(time)s to answer.") % {
            "why": why,
            "kind": kind,
            "level": rule.get_level_display(),
            "time": amount_words(rule.acknowledge_amount, rule.acknowledge_unit),
        }
