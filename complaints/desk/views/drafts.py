"""Unfinished forms of pages that are no case's: kept while they are typed, thrown away when their writer says so."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from complaints.desk.access import staff_page
from complaints.desk.unsent import Unsent


@require_POST
@staff_page()
def keep(request: HttpRequest) -> HttpResponse:
    """Keeps what a form says (`draft_of`); answers with the files that are kept with it. `forget`: throws the draft
    away and goes back to that page."""
    unsent = Unsent.named(request)
    if unsent is None:
        raise Http404
    page = request.POST.get("forget", "")
    if page:
        unsent.forget()
        return redirect(
            page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "complaints:desk-home"
        )
    unsent.take(request, timezone.now())
    context = {"files": unsent.files, "problems": unsent.problems}
    return render(request, "complaints/desk/_kept_files.html", context)
