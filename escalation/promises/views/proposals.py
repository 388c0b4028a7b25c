"""What surveys ask of a unit: its head makes a promise of it, or says why not."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import role_of
from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from complaints.models import Complaint
from complaints.models.complaint import Complaints
from complaints.permissions import role_may
from escalation.promises.forms import DeclineForm
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.proposal import Proposal, ProposalState
from escalation.promises.services import proposals
from escalation.promises.views.lists import lines_of, newest, paging, reader
from escalation.promises.words import days_left, history, proposal_standing
from escalation.rights import EscalationAct

BEHIND, SHOWN = timedelta(days=365), 10


@require_safe
@staff_page(EscalationAct.COMMIT)
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Those of one's own line, or of all for supervisors, by whether they wait."""
    user, now = staff(request), timezone.now()
    rows = Proposal.objects.visible_to(user).select_related("agency", "service", "survey_round")
    sets = {
        "waiting": (_("Waiting"), rows.filter(state=ProposalState.PROPOSED)),
        "ended": (_("Answered"), rows.exclude(state=ProposalState.PROPOSED)),
    }
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in sets else "waiting"
    page = newest(sets[chosen][1], "opened_at", request)
    base = reverse("escalation:proposals")
    context = {
        "tabs": [
            {
                "url": f"{base}?show={code}",
                "label": label,
                "count": found.count(),
                "is_current": code == chosen,
            }
            for code, (label, found) in sets.items()
        ],
        "lines": [_line(row, now) for row in page.rows],
        **paging(request, page),
    }
    return render(request, "proposals/list.html", context)


def _line(row: Proposal, now: Any) -> dict[str, Any]:
    return {"row": row, "standing": proposal_standing(row, day_of(now)), "left": days_left(row, now)}


@require_safe
@staff_page()
def proposal_detail(request: HttpRequest, number: str) -> HttpResponse:
    user = reader(request)
    return _detail(request, _found(user, number), user)


@require_POST
@staff_page(EscalationAct.COMMIT)
def proposal_decline(request: HttpRequest, number: str) -> HttpResponse:
    user = staff(request)
    row = _found(user, number)
    if not proposals.may_answer(user):
        raise PermissionDenied
    form = DeclineForm(request.POST)
    return perform(
        request,
        form,
        partial(proposals.decline, row.pk),
        page=lambda status: _detail(request, row, user, form=form, status=status),
        to=lambda _row: redirect("escalation:proposal-detail", row.number),
        done=_("Declined. Your reason is public."),
    )


def _found(user: User, number: str) -> Proposal:
    rows = Proposal.objects.visible_to(user).select_related(
        "agency", "service", "survey_round__agency", "commitment"
    )
    row: Proposal | None = rows.filter(number=number).first()
    if row is None:
        raise Http404
    return row


def _detail(
    request: HttpRequest,
    row: Proposal,
    user: User,
    *,
    form: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db()
    now = timezone.now()
    cases = _cases(row, user)
    is_open = row.state == ProposalState.PROPOSED
    may = is_open and proposals.may_answer(user) and role_may(role_of(user), EscalationAct.COMMIT)
    context = {
        **_line(row, now),
        "steps": history(row.steps.select_related("actor__agency")),
        "case_count": cases.filter(received_at__gte=now - BEHIND).count(),
        "cases": cases.order_by("-received_at", "-id").only("pk", "number", "subject", "version")[:SHOWN],
        "promised": lines_of(_promised_before(row, user), now),
        "earlier": _earlier(row),
        "decline_form": (form or DeclineForm()) if may else None,
    }
    return render(request, "proposals/detail.html", context, status=status)


def _cases(row: Proposal, user: User) -> Complaints:
    """Reports about the same service, or to the same unit, as far as this person reaches them."""
    cases = Complaint.objects.visible_to(user).filter(parent=None)
    if row.service_id is not None:
        return cases.filter(service=row.service_id)
    return cases.filter(agency__in=row.agency.with_descendants())


def _promised_before(row: Proposal, user: User) -> Any:
    """What was promised on this element after earlier rounds of the same unit and service."""
    rows = Commitment.objects.visible_to(user).filter(
        sources__element=row.element,
        sources__survey_round__agency=row.survey_round.agency_id,
        sources__survey_round__service=row.survey_round.service_id,
        made_at__lt=row.opened_at,
    )
    return rows.select_related("agency", "owner").distinct().order_by("-made_at", "-id")[:SHOWN]


def _earlier(row: Proposal) -> Any:
    """What earlier rounds asked on this element, and what became of it."""
    rows = Proposal.objects.filter(
        element=row.element,
        survey_round__agency=row.survey_round.agency_id,
        survey_round__service=row.survey_round.service_id,
        opened_at__lt=row.opened_at,
    )
    return rows.select_related("commitment").order_by("-opened_at")[:SHOWN]
