"""The administrator's times for the steps of minutes, from a day on."""

from django.contrib import admin

from accounts.admin_base import SettingsAdmin
from surveys.forums.meetings.models.record import ForumPolicy


@admin.register(ForumPolicy)
class ForumPolicyAdmin(SettingsAdmin):
    list_display = ("valid_from", "draft_days", "objection_days", "signing_days", "publishing_days")
