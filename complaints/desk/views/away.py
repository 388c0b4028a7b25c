"""Who is away and who stands in: one's own absences, for a head those of their people, for the administrator all."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Absence
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.additions import OWN_LINKS
from complaints.desk.forms.away import AbsenceForm
from complaints.desk.perform import perform
from complaints.left_alone import write_down_absence
from complaints.services.absences import end_absence, people_of


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page()
def absences(request: HttpRequest) -> HttpResponse:
    user, today = staff(request), day_of(timezone.now())
    if request.method != "POST":
        return _page(request, AbsenceForm(actor=user, today=today))
    form = AbsenceForm(request.POST, actor=user, today=today)
    return perform(
        request,
        form,
        form.asking(write_down_absence),
        page=lambda status: _page(request, form, status),
        to=partial(_saved, request),
    )


def _saved(request: HttpRequest, absence: Absence) -> HttpResponse:
    if absence.deputy is not None:
        messages.success(request, _("Saved. What falls to this person meanwhile reaches the deputy too."))
    else:
        messages.success(request, _("Saved. Nobody stands in: the next in line is told."))
    return redirect("complaints:absences")


@require_POST
@staff_page()
def end(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        end_absence(pk, actor=staff(request), now=timezone.now())
    except Absence.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The absence was ended."))
    return redirect("complaints:absences")


def _page(request: HttpRequest, form: AbsenceForm, status: int = 200) -> HttpResponse:
    user, today = staff(request), day_of(timezone.now())
    rows = Absence.objects.not_over(today).select_related("user__agency", "deputy", "set_by")
    context = {
        "form": form,
        "today": today,
        "own": rows.filter(user=user),
        "others": rows.filter(user__in=[each.pk for each in people_of(user)]).exclude(user=user),
        "stands_in": rows.on(today).filter(deputy=user),
        "own_links": [link for link in OWN_LINKS if link.is_for(user)],
    }
    return render(request, "complaints/desk/away.html", context, status=status)
