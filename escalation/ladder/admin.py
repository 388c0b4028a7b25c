"""The rules of the ladder, dated. A rule that has raised a case stays; a change is a new row."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import SettingsAdmin
from accounts.leaving import CarefulForm
from complaints.clock.city_time import day_of
from complaints.models.catalogue import Kind
from escalation.ladder.models import COUNTED, TIMED, EscalationRule, Level, Trigger
from escalation.ladder.words import in_words, ladders

RULE_FIELDS = (
    "trigger",
    "kind",
    "stage",
    ("amount", "unit"),
    "within_days",
    "level",
    ("acknowledge_amount", "acknowledge_unit"),
    "valid_from",
)
PREVIEW = "_preview"


class EscalationRuleForm(CarefulForm):
    """Says for each trigger what it needs."""

    @property
    def sentence(self) -> str:
        """The rule as typed, in words; "" while something is wrong with it."""
        return in_words(self.instance) if self.is_bound and not self.errors else ""

    def clean_valid_from(self) -> Any:
        valid_from = self.cleaned_data["valid_from"]
        if valid_from < day_of(timezone.now()):
            raise forms.ValidationError(_("A rule cannot begin on a day that is over."))
        return valid_from

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        trigger = data.get("trigger")
        if trigger and "amount" in data:
            self._check_amount(Trigger(trigger), data)
            self._check_rest(Trigger(trigger), data)
        return data

    def _check_amount(self, trigger: Trigger, data: dict[str, Any]) -> None:
        amount = data["amount"]
        if trigger == Trigger.SHARE and not 1 <= amount <= 99:
            self.add_error("amount", _("Give the share in per cent, from 1 to 99."))
        elif trigger == Trigger.OVERDUE and amount < 1:
            self.add_error("amount", _("Say by how much it is overdue, at least 1."))
        elif trigger == Trigger.REPEATED and amount < 2:
            self.add_error("amount", _("Say how many complaints, at least 2."))
        elif trigger in COUNTED and amount < 1:
            self.add_error("amount", _("Say how many times, at least 1."))
        elif trigger not in COUNTED and amount:
            self.add_error("amount", _("This trigger counts nothing: leave it at 0."))

    def _check_rest(self, trigger: Trigger, data: dict[str, Any]) -> None:
        if trigger == Trigger.REPEATED and not data.get("within_days"):
            self.add_error("within_days", _("Say within how many days they arrive."))
        elif trigger != Trigger.REPEATED and data.get("within_days"):
            self.add_error("within_days", _("Only repeated complaints have this: leave it at 0."))
        if data.get("stage") and trigger not in TIMED:
            self.add_error("stage", _("Only a share used and overdue look at one stage: leave it empty."))
        if trigger == Trigger.UNACKNOWLEDGED and data.get("level") == Level.AGENCY_HEAD:
            self.add_error("level", _("What nobody acknowledged climbs: choose a level above the first."))
        if trigger == Trigger.OVERSIGHT_KIND and data.get("kind") not in ("", Kind.OVERSIGHT):
            self.add_error("kind", _("This trigger is for oversight complaints only."))
        if data.get("acknowledge_amount") == 0:
            self.add_error("acknowledge_amount", _("Give at least 1."))

    def is_valid(self) -> bool:
        """A preview is never saved: the page comes again with the sentence."""
        return super().is_valid() and PREVIEW not in self.data


@admin.register(EscalationRule)
class EscalationRuleAdmin(SettingsAdmin):
    form = EscalationRuleForm
    change_form_template = "admin/escalation/escalationrule/change_form.html"
    change_list_template = "admin/escalation/escalationrule/change_list.html"
    list_display = ("trigger", "kind", "level", "valid_from", "is_active", "in_words")
    list_filter = ("is_active", "trigger", "level", "kind")
    readonly_fields = ("in_words",)
    fields = (*RULE_FIELDS, "is_active", "in_words")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "leave_alone") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.valid_from > day_of(timezone.now()):
            return self.readonly_fields
        # In force: it can be switched off, not rewritten.
        flat = [name for row in RULE_FIELDS for name in (row if isinstance(row, tuple) else (row,))]
        return [*flat, "in_words"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.ladder_view)
        return [path("ladder/", view, name="escalation_escalationrule_ladder"), *super().get_urls()]

    def ladder_view(self, request: HttpRequest) -> HttpResponse:
        """The whole ladder in words, kind by kind, as it is today and as it will be."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        coming = EscalationRule.objects.filter(is_active=True, valid_from__gt=day_of(timezone.now()))
        context = self.admin_site.each_context(request) | {
            "title": _("The ladder in words"),
            "opts": self.model._meta,
            "ladders": ladders(day_of(timezone.now())),
            "coming": [(rule.valid_from, in_words(rule)) for rule in coming.order_by("valid_from", "level")],
        }
        return TemplateResponse(request, "admin/escalation/escalationrule/ladder.html", context)

    @admin.display(description=gettext_lazy("in words"))
    def in_words(self, rule: Any) -> str:
        return in_words(rule) if rule.pk else _("Press “Preview” to read it before it is saved.")
