"""What a case can be about, and the words offered to staff."""

from string import Formatter

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import SettingsAdmin, WithWords
from complaints.mentions import phrase_of
from complaints.models import Area, Category, ConductPhrase, RejectReason, Service, StandardReply

SHORTEST_STEM = 4  # letters in front of a "*"
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


class ConductPhraseForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_phrase(self) -> str:
        """As it is looked for; too short a word with any ending would fit nearly everything."""
        words = phrase_of(self.cleaned_data["phrase"])
        if not words:
            raise forms.ValidationError(_("Write at least one word."))
        if any(word.endswith("*") and len(word) <= SHORTEST_STEM for word in words):
            raise forms.ValidationError(
                _("In front of * at least %(count)d letters are needed.") % {"count": SHORTEST_STEM}
            )
        return " ".join(words)


@admin.register(ConductPhrase)
class ConductPhraseAdmin(SettingsAdmin):
    """Whoever is to get a report is asked about first where its words complain about them; by these words."""

    form = ConductPhraseForm
    list_display = ("phrase", "language", "about", "valid_from", "valid_until")
    list_filter = ("language", "about")
    search_fields = ("phrase",)


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
