"""The proof of a case for its citizen."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.ledger.download import download_proof
from complaints.models import Complaint
from complaints.public.guards import citizen_of


@require_safe
def mine_proof(request: HttpRequest) -> HttpResponse:
    """For the browser in which a receipt code was entered."""
    who = citizen_of(request, timezone.now())
    if who is None:
        messages.info(request, _("Please enter your receipt code to see your report."))
        return redirect("complaints:complaint-track")
    case = Complaint.objects.visible_to(who).first()
    if case is None:
        raise Http404
    return download_proof(request, case, who) or redirect("complaints:mine")
