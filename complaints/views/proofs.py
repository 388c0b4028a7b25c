"""The proof of a case, for its citizen and for staff who may read it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.roles import Actor
from complaints.models import Complaint
from complaints.permissions import Act, may
from complaints.proofs import NoHead, as_file, proof_for
from complaints.views.access import case_or_404, staff, staff_page
from complaints.views.files import download
from complaints.views.guards import citizen_of


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
    return _proof(request, case, who) or redirect("complaints:mine")


@require_safe
@staff_page(Act.READ_WORDS)
def case_proof(request: HttpRequest, number: str) -> HttpResponse:
    user = staff(request)
    case = case_or_404(user, number)
    if not may(user, Act.READ_WORDS, case):
        raise PermissionDenied
    return _proof(request, case, user) or redirect("complaints:case-detail", number)


def _proof(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse | None:
    """None, with a word to the reader, while no head is signed yet."""
    try:
        proof = proof_for(case, actor)
    except NoHead:
        messages.info(request, _("There is no proof yet: the history is signed once an hour."))
        return None
    return download(as_file(proof), f"{case.number}-proof.json", "application/json")
