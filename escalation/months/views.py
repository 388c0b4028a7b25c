"""An officer's own months, and a head's people's."""

from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import role_of
from complaints.clock.city_time import day_of
from complaints.clock.periods import month_words
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from complaints.permissions import role_may
from escalation.months import services
from escalation.months.forms import RemarkForm
from escalation.months.models import OfficerMonth, OfficerMonthQuerySet, was_officer
from escalation.months.shown import shown
from escalation.rights import EscalationAct

SHOWN = 12  # months


def own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For who has the right by their role, and for whoever has a month of their own from the time when they had it."""

    @staff_page()
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = staff(request)
        if not role_may(role_of(user), EscalationAct.SEE_OWN_MONTH) and not was_officer(user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_safe
@own_page
def own_months(request: HttpRequest) -> HttpResponse:
    return _own_page(request, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def own_month(request: HttpRequest, pk: int) -> HttpResponse:
    """One month of one's own, with a remark on it."""
    if not _own(request).filter(pk=pk).exists():
        raise Http404
    if request.method != "POST":
        return _own_page(request, pk)
    form = RemarkForm(request.POST)
    return perform(
        request,
        form,
        partial(services.say, pk),
        page=lambda status: _own_page(request, pk, form, status),
        to=lambda _remark: redirect("escalation:own-month", pk),
        done=gettext_lazy("Your remark stands beside the figures."),
    )


@never_cache
@require_safe
@staff_page(EscalationAct.SEE_PEOPLES_MONTHS)
def peoples_months(request: HttpRequest) -> HttpResponse:
    """A head's people, by name, in one month."""
    user = staff(request)
    rows = OfficerMonth.objects.visible_to(user, day_of(timezone.now())).exclude(user=user)
    months = _months(rows)
    chosen = _chosen(request, months)
    people = (
        rows.filter(first_day__in=[chosen] if chosen else [])
        .select_related("user", "agency")
        .prefetch_related("remarks")
    )
    context = {
        "month": month_words(chosen) if chosen else "",
        "tabs": [_tab(f"{request.path}?month={month.isoformat()}", month, chosen) for month in months],
        "people": [shown(row) for row in people.order_by("user__name", "user", "agency__name")],
        "head_after": services.HEAD_AFTER,
    }
    return render(request, "months/people.html", context)


def _own(request: HttpRequest) -> OfficerMonthQuerySet:
    return OfficerMonth.objects.filter(user=staff(request))


def _own_page(
    request: HttpRequest, pk: int | None, form: RemarkForm | None = None, status: int = 200
) -> HttpResponse:
    rows = list(
        _own(request).select_related("agency").prefetch_related("remarks").order_by("-first_day", "pk")
    )
    chosen = next((row for row in rows if pk in (None, row.pk)), None)
    context: dict[str, Any] = {
        "shown": shown(chosen) if chosen else None,
        "month": month_words(chosen.first_day) if chosen else "",
        "tabs": [_own_tab(row, rows, chosen) for row in rows[:SHOWN]],
        "form": form or RemarkForm(),
        "counted_after": services.COUNTED_AFTER,
        "is_alone": bool(chosen) and day_of(timezone.now()) < chosen.head_from if chosen else False,
    }
    return render(request, "months/own.html", context, status=status)


def _own_tab(row: OfficerMonth, rows: list[OfficerMonth], chosen: OfficerMonth | None) -> dict[str, Any]:
    """A month at two agencies says which."""
    twice = sum(other.first_day == row.first_day for other in rows) > 1
    label = f"{month_words(row.first_day)}, {row.agency.short_name}" if twice else month_words(row.first_day)
    url = reverse("escalation:own-month", args=[row.pk])
    return {"url": url, "label": label, "is_current": row == chosen}


def _months(rows: OfficerMonthQuerySet) -> list[date]:
    found = rows.order_by("-first_day").values_list("first_day", flat=True).distinct()
    return list(found[:SHOWN])


def _chosen(request: HttpRequest, months: list[date]) -> date | None:
    """The month that is asked for by its first day; without one, the newest."""
    asked = request.GET.get("month", "")
    return next((month for month in months if month.isoformat() == asked), months[0] if months else None)


def _tab(url: str, month: date, chosen: date | None) -> dict[str, Any]:
    return {"url": url, "label": month_words(month), "is_current": month == chosen}
