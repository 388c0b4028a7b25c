"""The list of what was escalated to this person, and their decisions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from complaints.calendars import calendar_for
from complaints.permissions import Act
from complaints.services.change import NotPossible
from complaints.views.access import refusals, staff, staff_page
from complaints.words import time_left
from escalation.forms.decisions import DecisionForm
from escalation.models import Escalation
from escalation.services.decisions import acknowledge, decide

SHOWN = 100


@require_safe
@staff_page(Act.ACKNOWLEDGE)
def escalation_list(request: HttpRequest) -> HttpResponse:
    """What waits for this person, the most pressing first."""
    return render(request, "escalation/list.html", _context(staff(request)))


def _context(user: User) -> dict[str, Any]:
    now, (_row, calendar) = timezone.now(), calendar_for(user.agency_id)
    found = Escalation.objects.visible_to(user).open()
    escalations = list(
        found.select_related("complaint__agency", "complaint__category", "complaint__area").order_by(
            "due_at", "id"
        )[:SHOWN]
    )
    rows = [{"escalation": e, "left": time_left(e.due_at, calendar, now)} for e in escalations]
    return {"rows": rows, "shown": SHOWN, "is_cut": len(escalations) == SHOWN}


@require_safe
@staff_page(Act.DECIDE)
def escalation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One escalation with the form of a decision."""
    return _detail(request, _escalation_or_404(staff(request), pk), DecisionForm())


@require_POST
@staff_page(Act.ACKNOWLEDGE)
def escalation_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff(request)
    _escalation_or_404(user, pk)
    try:
        with refusals():
            acknowledge(pk, actor=user, now=timezone.now())
    except NotPossible:
        messages.warning(request, _("Somebody has dealt with this escalation already."))
    else:
        messages.success(request, _("Acknowledged. A decision is due in three working days."))
    return redirect("escalation:escalation-detail", pk)


@require_POST
@staff_page(Act.DECIDE)
def escalation_decide(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff(request)
    escalation, form = _escalation_or_404(user, pk), DecisionForm(request.POST)
    if not form.is_valid():
        return _detail(request, escalation, form, status=422)
    try:
        with refusals():
            decide(pk, actor=user, now=timezone.now(), ruling=form.ruling())
    except NotPossible:
        form.add_error(None, _("This cannot be decided so: it was decided already, or the days do not fit."))
        return _detail(request, escalation, form, status=409)
    messages.success(request, _("Decided. The citizen and the agency are told."))
    return redirect("escalation:escalation-list")


def _escalation_or_404(user: User, pk: int) -> Escalation:
    found = Escalation.objects.visible_to(user).select_related("complaint__agency", "complaint__category")
    try:
        return found.get(pk=pk)
    except Escalation.DoesNotExist:
        raise Http404 from None


def _detail(
    request: HttpRequest, escalation: Escalation, form: DecisionForm, status: int = 200
) -> HttpResponse:
    now, (_row, calendar) = timezone.now(), calendar_for(escalation.complaint.agency_id)
    context = {
        "escalation": escalation,
        "case": escalation.complaint,
        "left": time_left(escalation.due_at, calendar, now),
        "form": form,
        "now": now,
    }
    return render(request, "escalation/detail.html", context, status=status)
