"""What a case can be about, and the words offered to staff."""

from string import Formatter

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import SettingsAdmin, WithWords
from complaints.models import Area, Category, RejectReason, Service, StandardReply

PLACEHOLDERS = {"number", "subject", "agency", "due_date", "citizen"}


@admin.register(Category)
class CategoryAdmin(WithWords):
    list_display = ("name_id", "name_en", "code", "kind", "parent", "agency", "position", "is_active")
    list_filter = ("is_active", "kind", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent", "agency")
    search_fields = ("name_id", "name_en", "code")


@admin.register(Service)
class ServiceAdmin(SettingsAdmin):
    list_display = ("name_id", "name_en", "code", "agency", "promised_days", "is_active")
    list_filter = ("is_active", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency",)
    search_fields = ("name_id", "name_en", "code")


@admin.register(Area)
class AreaAdmin(SettingsAdmin):
    list_display = ("name", "level", "code", "parent", "is_active")
    list_filter = ("is_active", "level")
    list_select_related = ("parent",)
    search_fields = ("name", "code")


@admin.register(RejectReason)
class RejectReasonAdmin(SettingsAdmin):
    list_display = ("name_id", "name_en", "code", "is_senders_own", "is_active")
    list_filter = ("is_active",)


class StandardReplyForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_text_id(self) -> str:
        return self._checked("text_id")

    def clean_text_en(self) -> str:
        return self._checked("text_en")

    def _checked(self, name: str) -> str:
        """Refuses a placeholder that nobody would fill in."""
        text = str(self.cleaned_data[name])
        try:
            used = {
                field for _text, field, _format, _conversion in Formatter().parse(text) if field is not None
            }
        except ValueError:
            used = {"{"}
        if unknown := used - PLACEHOLDERS:
            raise forms.ValidationError(
                _("Not known: %(unknown)s. There is: %(known)s.")
                % {
                    "unknown": ", ".join(sorted(f"{{{field}}}" for field in unknown)),
                    "known": ", ".join(sorted(f"{{{field}}}" for field in PLACEHOLDERS)),
                }
            )
        return text


@admin.register(StandardReply)
class StandardReplyAdmin(SettingsAdmin):
    form = StandardReplyForm
    list_display = ("name_id", "name_en", "use", "agency", "is_active")
    list_filter = ("is_active", "use", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency",)
