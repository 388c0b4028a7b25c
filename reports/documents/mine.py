"""The citizen's own sealed file: asked for and fetched in the browser in which a receipt code was entered."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from complaints.files.views import download
from complaints.models import Complaint
from complaints.public.guards import citizen_of, session_ended, who_acts
from complaints.services.change import NotPossible
from reports.documents.own import ask_own_sealed_file, own_file
from reports.documents.services import fetch


@require_POST
def mine_seal(request: HttpRequest) -> HttpResponse:
    """Asks for it; the citizen's page then says how it stands."""
    now = timezone.now()
    who = who_acts(request, now)
    if isinstance(who, HttpResponse):
        return who
    try:
        ask_own_sealed_file(who.complaint_id, actor=who, now=now, language=get_language() or "id")
    except Complaint.DoesNotExist:
        raise Http404 from None
    except NotPossible as why:
        messages.warning(request, str(why))
    return _back()


@require_safe
def mine_sealed_file(request: HttpRequest) -> HttpResponse:
    """The file that was made last, for the citizen of its case alone."""
    now = timezone.now()
    who = citizen_of(request, now)
    if who is None:
        return session_ended(request)
    case = Complaint.objects.visible_to(who).select_related("merged_into").first()
    row = own_file(case, now).ready if case else None
    if row is None:
        raise Http404
    content = fetch(row)
    if content is None:
        messages.warning(
            request,
            gettext("This file was lost on the server. Please make it anew; your report is unharmed."),
        )
        return _back()
    return download(content, row.file_name, row.content_type)


def _back() -> HttpResponse:
    return redirect(reverse("complaints:mine") + "#own-file")
