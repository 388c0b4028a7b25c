"""The administrator's setting of which reports are made, and by when each is read and published."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.admin_base import SettingsAdmin
from complaints.clock.city_time import day_of
from reports.publication.models import ReportPolicy


class ReportPolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_valid_from(self) -> Any:
        valid_from = self.cleaned_data["valid_from"]
        if valid_from < day_of(timezone.now()):
            raise forms.ValidationError(_("A rule cannot begin on a day that is over."))
        return valid_from


@admin.register(ReportPolicy)
class ReportPolicyAdmin(SettingsAdmin):
    form = ReportPolicyForm
    fields = ("valid_from", "monthly", "quarterly", "half_yearly", "yearly", "review_days", "publishing_days")
    list_display = fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """One in force is not rewritten: reports were begun under it."""
        in_force = obj is not None and obj.valid_from <= day_of(timezone.now())
        return self.fields if in_force else ()
