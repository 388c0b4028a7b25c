"""Office calendars with their hours and days off. A change moves no deadline by itself: that is a recorded act."""

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
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
from complaints.clock.city_time import year_of
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
    """Those of one year; a new one may be of any."""

    model = Holiday
    extra = 1
    ordering = ("on",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(on__year=_year(request))


class NewOnTop(helpers.InlineAdminFormSet):
    """The empty row stands above the others."""

    def __iter__(self) -> Any:
        rows = list(super().__iter__())
        known = len(self.formset.initial_forms)
        added = len(self.formset.extra_forms)
        return iter([*rows[known : known + added], *rows[:known], *rows[known + added :]])


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
    inlines = (HolidayInline, HoursInline)
    change_form_template = "admin/complaints/officecalendar/change_form.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        shown = {"year": _year(request), "years": _years(object_id)}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def get_inline_formsets(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return [
            NewOnTop(
                each.opts,
                each.formset,
                each.fieldsets,
                each.prepopulated_fields,
                each.readonly_fields,
                model_admin=each.model_admin,
                has_add_permission=each.has_add_permission,
                has_change_permission=each.has_change_permission,
                has_delete_permission=each.has_delete_permission,
                has_view_permission=each.has_view_permission,
            )
            if isinstance(each.opts, HolidayInline)
            else each
            for each in super().get_inline_formsets(request, *args, **kwargs)
        ]

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


def _year(request: HttpRequest) -> int:
    """Whose days off are shown: the one asked for, else this one."""
    asked = request.GET.get("year", "")
    is_year = asked.isascii() and asked.isdecimal() and len(asked) == 4 and asked >= "1970"
    return int(asked) if is_year else year_of(timezone.now())


def _years(pk: str) -> list[int]:
    """With days off in this calendar, and those that are being planned."""
    days = Holiday.objects.filter(calendar=int(pk)) if pk.isdecimal() else Holiday.objects.none()
    this = year_of(timezone.now())
    return sorted({this, this + 1} | {day.year for day in days.dates("on", "year")}, reverse=True)
