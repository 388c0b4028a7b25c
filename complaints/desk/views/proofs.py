"""The proof of a case for staff who may read it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from complaints.desk.access import case_or_404, staff, staff_page
from complaints.ledger.download import download_proof
from complaints.permissions import Act, may


@require_safe
@staff_page(Act.READ_WORDS)
def case_proof(request: HttpRequest, number: str) -> HttpResponse:
    user = staff(request)
    case = case_or_404(user, number)
    if not may(user, Act.READ_WORDS, case):
        raise PermissionDenied
    return download_proof(request, case, user) or redirect("complaints:case-detail", number)
