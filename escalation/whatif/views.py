"""Trying another policy on a past period: the form, the list of what was tried, and the answer."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import role_of
from accounts.models import Agency, User
from complaints.clock.arithmetic import Target, Unit
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from complaints.permissions import role_may
from escalation.rights import EscalationAct
from escalation.whatif.collect import known_codes, rules_on, targets_on
from escalation.whatif.forms import WhatIfForm
from escalation.whatif.models import WhatIf, WhatIfState
from escalation.whatif.proposal import Proposal, ProposalError, parse
from escalation.whatif.replay import STAGES
from escalation.whatif.services import ask
from escalation.whatif.shown import Answer
from escalation.whatif.words import Difference, differences

SHOWN = 50
LOOK_AGAIN_SECONDS = "3"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(EscalationAct.WHAT_IF)
def what_if(request: HttpRequest) -> HttpResponse:
    """What was tried so far, and the form to try something else."""
    user, now = staff(request), timezone.now()
    asked = request.POST if request.method == "POST" else None
    form = WhatIfForm(asked, today=day_of(now))

    def page(status: int = 200) -> HttpResponse:
        rows = WhatIf.objects.select_related("agency", "asked_by").defer("sums", "result")[:SHOWN]
        context = {"form": form, "rows": list(rows), "oversees": _oversees(user)}
        return render(request, "whatif/list.html", context, status=status)

    if asked is None:
        return page()
    detail = "escalation:what-if-detail"
    return perform(request, form, ask, page=page, to=lambda row: redirect(detail, row.pk))


@never_cache
@require_safe
@staff_page(EscalationAct.WHAT_IF)
def what_if_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer, or while it is being computed a page that looks again by itself."""
    user = staff(request)
    row = WhatIf.objects.select_related("agency", "asked_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    context: dict[str, Any] = {
        "row": row,
        "oversees": _oversees(user),
        "differences": _differences(row),
        "may_activate": user.is_staff,
    }
    if row.state == WhatIfState.READY:
        names = {code: agency.local_name for code, agency in _agencies().items()}
        context["answer"] = Answer(row.result, names)
    response = render(request, "whatif/detail.html", context)
    if row.state == WhatIfState.WAITING:
        response["Refresh"] = LOOK_AGAIN_SECONDS
    return response


def _oversees(user: User) -> bool:
    """Whether the page has the tabs of the supervisors' desk."""
    return role_may(role_of(user), EscalationAct.OVERSEE)


def _agencies() -> dict[str, Agency]:
    return {agency.code: agency for agency in Agency.objects.only("code", "name", "name_en")}


def _differences(row: WhatIf) -> list[Difference]:
    """What was proposed, beside what was in force when it was asked."""
    try:
        proposal: Proposal = parse(row.proposal, known_codes())
    except ProposalError:
        return []  # it names something that was deleted since
    day = day_of(row.asked_at)
    return differences(proposal, _targets_on(day), rules_on(day))


def _targets_on(day: date) -> dict[tuple[str, str, str], Target]:
    found = {}
    for kind, targets in targets_on(day).items():
        for stage in STAGES:
            amount, unit = targets[stage]
            found[kind, "", stage] = Target(amount, Unit(unit))
    return found
