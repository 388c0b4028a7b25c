"""The supervisors' lists of cases as CSV files: the rows that the page shows, all of them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.desk.access import staff, staff_page
from complaints.desk.list_csv import back_to_list, list_as_csv
from complaints.models import Complaint
from escalation.oversight import waiting
from escalation.oversight.search import OversightFilter
from escalation.rights import EscalationAct


@require_safe
@staff_page(EscalationAct.OVERSEE)
def search(request: HttpRequest) -> Any:
    user, now = staff(request), timezone.now()
    narrowed = OversightFilter(request.GET, actor=user, now=now)
    if narrowed.form.errors:
        return back_to_list(request)
    return list_as_csv(request, narrowed.found, narrowed.sorting, now)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def soon(request: HttpRequest) -> Any:
    user, now = staff(request), timezone.now()
    return list_as_csv(request, waiting.due_soon(user, now), waiting.SOONEST_FIRST, now)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def oldest(request: HttpRequest) -> Any:
    return list_as_csv(request, waiting.unanswered(staff(request)), waiting.OLDEST_FIRST, timezone.now())


@require_safe
@staff_page(EscalationAct.OVERSEE)
def referred(request: HttpRequest) -> Any:
    cases = Complaint.objects.visible_to(staff(request)).referred_unanswered()
    return list_as_csv(request, cases, waiting.LONGEST_REFERRED_FIRST, timezone.now())
