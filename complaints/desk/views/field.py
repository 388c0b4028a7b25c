"""A case as whoever goes to the place takes it along."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.desk.access import case_or_404, staff, staff_page
from complaints.desk.field_page import field_context
from complaints.permissions import Act, may


@require_safe
@staff_page(Act.READ_WORDS)
def on_the_spot(request: HttpRequest, number: str) -> HttpResponse:
    """The page for the spot, on a phone or printed; 403 for who sees the heading only."""
    user = staff(request)
    case = case_or_404(user, number)
    if not may(user, Act.READ_WORDS, case):
        raise PermissionDenied
    return render(request, "complaints/desk/field.html", field_context(case, user, timezone.now()))
