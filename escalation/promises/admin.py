"""The dated rule by which surveys open proposals."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin_base import SettingsAdmin
from escalation.promises.models.proposal import ProposalRule


@admin.register(ProposalRule)
class ProposalRuleAdmin(SettingsAdmin):
    """A change is a new row: what is there was in force."""

    list_display = ("valid_from", "most", "band_below", "always_lowest", "fewest_answers", "answer_days")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)
