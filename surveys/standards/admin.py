"""The counters of agencies. What is in force at them, the heads of agencies set."""

from django.contrib import admin

from accounts.admin_base import SettingsAdmin
from surveys.standards.models import Counter


@admin.register(Counter)
class CounterAdmin(SettingsAdmin):
    list_display = ("name_id", "name_en", "code", "agency", "place", "is_active")
    list_filter = ("is_active", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency",)
    search_fields = ("name_id", "name_en", "code")
    filter_horizontal = ("services",)
