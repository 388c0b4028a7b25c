"""Lists of one's own, and who in the agency has how much."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from complaints.desk.access import staff, staff_page
from complaints.desk.next_case import LONGEST, list_address
from complaints.desk.saved_views import keep_view
from complaints.desk.workload import workload
from complaints.form_fields import LineField
from complaints.models import SavedView
from complaints.permissions import Act
from complaints.services.change import NotPossible


class KeepForm(forms.Form):
    name = LineField(label=gettext_lazy("Name of the list"), max_length=40)
    query = forms.CharField(required=False, max_length=LONGEST)


@require_POST
@staff_page(Act.READ_WORDS)
def keep(request: HttpRequest) -> HttpResponse:
    """Keeps the list that is open under a name."""
    form = KeepForm(request.POST)
    query = request.POST.get("query", "")[:LONGEST]
    if not form.is_valid():
        messages.error(request, _("Give the list a name of up to 40 letters."))
        return redirect(list_address(query))
    try:
        view = keep_view(staff(request), form.cleaned_data["name"], query)
    except NotPossible as refused:
        messages.error(request, str(refused))
        return redirect(list_address(query))
    messages.success(request, _("The list is kept as “%(name)s”.") % {"name": view.name})
    return redirect(list_address(view.query))


@require_POST
@staff_page(Act.READ_WORDS)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes one of one's own lists out."""
    SavedView.objects.filter(pk=pk, person=staff(request)).delete()
    return redirect("complaints:desk-queue")


@require_safe
@staff_page(Act.SEE_WORKLOAD)
def loads(request: HttpRequest) -> HttpResponse:
    rows = workload(staff(request), timezone.now())
    return render(request, "complaints/desk/workload.html", {"rows": rows})
