"""When people are asked after a report: dated rows. What is in force is only shown; a change is a new row."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.admin_base import SettingsAdmin
from complaints.clock.city_time import day_of
from surveys.aftercase.models import AfterCaseTerm


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_valid_from(self) -> Any:
        valid_from = self.cleaned_data["valid_from"]
        if valid_from < day_of(timezone.now()):
            raise forms.ValidationError(_("Choose today or a later day."))
        return valid_from


@admin.register(AfterCaseTerm)
class AfterCaseTermAdmin(SettingsAdmin):
    form = TermForm
    list_display = ("valid_from", "ask_days", "remind_days", "answer_days", "unit")
    list_select_related = ("unit",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        in_force = obj is not None and obj.valid_from <= day_of(timezone.now())
        return not in_force and super().has_change_permission(request, obj)
