"""Office calendars with their hours and days off. A change moves no deadline by itself: that is a recorded act."""

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import SettingsAdmin
from complaints.clock.recomputation import order_move, preview
from complaints.models import DeadlineMove, Holiday, OfficeCalendar, OpeningHours


class HoursFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Stretches that overlap would count twice; a week without any has no working time at all."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("opens_at")]
        hours = sorted(
            (row["weekday"], row["opens_at"], row["closes_at"]) for row in kept if not row.get("DELETE")
        )
        if not hours:
            raise forms.ValidationError(_("The office must be open at some time of the week."))
        for (day, *_start, closes), (next_day, next_opens, *_end) in pairwise(hours):
            if day == next_day and next_opens < closes:
                raise forms.ValidationError(_("Two stretches of one day overlap."))


class HoursInline(admin.TabularInline):  # type: ignore[type-arg]
    model = OpeningHours
    formset = HoursFormSet
    extra = 0
    ordering = ("weekday", "opens_at")


class HolidayInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Holiday
    extra = 1
    ordering = ("-on",)


class MoveForm(forms.Form):
    """Why the deadlines of open cases are worked out anew. The citizens read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("It stands in the history of each case, and the citizen reads it."),
    )


@admin.register(OfficeCalendar)
class OfficeCalendarAdmin(SettingsAdmin):
    list_display = ("name", "agency", "revision")
    list_select_related = ("agency",)
    inlines = (HoursInline, HolidayInline)
    change_form_template = "admin/complaints/officecalendar/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        move = self.admin_site.admin_view(self.move_view)
        return [path("<int:pk>/deadlines/", move, name="complaints_officecalendar_move"), *super().get_urls()]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and any(formset.has_changed() for formset in formsets):
            self._say_what_would_move(request, form.instance)

    def _say_what_would_move(self, request: HttpRequest, calendar: OfficeCalendar) -> None:
        moving, seen, total = preview(calendar.agency, timezone.now())
        if not moving:
            return
        words = _("The deadlines of %(moving)d open cases would change.") % {"moving": moving}
        if total > seen:
            words = _(
                "Of the first %(seen)d of %(total)d open cases, the deadlines of %(moving)d would change."
            )
            words %= {"moving": moving, "seen": seen, "total": total}
        url = reverse("admin:complaints_officecalendar_move", args=[calendar.pk])
        link = format_html('<a href="{}">{}</a>', url, _("Recompute the deadlines"))
        keep = _("They stay as they were promised until you recompute them.")
        messages.warning(request, format_html("{} {} {}", words, keep, link))

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the reason and orders the recomputation, which the worker carries out."""
        calendar = get_object_or_404(OfficeCalendar, pk=pk)
        if not self.has_change_permission(request, calendar):
            raise PermissionDenied
        form = MoveForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            order_move(
                reason=form.cleaned_data["reason"],
                agency=calendar.agency,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
            self.log_change(request, calendar, _("Deadlines recomputed"))
            messages.success(request, _("The deadlines are being recomputed. This page shows how far it is."))
            return redirect("admin:complaints_officecalendar_move", pk)
        moving, seen, total = preview(calendar.agency, timezone.now())
        context = self.admin_site.each_context(request) | {
            "title": _("Recompute the deadlines"),
            "opts": self.opts,
            "calendar": calendar,
            "form": form,
            "moving": moving,
            "seen": seen,
            "total": total,
            "orders": DeadlineMove.objects.filter(agency=calendar.agency).select_related("asked_by")[:10],
        }
        return TemplateResponse(request, "admin/complaints/officecalendar/move.html", context)
